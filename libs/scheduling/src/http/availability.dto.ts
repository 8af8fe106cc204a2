import { IsCalendarDate } from '#http';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

export class SearchAvailability {
  @IsUUID()
  typeId!: string;

  @IsUUID()
  locationId!: string;

  /** Without one, everybody who offers the type. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** First day, in the location's calendar. @example 2026-12-01 */
  @IsCalendarDate()
  from!: string;

  /** Last day, at most 60 days in all. @example 2026-12-14 */
  @IsCalendarDate()
  to!: string;

  /** Slots start on this grid of the wall clock; at least 5 and dividing the day. @example 15 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(5)
  @Max(720)
  stepMinutes: number = 15;

  /** Leaves out times at which this patient is already booked. */
  @IsOptional()
  @IsUUID()
  patientId?: string;

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
}

export class AvailabilityView {
  /** @example Europe/London */
  zone!: string;

  slots!: SlotView[];

  /** There are more: ask again from the day of the last slot. */
  truncated!: boolean;
}
