import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';

import { DUE_STATES, type DueState } from '../due-windows.queries.js';
import { AreaForecastView, ForecastHeader } from './forecast.dto.js';
import { ReasonView } from './reason.dto.js';

export class AssessedOn {
  /** Not before the last treatment; left out: today where the patient was last treated. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  assessedOn?: string;
}

export class FindDue extends PageQuery {
  /** Left out: today. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  on?: string;

  /** Only patients last treated there. */
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** Catalogue id. @example glabella */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  area?: string;

  /** Catalogue id of the product last used. @example ona */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  product?: string;

  /** One or several of past-due, due, lapsed, with commas; left out: all. @example due,past-due */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(DUE_STATES, { each: true })
  state?: DueState[];

  /** Also those whom nobody should ask now, with the reason. */
  @IsOptional()
  @IsIn(['true', 'false'])
  includeSuppressed?: 'true' | 'false';
}

export class PatientAreaView extends AreaForecastView {
  /** The kept window in force; null when none is. */
  windowId!: string | null;
  issuedAt!: Date | null;
  reasons!: ReasonView[];
}

export class RepeatVisitsView extends ForecastHeader {
  patientId!: string;

  /** In order of area id. */
  areas!: PatientAreaView[];
}

export class DueAreaView {
  windowId!: string;

  /** @example glabella */
  area!: string;
  areaName!: string;
  product!: string;
  productName!: string;

  /** past-due, due, lapsed */
  state!: string;
  earliest!: string | null;
  recommendedFrom!: string | null;
  target!: string | null;
  recommendedTo!: string | null;
  lapsedAfter!: string | null;
  reasons!: ReasonView[];
}

/** One patient to ask, once, for everything that is due. */
export class DuePatientView {
  patientId!: string;

  /** @example 1042 */
  number!: number;
  givenName!: string;
  familyName!: string;
  preferredName!: string | null;
  phone!: string | null;
  email!: string | null;

  /** How the patient agreed to be reached. */
  contactChannels!: string[];

  /** The most pressing of its areas: past-due, due, lapsed */
  state!: string;

  /** Nobody should ask now: every area has a reason against it. */
  suppressed!: boolean;
  areas!: DueAreaView[];
}

export class DuePage {
  on!: string;
  items!: DuePatientView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
