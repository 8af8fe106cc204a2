import { IsCalendarDate, IsFilled, MayBeNull, PageQuery } from '#http';
import { IsBoolean, IsEmail, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

import { ContactPreferences, IsPhone } from './contact.dto.js';

const SEXES = ['female', 'male', 'other', 'unknown'] as const;

export class RegisterPatient extends ContactPreferences {
  /** @example Zoë */
  @IsFilled()
  @MaxLength(100)
  givenName!: string;

  /** @example Núñez */
  @IsFilled()
  @MaxLength(100)
  familyName!: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  preferredName?: string;

  /** @example 1984-03-12 */
  @IsCalendarDate()
  birthDate!: string;

  /** @example female */
  @IsOptional()
  @IsIn(SEXES)
  sex?: string;

  /** @example zoe@example.com */
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string;

  /** @example +44 7700 900123 */
  @IsOptional()
  @IsPhone()
  phone?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string;

  /** Set when the desk looked at the possible duplicates and it is another person. */
  @IsOptional()
  @IsBoolean()
  notADuplicate?: boolean;
}

/** Only the fields sent are changed; null clears one that may be empty. */
export class ChangePatient extends ContactPreferences {
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  givenName?: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  familyName?: string;

  @MayBeNull()
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  preferredName?: string | null;

  @IsOptional()
  @IsCalendarDate()
  birthDate?: string;

  @MayBeNull()
  @IsOptional()
  @IsIn(SEXES)
  sex?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsPhone()
  phone?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

export class FindPatients extends PageQuery {
  /** Any part of name, telephone, birth date, e-mail or number; accents and typos are forgiven. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  find?: string;
}
