import { addDays, type CalendarDate } from '#kernel';
import { OutcomeAreasDiffer, ReviewedBeforeTreatment } from './follow-ups.errors.js';

export const AREA_RESULTS = ['full', 'partial', 'none'] as const;
export type AreaResult = (typeof AREA_RESULTS)[number];

export const TOUCH_UP_DECISIONS = ['not-needed', 'advised', 'declined'] as const;
export type TouchUpDecision = (typeof TOUCH_UP_DECISIONS)[number];

export interface Outcome {
  readonly reviewedOn: CalendarDate;
  readonly areas: readonly {
    readonly area: string;
    readonly result: AreaResult;
    readonly touchUp: TouchUpDecision;
  }[];
  /** 1 (not at all) to 5 (very); null when not asked. */
  readonly satisfaction: 1 | 2 | 3 | 4 | 5 | null;
  /** Ids of the adverse events recorded at this visit. */
  readonly adverseEventIds: readonly string[];
}

/** What to look at, in this order, when a treatment showed nothing after a month (label: S27, S34, S07). */
export const NON_RESPONSE_STEPS = ['technique', 'muscles', 'antibodies'] as const;

export interface OutcomeVerdict {
  /** Areas in id order without any response once the check day has come: each opens the non-response pathway. */
  readonly nonResponse: readonly string[];
  /** Areas without response before that day: too soon to call, the check stays due. */
  readonly tooSoonToTell: readonly string[];
  /** Areas in which a touch-up was advised. */
  readonly touchUps: readonly string[];
}

/**
 * What an outcome leads to. `nonResponseDay`: days after the treatment from which "no effect" counts (30).
 * @throws ReviewedBeforeTreatment, OutcomeAreasDiffer
 */
export function assessOutcome(
  outcome: Outcome,
  followUp: {
    readonly treatedOn: CalendarDate;
    readonly areas: readonly string[];
    readonly nonResponseDay: number;
  },
): OutcomeVerdict {
  const { reviewedOn, areas } = outcome;
  const { treatedOn } = followUp;
  if (reviewedOn < treatedOn) throw new ReviewedBeforeTreatment({ reviewedOn, treatedOn });
  const given = areas.map(({ area }) => area);
  const missing = followUp.areas.filter((area) => !given.includes(area)).toSorted();
  const unknown = given.filter((area) => !followUp.areas.includes(area)).toSorted();
  const repeated = given.filter((area, i) => given.indexOf(area) !== i).toSorted();
  if (missing.length + unknown.length + repeated.length > 0) {
    throw new OutcomeAreasDiffer({ missing, unknown, repeated });
  }
  const without = areas
    .filter(({ result }) => result === 'none')
    .map(({ area }) => area)
    .toSorted();
  const decisive = reviewedOn >= addDays(treatedOn, followUp.nonResponseDay);
  return {
    nonResponse: decisive ? without : [],
    tooSoonToTell: decisive ? [] : without,
    touchUps: areas
      .filter(({ touchUp }) => touchUp === 'advised')
      .map(({ area }) => area)
      .toSorted(),
  };
}
