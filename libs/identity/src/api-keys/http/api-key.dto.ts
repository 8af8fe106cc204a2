import { IsFilled } from '#http';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { SCOPES } from '../../domain/permissions.js';

export class RotateApiKey {
  /** Within a year. @example 2027-05-01T00:00:00Z */
  @IsISO8601({ strict: true, strictSeparator: true })
  @MaxLength(40)
  expiresAt!: string;

  /** How long the old secret works on, so that the program can be changed over. @example 24 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(168)
  overlapHours?: number;
}

export class MakeApiKey {
  /** What the audit trail calls the integration. @example Website booking */
  @IsString()
  @IsFilled()
  @MaxLength(100)
  name!: string;

  /** What it may do: no more than its maker. @example ["appointments:read"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: string[];

  /** Within a year. @example 2027-05-01T00:00:00Z */
  @IsISO8601({ strict: true, strictSeparator: true })
  @MaxLength(40)
  expiresAt!: string;
}

export class NewApiKey {
  id!: string;

  /** Send as `Authorization: Bearer <key>`; told this once. @example rvk_0Yx3uXv0p6bXo1Yw2fJ7c8Z9aBcDeFgHiJkLmNoPqRs */
  key!: string;

  expiresAt!: Date;
}

export class ApiKeyView {
  id!: string;

  /** Under which the audit trail names what it does; kept when it is rotated. */
  integrationId!: string;

  /** @example Website booking */
  name!: string;

  /** The last characters. @example PqRs */
  hint!: string;

  scopes!: string[];
  createdBy!: string;
  createdAt!: Date;
  expiresAt!: Date;

  /** To the hour. */
  lastUsedAt!: Date | null;
}

export class ApiKeyPage {
  items!: ApiKeyView[];
  next!: string | null;
}
