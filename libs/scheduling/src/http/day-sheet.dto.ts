import { IsCalendarDate } from '#http';
import { IsOptional, IsUUID } from 'class-validator';

import type { AppointmentStatus } from '../domain/appointment-status.js';

export class ReadDaySheet {
  @IsUUID()
  locationId!: string;

  /** A day of the location's calendar. @example 2026-12-01 */
  @IsCalendarDate()
  on!: string;

  /** Only this practitioner's appointments. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;
}

export class DaySheetEntry {
  appointmentId!: string;

  /** Wall clock of the location. @example 09:30 */
  time!: string;

  startsAt!: Date;
  endsAt!: Date;
  patientId!: string;
  patientNumber!: number;

  /** @example Zoë Núñez */
  patientName!: string;

  practitionerId!: string;
  practitionerName!: string;
  roomName!: string | null;
  typeName!: string;
  kind!: string;
  status!: AppointmentStatus;

  /** Expected and not here: whole minutes past the start, otherwise 0. */
  minutesLate!: number;

  overridden!: boolean;
  version!: number;
}

export class DaySheetView {
  /** @example 2026-12-01 */
  on!: string;

  /** @example Europe/London */
  zone!: string;

  items!: DaySheetEntry[];
}
