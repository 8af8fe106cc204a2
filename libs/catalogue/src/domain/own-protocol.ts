import type { Offset } from '#kernel';
import { ProtocolOutOfOrder } from './catalogue.errors.js';
import type { DaysFigure, IntervalFigure, ProtocolFigures, WeeksFigure } from './protocol.js';

/** What a clinic decides for a product in an area; what is left out stays as it is in force. */
export interface ProtocolChange {
  /** The clinic's own minimum interval beside the label's, never in its place; null takes it away. */
  readonly minimumInterval?: Offset | null;
  /** Weeks after the last full treatment; null: no such date. */
  readonly fromWeeks?: number | null;
  readonly targetWeeks?: number | null;
  readonly toWeeks?: number | null;
  readonly lapseWeeks?: number | null;
  readonly review?: { readonly fromDay: number; readonly toDay: number };
  readonly nonResponseDay?: number;
  readonly touchUpsCount?: boolean;
}

const OWN = { sources: ['CLINIC'], confidence: 'the clinic’s own protocol' } as const;
const WINDOW = ['from', 'target', 'to', 'lapse'] as const;

/**
 * The figures a clinic works by after a change of those in force. Each figure of its own says so; the intervals of the
 * label always hold beside the clinic's, so that no date can come before them.
 * @throws ProtocolOutOfOrder
 */
export function ownFigures(
  published: ProtocolFigures,
  present: ProtocolFigures,
  change: ProtocolChange,
): ProtocolFigures {
  const { product, area } = present;
  const rule = (name: string): string => `clinic/${product}/${area}/${name}`;
  const weeks = (name: (typeof WINDOW)[number]): WeeksFigure | null => {
    const wanted = change[`${name}Weeks`];
    const [now, from] = [present.window[name], published.window[name]];
    if (wanted === undefined || wanted === now?.weeks) return now;
    if (wanted === null || wanted === from?.weeks) return wanted === null ? null : from;
    return { ruleId: rule(name), weeks: wanted, ...OWN };
  };
  const window = {
    profile: present.window.profile,
    from: weeks('from'),
    target: weeks('target'),
    to: weeks('to'),
    lapse: weeks('lapse'),
  };
  assertInOrder(window);
  return {
    ...present,
    minIntervals: [...published.minIntervals, ...ownInterval(present, change, rule('interval'))],
    window,
    review: change.review ? ownReview(change.review, rule('review')) : present.review,
    nonResponse:
      change.nonResponseDay === undefined
        ? present.nonResponse
        : { ruleId: rule('non-response'), day: change.nonResponseDay, ...OWN },
    touchUp:
      change.touchUpsCount === undefined
        ? present.touchUp
        : { ...present.touchUp, ruleId: rule('touch-up'), countsForInterval: change.touchUpsCount, ...OWN },
  };
}

function ownInterval(
  present: ProtocolFigures,
  { minimumInterval }: ProtocolChange,
  ruleId: string,
): IntervalFigure[] {
  if (minimumInterval === undefined) return present.minIntervals.filter((figure) => figure.ruleId === ruleId);
  if (minimumInterval === null) return [];
  const { n, unit } = minimumInterval;
  return [
    { ruleId, offset: { n, unit }, wording: `${n} ${unit}${n === 1 ? '' : 's'}, by the clinic`, ...OWN },
  ];
}

function ownReview({ fromDay, toDay }: { fromDay: number; toDay: number }, ruleId: string): DaysFigure {
  if (fromDay > toDay) throw new ProtocolOutOfOrder({ before: 'review.fromDay', after: 'review.toDay' });
  return { ruleId, fromDay, toDay, ...OWN };
}

function assertInOrder(window: ProtocolFigures['window']): void {
  const known = WINDOW.filter((name) => window[name] !== null);
  known.forEach((name, i) => {
    const before = known[i - 1];
    if (before && (window[before]?.weeks ?? 0) > (window[name]?.weeks ?? 0))
      throw new ProtocolOutOfOrder({ before: `${before}Weeks`, after: `${name}Weeks` });
  });
}
