import { IsFilled } from '#http';
import { IsIn, IsOptional, MaxLength } from 'class-validator';

import { NON_RESPONSE_STEPS } from '../../domain/outcome.js';
import {
  PATHWAY_CONCLUSIONS,
  PATHWAY_FINDINGS,
  type PathwayConclusion,
  type PathwayFinding,
  type PathwayStep,
} from '../domain/pathway.js';

export class RecordStep {
  /** technique, muscles, antibodies */
  @IsIn(NON_RESPONSE_STEPS)
  step!: PathwayStep;

  /** ruled-out, likely, unclear: whether it explains that nothing happened */
  @IsIn(PATHWAY_FINDINGS)
  finding!: PathwayFinding;

  /** @example Points were too superficial by the photographs */
  @IsOptional()
  @IsFilled()
  @MaxLength(2000)
  note?: string;
}

export class ConcludePathway {
  /** retreat, change-product, refer, no-further-treatment */
  @IsIn(PATHWAY_CONCLUSIONS)
  conclusion!: PathwayConclusion;

  /** @example Deeper points at the next visit, same product */
  @IsFilled()
  @MaxLength(2000)
  note!: string;
}

export class PathwayStepView {
  step!: string;
  finding!: string;
  note!: string | null;
  decidedBy!: string;
  decidedAt!: Date;
}

export class PathwayView {
  id!: string;
  patientId!: string;

  /** @example glabella */
  area!: string;

  /** The review that found nothing, and the treatment it reviewed. */
  followUpId!: string;
  treatmentId!: string;
  treatedOn!: string;
  foundOn!: string;

  /** open, closed */
  status!: string;

  /** The newest finding of each step. */
  steps!: PathwayStepView[];

  /** Steps nobody has looked at, in their order; empty once it is closed. */
  left!: string[];

  /** retreat, change-product, refer, no-further-treatment; withdrawn: the treatment was entered in error */
  conclusion!: string | null;
  note!: string | null;
  closedBy!: string | null;
  closedAt!: Date | null;

  /** Also the ETag. */
  version!: number;
}

export class PathwaysOfPatient {
  items!: PathwayView[];
}
