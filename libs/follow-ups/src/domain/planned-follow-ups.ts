import { addDays, type CalendarDate } from '#kernel';
import type { DaysFigure, NonResponseFigure } from '#catalogue';

/** What signing a treatment is told of each of its doses. */
export interface TreatedArea {
  readonly area: string;
  readonly product: string;
  readonly kind: 'full' | 'touch-up';
}

/** The part of a protocol that decides on follow-ups. */
export interface FollowUpFigures {
  readonly review: DaysFigure;
  readonly nonResponse: NonResponseFigure;
}

export const FOLLOW_UP_KINDS = ['review', 'non-response-check'] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

export interface PlannedFollowUp {
  readonly kind: FollowUpKind;
  /** Area ids in order. */
  readonly areas: readonly string[];
  /** First and last day, both included. */
  readonly dueFrom: CalendarDate;
  readonly dueTo: CalendarDate;
  /** Rules of the protocol that set the days, in order. */
  readonly ruleIds: readonly string[];
}

/**
 * What signing creates: one review for each distinct span of days (frown lines and forehead share one, masseter has its
 * own) and the non-response check. Touch-ups create nothing: the review of the full treatment they complete stands.
 * Independent of the order of `treated`. Throws whatever `figures` throws.
 */
export function planFollowUps(
  treatedOn: CalendarDate,
  treated: readonly TreatedArea[],
  figures: (product: string, area: string) => FollowUpFigures,
): PlannedFollowUp[] {
  const plans = new Map<string, PlannedFollowUp>();
  const merge = (kind: FollowUpKind, area: string, ruleId: string, fromDay: number, toDay: number): void => {
    const dueFrom = addDays(treatedOn, fromDay);
    const dueTo = addDays(treatedOn, toDay);
    const key = [kind, dueFrom, dueTo].join(' ');
    const known = plans.get(key);
    plans.set(key, {
      kind,
      areas: including(known?.areas, area),
      dueFrom,
      dueTo,
      ruleIds: including(known?.ruleIds, ruleId),
    });
  };
  for (const { area, product, kind } of treated) {
    if (kind === 'touch-up') continue;
    const { review, nonResponse } = figures(product, area);
    merge('review', area, review.ruleId, review.fromDay, review.toDay);
    merge('non-response-check', area, nonResponse.ruleId, nonResponse.day, nonResponse.day);
  }
  return [...plans.values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

const including = (known: readonly string[] | undefined, added: string): string[] =>
  [...new Set([...(known ?? []), added])].toSorted();

/** Reviews first, then by day; no two plans share a place. */
const placeOf = ({ kind, dueFrom, dueTo }: PlannedFollowUp): string =>
  `${FOLLOW_UP_KINDS.indexOf(kind)} ${dueFrom} ${dueTo}`;
