import { ApiProperty } from '@nestjs/swagger';

import type { ReturnFigures } from '../domain/return-rate.js';

export const REACHED = {
  oneOf: [{ type: 'integer' }, { type: 'string', enum: ['not-reached'] }, { type: 'null' }],
};

class CountedView {
  /** What the figure says, in a sentence. */
  definition!: string;

  /** @example 2026-06-30 */
  asOf!: string;

  /** Returns counted. @example 6 */
  numerator!: number;

  /** Full treatments they are counted among. @example 21 */
  denominator!: number;
}

class HorizonFigureView extends CountedView {
  /** @example 120 */
  horizonDays!: number;

  /** Lower 95 % limit. @example 0.274 */
  lower!: number | null;

  /** Upper 95 % limit. @example 0.776 */
  upper!: number | null;
}

export class ReturnProbabilityView extends HorizonFigureView {
  /** 1 − Kaplan–Meier; null when it cannot be said. @example 0.5 */
  probability!: number | null;

  @ApiProperty({ type: String, nullable: true, enum: ['no-treatments', 'beyond-follow-up', null] })
  unsaid!: string | null;

  /** Treatments still watched and not yet followed by a return, just before the horizon. @example 6 */
  nAtRisk!: number;

  /** Lower limit with treatments of one patient taken as dependent. */
  clusteredLower!: number | null;

  /** Upper limit with treatments of one patient taken as dependent. */
  clusteredUpper!: number | null;
}

export class ReturnIncidenceView extends HorizonFigureView {
  /** Aalen–Johansen cumulative incidence of a return. @example 0.469 */
  probability!: number | null;

  @ApiProperty({ type: String, nullable: true, enum: ['no-treatments', 'beyond-follow-up', null] })
  unsaid!: string | null;

  /** @example 6 */
  nAtRisk!: number;

  standardError!: number | null;

  /** Probability of having died, moved away or opted out of contact before returning. @example 0.0625 */
  leftProbability!: number | null;
}

export class MaturedReturnView extends HorizonFigureView {
  /** Of the treatments at least that long ago; null when there is none. @example 0.3333 */
  proportion!: number | null;

  /** Limits of Clopper and Pearson’s exact interval, beside Wilson’s. */
  exactLower!: number | null;
  exactUpper!: number | null;
}

export class MedianReturnView extends CountedView {
  @ApiProperty({ ...REACHED, description: 'Days until half are back; null without treatments', example: 99 })
  days!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Lower 95 % limit' })
  lower!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Upper 95 % limit' })
  upper!: number | string | null;
}

/** Days until a quarter and until three quarters are back. */
export class QuartilesView {
  first!: MedianReturnView;
  third!: MedianReturnView;
}

export class ReturnHorizonView {
  /** @example 120 */
  days!: number;

  probability!: ReturnProbabilityView;
  withDepartures!: ReturnIncidenceView;
  maturedOnly!: MaturedReturnView;
}

export class ReturnFiguresView {
  asOf!: string;

  /** Cycles counted: full treatments, one an area when the scope is same-area. @example 21 */
  treatments!: number;

  /** @example 13 */
  patients!: number;

  /** @example 8 */
  returned!: number;

  /** Died or moved away before returning. @example 1 */
  left!: number;

  /** Not back yet. @example 12 */
  open!: number;

  /** Of all, those whose patient asked not to be contacted before returning; watched on all the same. @example 1 */
  optedOut!: number;

  median!: MedianReturnView;
  quartiles!: QuartilesView;
  horizons!: ReturnHorizonView[];
}

/** Of a cohort, by one horizon. */
export class CohortCellView {
  /** @example 120 */
  days!: number;

  /** Treatments of the cohort followed by a return within the days, so far. */
  returned!: number;

  /** Treatments of the cohort at least that many days before asOf. */
  watched!: number;

  /** Whether `returned` is final. */
  complete!: boolean;
}

export const figuresView = (figures: ReturnFigures): ReturnFiguresView => ({
  ...figures,
  horizons: [...figures.horizons],
});
