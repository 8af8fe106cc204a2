import { IsCalendarDate } from '#http';
import { IsUUID } from 'class-validator';

export class FollowDaySheet {
  @IsUUID()
  locationId!: string;

  /** A day of the location's calendar. @example 2026-12-01 */
  @IsCalendarDate()
  on!: string;
}
