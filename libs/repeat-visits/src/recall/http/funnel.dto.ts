import { IsCalendarDate } from '#http';
import { IsOptional, IsUUID } from 'class-validator';

export class FindFunnel {
  /** Patients who became due from this day … @example 2026-04-01 */
  @IsCalendarDate()
  from!: string;

  /** … to this one, both included. @example 2026-06-30 */
  @IsCalendarDate()
  to!: string;

  /** Only patients last treated there. */
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** As it was known at the end of this day; left out: now. @example 2026-06-30 */
  @IsOptional()
  @IsCalendarDate()
  asOf?: string;
}

/** Each figure is a part of the one before it, unless it says otherwise. */
export class FunnelView {
  from!: string;
  to!: string;

  /** The moment it is counted for: now, or the last one of the day asked for. */
  asOf!: Date;

  /** Patients of whom an area became due in the period, each counted once, from that day on. */
  due!: number;

  /** Left out of the due: on hold for a clinician, so that nobody was to ask them. */
  onHold!: number;

  /** Of these, reached for or heard from at least once since. */
  contacted!: number;

  /** Of those, with a treatment booked after the first contact and on or after the day they became due. */
  booked!: number;

  /** Of those, seen: the visit was fulfilled. */
  attended!: number;

  /** Of the due, booked without any contact before. */
  bookedUncontacted!: number;
  attendedUncontacted!: number;

  /** What each figure counts. */
  definitions!: Record<string, string>;
}
