import { addOffsets, type CalendarDate, daysBetween, type Offset } from '#kernel';
import type { WeeksFigure } from '#catalogue';
import { type Claim, fromDose } from './explanation.js';
import type { AreaHistory, Dose, ProtocolDose } from './history.js';

/** The version of the rule below, as explanations name it. */
const VERSION = 'personal-interval/1';
/** How many intervals of the patient's own the protocol's figure weighs as much as. */
const PROTOCOL_WEIGHT = 3;
const FEWEST_INTERVALS = 2;
const WEEKS_BEYOND_PROTOCOL = 8;

/** How long the effect lasts in this patient, as far as their own visits tell; both figures are shown. */
export interface PersonalInterval {
  /** Completed intervals between full treatments of the area with this product. */
  readonly intervals: number;
  /** Their median in days; halves where two lie in the middle. */
  readonly medianDays: number;
  /** The protocol's target, in days after the last full treatment. */
  readonly protocolDays: number;
  /** The two weighed: (3 × protocol + intervals × median) / (3 + intervals), rounded. */
  readonly drawnDays: number;
  /** The patient's own: `drawnDays`, kept between the earliest date and eight weeks after the protocol's end. */
  readonly personalDays: number;
  /** By how many days from, target and to move. */
  readonly shiftDays: number;
}

/**
 * The patient's own interval: the median of the completed ones, drawn towards the protocol's target as if that were
 * three intervals more. Null with fewer than two completed, and where the protocol lacks a target or an end: there is
 * then nothing to move, or nothing to keep it in bounds. An interval counts between two neighbouring treatment days of
 * the area on which nothing but this product was given: after a switch the other product decided when it wore off.
 */
export function personalInterval(
  { doses }: AreaHistory,
  { dose: last, figures }: ProtocolDose,
  earliest: CalendarDate | null,
): PersonalInterval | null {
  const { target, to } = figures.window;
  if (earliest === null || target === null || to === null) return null;
  const intervals = completedIntervals(doses, last.product);
  if (intervals.length < FEWEST_INTERVALS) return null;
  const medianDays = median(intervals);
  const protocolDays = target.weeks * 7;
  const n = intervals.length;
  const drawnDays = Math.round((PROTOCOL_WEIGHT * protocolDays + n * medianDays) / (PROTOCOL_WEIGHT + n));
  const most = (to.weeks + WEEKS_BEYOND_PROTOCOL) * 7;
  const personalDays = Math.max(daysBetween(last.treatedOn, earliest), Math.min(drawnDays, most));
  const shiftDays = personalDays - protocolDays;
  return { intervals: n, medianDays, protocolDays, drawnDays, personalDays, shiftDays };
}

function completedIntervals(doses: readonly ProtocolDose[], product: string): number[] {
  const days: { on: CalendarDate; only: boolean }[] = [];
  for (const { dose } of doses) {
    if (dose.kind !== 'full') continue;
    const before = days.at(-1);
    if (before?.on === dose.treatedOn) before.only &&= dose.product === product;
    else days.push({ on: dose.treatedOn, only: dose.product === product });
  }
  return days.flatMap((day, i) => {
    const before = days[i - 1];
    return before?.only && day.only ? [daysBetween(before.on, day.on)] : [];
  });
}

function median(days: readonly number[]): number {
  const sorted = days.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The protocol's figure moved by the patient's own interval. */
export function personalClaim(
  name: 'from' | 'target' | 'to',
  dose: Dose,
  { shiftDays }: PersonalInterval,
  figure: WeeksFigure,
): Claim {
  const offsets: Offset[] = [
    { n: figure.weeks, unit: 'week' },
    { n: shiftDays, unit: 'day' },
  ];
  return {
    ruleId: `personal-interval/${name}`,
    version: VERSION,
    base: fromDose(dose),
    offsets,
    result: addOffsets(dose.treatedOn, ...offsets),
    sources: ['POL'],
    confidence: 'policy (POL)',
  };
}
