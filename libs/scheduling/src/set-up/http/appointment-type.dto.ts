import { IsFilled, MayBeNull } from '#http';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const KINDS = ['consultation', 'treatment', 'review', 'complication-check'] as const;
const COLOUR = { message: 'Give a colour as #rrggbb' };

/** What may be left out of a new type, and what null takes away from one that is there. */
class TypeDetails {
  /** Setting up, for practitioner and room. @example 5 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  bufferBeforeMinutes?: number;

  /** Cleaning. @example 10 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  bufferAfterMinutes?: number;

  /** Without one, any room will do; without equipment either, no room is taken. @example treatment */
  @MayBeNull()
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  roomKind?: string | null;

  /** What the room must hold. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsFilled({ each: true })
  @MaxLength(50, { each: true })
  equipment?: string[];

  @IsOptional()
  @IsBoolean()
  needsPrescriber?: boolean;

  /** Who offers it; without any, every practitioner. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(500)
  @IsUUID('all', { each: true })
  practitionerIds?: string[];

  /** @example #7a5cff */
  @MayBeNull()
  @IsOptional()
  @Matches(/^#[0-9a-f]{6}$/, COLOUR)
  colour?: string | null;
}

export class AddAppointmentType extends TypeDetails {
  /** @example Botulinum toxin treatment */
  @IsFilled()
  @MaxLength(200)
  name!: string;

  /** @example treatment */
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];

  /** @example 30 */
  @IsInt()
  @Min(5)
  @Max(480)
  durationMinutes!: number;
}

/** Only what is sent changes; existing appointments keep their length and their buffers. */
export class ChangeAppointmentType extends TypeDetails {
  /** @example Botulinum toxin treatment */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  name?: string;

  /** @example treatment */
  @IsOptional()
  @IsIn(KINDS)
  kind?: (typeof KINDS)[number];

  /** @example 30 */
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(480)
  durationMinutes?: number;

  /** Whether it can be booked. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class AppointmentTypeView {
  id!: string;
  name!: string;
  kind!: string;
  durationMinutes!: number;
  bufferBeforeMinutes!: number;
  bufferAfterMinutes!: number;
  roomKind!: string | null;
  equipment!: string[];
  needsPrescriber!: boolean;
  practitionerIds!: string[];
  colour!: string | null;
  active!: boolean;

  /** Also the ETag. */
  version!: number;
}

export class ChangedAppointmentType extends AppointmentTypeView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

export class AppointmentTypeList {
  items!: AppointmentTypeView[];
}
