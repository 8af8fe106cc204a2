import { addDays, type CalendarDate } from '#kernel';
import type { TouchUpFigure } from '#catalogue';
import {
  TouchUpNeedsPrescriber,
  TouchUpOfTouchUp,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
} from './follow-ups.errors.js';

export interface TouchUpRequest {
  /** The treatment to complete. */
  readonly treatment: {
    readonly id: string;
    readonly treatedOn: CalendarDate;
    readonly kind: 'full' | 'touch-up';
  };
  readonly plannedOn: CalendarDate;
  /** The prescriber who approved it; null when none did. */
  readonly approvedBy: string | null;
}

/** A touch-up that may be given: what it completes, and what it does to the next window. */
export interface TouchUp {
  readonly completes: string;
  readonly plannedOn: CalendarDate;
  readonly approvedBy: string;
  readonly ruleId: string;
  /** Whether it moves the earliest next date; it never starts a new cycle. */
  readonly countsForInterval: boolean;
}

/**
 * Whether a touch-up may be given. No label provides for one (S61 lists early retreatment as a risk), so it is the
 * clinic's switch, in the protocol's days only, and a prescriber's decision.
 * @throws TouchUpsSwitchedOff, TouchUpOfTouchUp, TouchUpTooEarly, TouchUpTooLate, TouchUpNeedsPrescriber
 */
export function decideTouchUp(request: TouchUpRequest, figure: TouchUpFigure, offered: boolean): TouchUp {
  const { treatment, plannedOn, approvedBy } = request;
  if (!offered) throw new TouchUpsSwitchedOff();
  if (treatment.kind === 'touch-up') throw new TouchUpOfTouchUp({ treatmentId: treatment.id });
  const from = addDays(treatment.treatedOn, figure.fromDay);
  const to = addDays(treatment.treatedOn, figure.toDay);
  if (plannedOn < from) throw new TouchUpTooEarly({ plannedOn, from, to }, `before day ${figure.fromDay}`);
  if (plannedOn > to) throw new TouchUpTooLate({ plannedOn, from, to }, `after day ${figure.toDay}`);
  if (approvedBy === null) throw new TouchUpNeedsPrescriber();
  const { ruleId, countsForInterval } = figure;
  return { completes: treatment.id, plannedOn, approvedBy, ruleId, countsForInterval };
}
