import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';

import {
  FINAL_OUTCOMES,
  OUTCOMES,
  SERIOUSNESS,
  SEVERITIES,
  type AdverseEventStatus,
  type Outcome,
  type Seriousness,
  type Severity,
} from '../domain/adverse-event.js';

/** What was seen. Changing it replaces all of it. */
export class DescribeAdverseEvent {
  /** A term of the catalogue's list. @example Eyelid ptosis */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  term?: string;

  /** In place of a term: one that is not in the list, written out. */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  otherTerm?: string;

  /** The day it began. @example 2026-03-09 */
  @IsCalendarDate()
  onsetOn!: string;

  /** mild, moderate, severe */
  @IsIn(SEVERITIES)
  severity!: Severity;

  /** What makes it serious; left out: nothing, unless the catalogue says the term always is. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(SERIOUSNESS.length)
  @IsIn(SERIOUSNESS, { each: true })
  seriousness?: Seriousness[];

  /** How it stands. */
  @IsIn(OUTCOMES)
  outcome!: Outcome;

  @IsOptional()
  @IsFilled()
  @MaxLength(5000)
  description?: string;
}

export class RecordAdverseEvent extends DescribeAdverseEvent {
  @IsUUID()
  treatmentId!: string;

  /** The points it comes from; left out: those in the areas the catalogue names for the term, or else all. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(200)
  @IsUUID(undefined, { each: true })
  injectionIds?: string[];

  /** The day it was over, when it is already. */
  @IsOptional()
  @IsCalendarDate()
  resolvedOn?: string;
}

export class ResolveAdverseEvent {
  @IsIn(FINAL_OUTCOMES)
  outcome!: (typeof FINAL_OUTCOMES)[number];

  /** The day it was over. */
  @IsCalendarDate()
  resolvedOn!: string;
}

export class ExplainAdverseEvent {
  /** @example Recorded for the wrong patient */
  @IsFilled()
  @MaxLength(2000)
  reason!: string;
}

export class FindAdverseEvents extends PageQuery {
  @IsOptional()
  @IsUUID()
  patientId?: string;

  @IsOptional()
  @IsIn(['active', 'resolved', 'entered-in-error'])
  status?: AdverseEventStatus;
}
