import { ClosedDayEntry } from './set-up.dto.js';

export class WeeklyShiftView {
  weekday!: number;
  start!: string;
  end!: string;
  validFrom!: string;
  validTo!: string | null;
}

export class RoomView {
  id!: string;
  name!: string;
  kind!: string;
  equipment!: string[];
  active!: boolean;
}

export class LocationView {
  id!: string;
  name!: string;
  zone!: string;
  active!: boolean;
  openingHours!: WeeklyShiftView[];
  closedDays!: ClosedDayEntry[];
  rooms!: RoomView[];
}

export class LocationList {
  items!: LocationView[];
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
}

export class AppointmentTypeList {
  items!: AppointmentTypeView[];
}

export class WorkingHoursView {
  practitionerId!: string;
  locationId!: string;
  hours!: WeeklyShiftView[];
}

export class AbsenceView {
  id!: string;
  practitionerId!: string;
  startsAt!: Date;
  endsAt!: Date;
  reason!: string;
}

export class ExtraHoursView {
  id!: string;
  practitionerId!: string;
  locationId!: string;
  startsAt!: Date;
  endsAt!: Date;
}

/** Those that have not ended yet. */
export class ExceptionsView {
  absences!: AbsenceView[];
  extraHours!: ExtraHoursView[];
}
