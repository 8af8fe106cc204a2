import { ClosedDayEntry, ExtraOpeningEntry } from './location.dto.js';
import { WeeklyShiftView } from './weekly-shift.dto.js';

/** What a change did to what is booked. */
export class SetUpChanged {
  /** Appointments still to come that fitted before and no longer do; GET /v1/appointments/misfits lists them. @example 0 */
  misfits!: number;
}

export class RoomView {
  id!: string;
  name!: string;
  kind!: string;
  equipment!: string[];
  active!: boolean;

  /** Also the ETag. */
  version!: number;
}

export class ChangedRoom extends RoomView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

export class LocationView {
  id!: string;
  name!: string;
  zone!: string;
  active!: boolean;
  openingHours!: WeeklyShiftView[];
  closedDays!: ClosedDayEntry[];
  extraOpenings!: ExtraOpeningEntry[];
  rooms!: RoomView[];

  /** Also the ETag; rooms have their own. */
  version!: number;
}

export class ChangedLocation extends LocationView {
  /** Appointments still to come that fitted before and no longer do. @example 0 */
  misfits!: number;
}

export class LocationList {
  items!: LocationView[];
}
