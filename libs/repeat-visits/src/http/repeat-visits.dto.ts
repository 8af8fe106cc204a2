import { IsCalendarDate } from '#http';
import { IsOptional } from 'class-validator';

import { AreaForecastView, ForecastHeader } from './forecast.dto.js';
import { ReasonView } from './reason.dto.js';

export class AssessedOn {
  /** Not before the last treatment; left out: today where the patient was last treated. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  assessedOn?: string;
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
