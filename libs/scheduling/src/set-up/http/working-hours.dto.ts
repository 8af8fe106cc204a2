import { IsCalendarDate, IsFilled, IsMoment } from '#http';
import { IsUUID, MaxLength, ValidateIf } from 'class-validator';

import { WeeklyShiftView } from './weekly-shift.dto.js';

/** From one moment to another; a local time is read by the clock of the location. */
export class AddExtraHours {
  @IsUUID()
  locationId!: string;

  /** @example 2026-12-05T09:00 */
  @IsMoment()
  startsAt!: string;

  /** @example 2026-12-05T13:00 */
  @IsMoment()
  endsAt!: string;
}

const isByDays = ({ startsOn, endsOn }: NoteAbsence): boolean =>
  startsOn !== undefined || endsOn !== undefined;
const isByMoments = (absence: NoteAbsence): boolean =>
  absence.startsAt !== undefined || absence.endsAt !== undefined || !isByDays(absence);

/** Whole days, or from one moment to another: away from every location. */
export class NoteAbsence {
  /** By whose clock the moments are read; whole days are those of every location by its own. */
  @ValidateIf((absence: NoteAbsence) => absence.locationId !== undefined || isByMoments(absence))
  @IsUUID()
  locationId?: string;

  /** @example 2026-12-05T09:00 */
  @ValidateIf(isByMoments)
  @IsMoment()
  startsAt?: string;

  /** @example 2026-12-05T13:00 */
  @ValidateIf(isByMoments)
  @IsMoment()
  endsAt?: string;

  /** First whole day away. @example 2026-12-07 */
  @ValidateIf(isByDays)
  @IsCalendarDate()
  startsOn?: string;

  /** Last whole day away. @example 2026-12-11 */
  @ValidateIf(isByDays)
  @IsCalendarDate()
  endsOn?: string;

  /** @example Holiday */
  @IsFilled()
  @MaxLength(200)
  reason!: string;
}

export class WorkingHoursView {
  practitionerId!: string;
  locationId!: string;
  hours!: WeeklyShiftView[];

  /** Also the ETag; 0 until hours were first set. */
  version!: number;
}

export class ChangedWorkingHours extends WorkingHoursView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

export class AbsenceView {
  id!: string;
  practitionerId!: string;

  /** Of whole days the first midnight of any location and the last. */
  startsAt!: Date;
  endsAt!: Date;

  /** Whole days, both inclusive, at every location by its own clock; null for part of a day. @example 2026-12-07 */
  startsOn!: string | null;
  endsOn!: string | null;
  reason!: string;

  /** Also the ETag. */
  version!: number;
}

export class ChangedAbsence extends AbsenceView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

export class ExtraHoursView {
  id!: string;
  practitionerId!: string;
  locationId!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** Also the ETag. */
  version!: number;
}

export class ChangedExtraHours extends ExtraHoursView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

/** Those that have not ended yet. */
export class ExceptionsView {
  absences!: AbsenceView[];
  extraHours!: ExtraHoursView[];
}
