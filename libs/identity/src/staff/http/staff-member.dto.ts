import { IsFilled, PageQuery } from '#http';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';

import { ROLES, type Role } from '../../domain/permissions.js';

const STATUSES = ['invited', 'active', 'deactivated'] as const;
const MOST_LOCATIONS = 200;

export class ListStaffMembers extends PageQuery {
  /** @example active */
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];
}

export class ChangeRoles {
  /** All the person has from now on. @example ["receptionist"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles!: Role[];
}

export class InviteStaff extends ChangeRoles {
  /** Where the link is sent; also the name to sign in with. @example new@harley.example */
  @IsEmail()
  @MaxLength(254)
  email!: string;

  /** @example Rhea Desk */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  displayName!: string;

  /** Where the person works; leave out for everywhere. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_LOCATIONS)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  locationIds?: string[];
}

export class ChangeWorkplaces {
  /** Where the person works from now on; none is everywhere. */
  @IsArray()
  @ArrayMaxSize(MOST_LOCATIONS)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  locationIds!: string[];
}

export class RegisterStaff {
  /** The body that keeps the register. @example GMC */
  @IsString()
  @IsFilled()
  @MaxLength(100)
  body!: string;

  /** @example 7654321 */
  @IsString()
  @IsFilled()
  @MaxLength(100)
  number!: string;

  /** Whether the registration lets them prescribe. */
  @IsBoolean()
  isPrescriber!: boolean;
}

export class RegistrationView {
  /** @example GMC */
  body!: string | null;

  /** @example 7654321 */
  number!: string;

  /** Who looked it up, and when; null for one from before this was kept. */
  checkedBy!: string | null;
  checkedAt!: string | null;
}

export class StaffMemberView {
  id!: string;

  /** @example desk@harley.example */
  email!: string;

  /** @example Rhea Desk */
  displayName!: string;

  /** @example ["receptionist"] */
  roles!: string[];

  isPrescriber!: boolean;

  /** @example active */
  status!: 'invited' | 'active' | 'deactivated';

  registration!: RegistrationView | null;

  /** Where they work; none named is everywhere. */
  locationIds!: string[];

  hasSecondFactor!: boolean;

  /** To five minutes. */
  lastSeenAt!: Date | null;

  /** @example 1 */
  version!: number;
}

export class StaffMemberPage {
  items!: StaffMemberView[];
  next!: string | null;
}
