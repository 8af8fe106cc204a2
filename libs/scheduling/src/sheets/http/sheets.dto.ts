import { IsCalendarDate, IsFlag } from '#http';
import { IsOptional, IsUUID, ValidateIf } from 'class-validator';

import type { AppointmentStatus } from '../../domain/appointment-status.js';
import type { AppointmentKind } from '../../domain/booking-rules.js';
import type { DeskAlert } from '../desk-alerts.port.js';

/** Whose sheet: of a location, of a practitioner at every location, or of a practitioner at one. */
class WhoseSheet {
  @ValidateIf(
    ({ locationId, practitionerId }: WhoseSheet) => locationId !== undefined || practitionerId === undefined,
  )
  @IsUUID()
  locationId?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** Whether to look for alerts too, as it does unless told; a screen on the wall needs none. @example true */
  @IsOptional()
  @IsFlag()
  alerts?: boolean;
}

export class ReadDaySheet extends WhoseSheet {
  /** A day of the location's calendar. @example 2026-12-01 */
  @IsCalendarDate()
  on!: string;
}

export class ReadWeekSheet extends WhoseSheet {
  /** Any day of the week wanted, Monday to Sunday. @example 2026-12-01 */
  @IsCalendarDate()
  weekOf!: string;
}

export class DeskAlertView {
  /** What to look at; no finding, no answer. @example areas-due */
  code!: DeskAlert['code'];

  /** Catalogue ids of the areas it is about. @example ["forehead"] */
  areaIds!: string[];

  /** The day it hangs on. @example 2026-12-14 */
  date!: string | null;
}

export class SheetEntry {
  appointmentId!: string;

  /** The day at its location. @example 2026-12-01 */
  on!: string;

  /** Wall clock of the location. @example 09:30 */
  time!: string;

  startsAt!: Date;
  endsAt!: Date;
  locationId!: string;
  locationName!: string;

  /** @example Europe/London */
  zone!: string;

  patientId!: string;
  patientNumber!: number;

  /** @example Zoë Núñez */
  patientName!: string;

  practitionerId!: string;
  practitionerName!: string;
  roomId!: string | null;
  roomName!: string | null;
  typeName!: string;
  kind!: AppointmentKind;

  /** As set up for the type. @example #7c3aed */
  colour!: string | null;

  status!: AppointmentStatus;

  /** @example ["glabella"] */
  areaIds!: string[];

  arrivedAt!: Date | null;
  startedAt!: Date | null;
  completedAt!: Date | null;

  /** Expected and not here: whole minutes past the start, otherwise 0. */
  minutesLate!: number;

  /** Here and not yet seen: whole minutes, otherwise 0. */
  minutesWaiting!: number;

  /** How much later than booked it began, or is going to begin as the day runs: whole minutes. */
  delayMinutes!: number;

  overridden!: boolean;

  /** At the same time as another on purpose. */
  doubleBooked!: boolean;

  /** Of a slot that is only kept while the patient decides. */
  heldUntil!: Date | null;

  /** Only of visits that are not over. */
  alerts!: DeskAlertView[];

  version!: number;
}

/** How late somebody runs at this moment. */
export class PractitionerToday {
  practitionerId!: string;

  /** @example Dr Ada Okafor */
  practitionerName!: string;

  /** Delay of the visit they are in or are to see next: whole minutes. @example 10 */
  minutesLate!: number;
}

export class DaySheetView {
  /** @example 2026-12-01 */
  on!: string;

  /** Of the location; null on the sheet of a practitioner, where every visit has its own. @example Europe/London */
  zone!: string | null;

  items!: SheetEntry[];

  /** Empty unless the day is today. */
  practitioners!: PractitionerToday[];
}

export class SheetDay {
  /** @example 2026-12-01 */
  on!: string;

  items!: SheetEntry[];
}

export class WeekSheetView {
  /** The Monday. @example 2026-11-30 */
  from!: string;

  /** The Sunday. @example 2026-12-06 */
  to!: string;

  /** Of the location; null on the sheet of a practitioner. @example Europe/London */
  zone!: string | null;

  /** Seven days, empty ones too. */
  days!: SheetDay[];

  practitioners!: PractitionerToday[];
}
