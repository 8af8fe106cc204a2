import { AppointmentView } from '../../http/appointment.dto.js';
import { SlotView } from '../../http/availability.dto.js';

/** Why a visit cannot be had: a refusal as booking it alone would give. */
export class VisitProblem {
  /** @example slot_taken */
  code!: string;
  title!: string;

  /** As beside the code of a refusal: the appointments in the way, the window, the hours. */
  facts!: Record<string, unknown>;
}

export class PlannedVisitView {
  number!: number;

  /** @example 2027-01-14T10:00 */
  localTime!: string;

  /** null: that local time does not exist, or comes twice. */
  startsAt!: Date | null;

  practitionerId!: string;

  /** Where it is free. */
  roomId!: string | null;
  roomName!: string | null;

  free!: boolean;
  problem!: VisitProblem | null;

  /** The three nearest free slots, where it is not free. */
  alternatives!: SlotView[];
}

export class SeriesPlanView {
  /** @example Europe/London */
  zone!: string;

  /** Whether every visit can be had as asked. */
  free!: boolean;
  visits!: PlannedVisitView[];
}

export class SeriesVisitView {
  /** In the order planned; one that was left out is missing. */
  number!: number;

  /** Was moved or cancelled by itself. */
  detached!: boolean;

  appointment!: AppointmentView;
}

/** How the visits to come are meant; each visit says where it is. */
export class SeriesSummary {
  id!: string;
  patientId!: string;
  practitionerId!: string;

  /** @example Dr Ada Okafor */
  practitionerName!: string;

  locationId!: string;
  locationName!: string;

  /** @example Europe/London */
  zone!: string;

  typeId!: string;
  typeName!: string;
  everyWeeks!: number;
  createdAt!: Date;

  /** Also the ETag; raised by changes of the series, not by those of a single visit. */
  version!: number;
}

export class SeriesView extends SeriesSummary {
  visits!: SeriesVisitView[];

  /** Of this booking or change: visits that were left out, or left where they are, with what is free instead. */
  notDone!: PlannedVisitView[];
}

export class SeriesList {
  items!: SeriesSummary[];
  next!: string | null;
}
