import { IsFilled, IsMoment, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import {
  AppointmentView,
  BookAppointment,
  CancelAppointment,
  OverrideBooking,
} from '../../http/appointment.dto.js';
import { SlotView } from '../../http/availability.dto.js';
import { MOST_VISITS } from '../domain/series-dates.js';

const LONGEST_PERIOD_WEEKS = 52;

/** Where one visit is wanted instead. */
export class ReplaceVisit {
  /** @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  number!: number;

  /** @example 2027-01-14T10:30 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;
}

/** The first visit, and how it repeats; an override holds for each visit, but a double booking is for single ones only. */
export class PlanSeries extends BookAppointment {
  /** Weeks from one visit to the next, by the wall clock of the location. @example 4 */
  @IsInt()
  @Min(1)
  @Max(LONGEST_PERIOD_WEEKS)
  everyWeeks!: number;

  /** How many, the first included. @example 6 */
  @IsInt()
  @Min(2)
  @Max(MOST_VISITS)
  visits!: number;

  /** Other times, practitioners or rooms for single visits. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_VISITS)
  @ValidateNested({ each: true })
  @Type(() => ReplaceVisit)
  replacements?: ReplaceVisit[];

  /** Numbers of visits to leave out. @example [4] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MOST_VISITS)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(MOST_VISITS, { each: true })
  skip?: number[];
}

export class BookSeries extends PlanSeries {
  /** Books those that can be had and leaves out the others; without it, all or none. */
  @IsOptional()
  @IsBoolean()
  skipBlocked?: boolean;
}

/** Only what is sent changes, for this visit and all later ones that are still open. */
export class PlanSeriesChange {
  /** From this visit on. @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  fromVisit!: number;

  /** The new wall-clock time; each visit stays on its day. @example 14:30 */
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  time?: string;

  /** The new day and time of that first visit; the later ones follow at their period. @example 2027-02-04T14:30 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  /** The new period, counted from that first visit. @example 6 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_PERIOD_WEEKS)
  everyWeeks?: number;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;

  @IsOptional()
  @IsUUID()
  typeId?: string;

  /** Leaves visits as they are that were moved by themselves before. */
  @IsOptional()
  @IsBoolean()
  keepDetached?: boolean;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_VISITS)
  @ValidateNested({ each: true })
  @Type(() => ReplaceVisit)
  replacements?: ReplaceVisit[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OverrideBooking)
  override?: OverrideBooking;
}

export class ChangeSeries extends PlanSeriesChange {
  /** Moves those that can be and leaves the others where they are; without it, all or none. */
  @IsOptional()
  @IsBoolean()
  skipBlocked?: boolean;

  /** @example New job, only afternoons now */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;
}

export class CancelSeries extends CancelAppointment {
  /** From this visit on. @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  fromVisit!: number;
}

export class ListSeries extends PageQuery {
  @IsUUID()
  patientId!: string;
}

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
