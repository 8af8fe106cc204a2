import { IsFilled, MayBeNull } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const CHANNELS = ['email', 'sms', 'phone'] as const;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export const IsPhone = (): PropertyDecorator =>
  Matches(/^\+?[\d\s()./-]{5,30}$/, { message: 'This is not a telephone number' });

/** Wall-clock times where the patient lives; over midnight where `from` is the later one. */
export class QuietHours {
  /** @example 20:00 */
  @Matches(TIME, { message: 'Give a time as HH:MM' })
  from!: string;

  /** @example 08:30 */
  @Matches(TIME, { message: 'Give a time as HH:MM' })
  to!: string;
}

export class EmergencyContact {
  /** @example Luis Núñez */
  @IsFilled()
  @MaxLength(100)
  name!: string;

  /** @example husband */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  relation?: string;

  /** @example +44 7700 900124 */
  @IsPhone()
  phone!: string;
}

export class GeneralPractitioner {
  /** @example Dr Jane Poe */
  @IsFilled()
  @MaxLength(100)
  name!: string;

  /** @example Marylebone Surgery */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  practice?: string;

  /** Whether the patient agreed that the practice is written to. */
  @IsBoolean()
  lettersAgreed!: boolean;
}

/** How a patient agreed to be reached, and whom to tell; null clears what may be empty. */
export class ContactPreferences {
  /** How the patient agreed to be reached; none means not at all by messages. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  contactChannels?: string[];

  /** What the patient is written in. @example en-GB */
  @MayBeNull()
  @IsOptional()
  @Matches(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/, {
    message: 'Give a language as BCP 47 writes it, e.g. en-GB',
  })
  language?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHours)
  quietHours?: QuietHours | null;

  /** Nobody calls or writes; windows are still computed. */
  @IsOptional()
  @IsBoolean()
  doNotContact?: boolean;

  /** @example Asked on the phone not to be called again */
  @MayBeNull()
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  doNotContactReason?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EmergencyContact)
  emergencyContact?: EmergencyContact | null;

  @MayBeNull()
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => GeneralPractitioner)
  generalPractitioner?: GeneralPractitioner | null;
}
