import { IsCalendarDate, IsFilled, MayBeNull, PageQuery } from '#http';
import type { CalendarDate } from '#kernel';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const SEXES = ['female', 'male', 'other', 'unknown'] as const;
const CHANNELS = ['email', 'sms', 'phone'] as const;
const FACT_KINDS = ['allergy', 'condition', 'medication'] as const;

export class RegisterPatient {
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
  @Matches(/^\+?[\d\s()./-]{5,30}$/, { message: 'This is not a telephone number' })
  phone?: string;

  /** How the patient agreed to be reached; none means not at all by messages. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  contactChannels?: string[];

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
export class ChangePatient {
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
  @Matches(/^\+?[\d\s()./-]{5,30}$/, { message: 'This is not a telephone number' })
  phone?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  contactChannels?: string[];

  @IsOptional()
  @IsBoolean()
  doNotContact?: boolean;

  @MayBeNull()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

/** The patient left care: still in the register, in no recall list, and a competing event in return rates. */
export class RecordDeparture {
  @IsIn(['deceased', 'transferred'])
  cause!: 'deceased' | 'transferred';

  /** @example 2026-11-01 */
  @IsCalendarDate()
  on!: string;
}

export class AddHealthFact {
  @IsIn(FACT_KINDS)
  kind!: string;

  /** @example Cow's milk protein allergy */
  @IsFilled()
  @MaxLength(500)
  text!: string;

  /** @example http://hl7.org/fhir/sid/icd-10 */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  codeSystem?: string;

  /** @example Z91.011 */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  code?: string;
}

/** Botulinum toxin given elsewhere, medical uses included; units are of that product. */
export class AddPriorToxin {
  /** Catalogue id of the product, when the patient knows. @example ona */
  @IsOptional()
  @Matches(/^[a-z][a-z_]{1,30}$/)
  product?: string;

  /** @example chronic migraine */
  @IsFilled()
  @MaxLength(200)
  indication!: string;

  /** @example 155 */
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(2000)
  units?: number;

  /** @example 2026-02-20 */
  @IsCalendarDate()
  givenOn!: string;
}

export class FindPatients extends PageQuery {
  /** Any part of name, telephone, birth date, e-mail or number; accents and typos are forgiven. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  find?: string;
}

export type PatientStatus = 'active' | 'deceased' | 'transferred' | 'merged';

export class HealthFactView {
  id!: string;
  kind!: string;
  text!: string;
  codeSystem!: string | null;
  code!: string | null;
  notedOn!: string;
}

export class PriorToxinView {
  id!: string;
  product!: string | null;
  indication!: string;
  units!: number | null;
  givenOn!: string;
}

export class PatientSummary {
  id!: string;

  /** @example 1042 */
  number!: number;

  givenName!: string;
  familyName!: string;
  preferredName!: string | null;
  birthDate!: string;
  phone!: string | null;
  email!: string | null;

  status!: PatientStatus;
}

export class PatientView extends PatientSummary {
  sex!: string | null;
  statusOn!: string | null;
  mergedIntoId!: string | null;
  doNotContact!: boolean;
  contactChannels!: string[];
  note!: string | null;

  /** Also the ETag. */
  version!: number;

  /** Left out for who may not read charts, as are prior toxins. */
  healthFacts!: HealthFactView[];
  priorToxins!: PriorToxinView[];
}

export class PatientPage {
  items!: PatientSummary[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

/** What a list of patients to call needs. */
export interface PatientContact {
  readonly id: string;
  readonly number: number;
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredName: string | null;
  readonly birthDate: CalendarDate;
  readonly phone: string | null;
  readonly email: string | null;
  readonly status: Patient['status'];
  readonly statusOn: CalendarDate | null;
  readonly mergedIntoId: string | null;
  readonly doNotContact: boolean;
  readonly contactChannels: readonly string[];
}

/** What other contexts ask of a patient. */
export interface Patient {
  readonly id: string;
  readonly birthDate: CalendarDate;
  readonly status: PatientStatus;
  readonly doNotContact: boolean;
}
