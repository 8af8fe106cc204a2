import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate } from '#http';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsInt, IsOptional, IsUUID, Matches, Max, Min, ValidateIf } from 'class-validator';

const needsDays = ({ patientId, from, to }: SearchAvailability): boolean =>
  patientId === undefined || from !== undefined || to !== undefined;

export class SearchAvailability {
  @IsUUID()
  typeId!: string;

  @IsUUID()
  locationId!: string;

  /** Without one, everybody who offers the type. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** First day, in the location's calendar. For a patient both days may be left out: a treatment is searched inside the open window, a review on the days of the one that waits, anything else from today on. @example 2026-12-01 */
  @ValidateIf(needsDays)
  @IsCalendarDate()
  from?: string;

  /** Last day, at most 60 days in all. @example 2026-12-14 */
  @ValidateIf(needsDays)
  @IsCalendarDate()
  to?: string;

  /** Slots start on this grid of the wall clock; at least 5 and dividing the day. @example 15 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(5)
  @Max(720)
  stepMinutes: number = 15;

  /** Leaves out times at which this patient is already booked, and puts those first that fit their habits. */
  @IsOptional()
  @IsUUID()
  patientId?: string;

  /** Areas the visit is meant for: their windows or reviews say the days, where none are given; left out, all the patient has. @example ["glabella"] */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMaxSize(30)
  @Matches(CATALOGUE_ID, { each: true })
  areaIds?: string[];

  /** Most slots to answer, 1 to 2000. @example 200 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2000)
  limit: number = 200;
}

/** One way to book: alternatives, not a set to book together. */
export class SlotView {
  startsAt!: Date;
  endsAt!: Date;

  /** The start on the clock of the location. @example 2026-12-01T09:30 */
  localTime!: string;

  practitionerId!: string;

  /** @example Dr Ada Okafor */
  practitionerName!: string;

  roomId!: string | null;
  roomName!: string | null;

  /** What this time has of the patient's habits. @example usually Thursdays after 16:00 with Dr Ada Okafor */
  why!: string | null;
}

/** Booking this patient would be refused, though there is time. */
export class BookingHintView {
  /** The code of the refusal. @example treatment_before_earliest */
  code!: string;

  /** @example The treatment would come before the minimum interval has passed: a prescriber may override it with a reason */
  title!: string;

  /** The first day it no longer holds; null when nobody can say. @example 2027-02-28 */
  until!: string | null;
}

export class AvailabilityView {
  /** @example Europe/London */
  zone!: string;

  /** The days searched. @example 2026-12-01 */
  from!: string;

  /** @example 2026-12-14 */
  to!: string;

  /** Why the slots stand in this order. @example By time */
  order!: string;

  slots!: SlotView[];

  /** There are more: ask again from the day of the last slot. */
  truncated!: boolean;

  /** What speaks against booking the patient on the first of these days; empty for nothing, and without a patient. */
  hints!: BookingHintView[];
}
