import {
  addOffsets,
  type CalendarDate,
  DomainError,
  type Interval,
  latest,
  type Offset,
  overlaps,
} from '#kernel';
import type { TreatmentWindow } from '../../domain/booking-rules.js';
import { SlotTaken } from '../../domain/scheduling.errors.js';
import { SeriesVisitsOverlap } from './series.errors.js';

/** As the port tells it: all offsets of a list hold; too early is what is so for every product. */
export interface Spacing {
  readonly areaId: string;
  readonly byProduct: readonly (readonly Offset[])[];
}

/** One visit that is wanted, judged without the others. */
export interface WantedVisit {
  readonly number: number;
  /** Day at the location. */
  readonly on: CalendarDate;
  /** With buffers; null when the time does not exist. */
  readonly busy: Interval | null;
  /** What stands against it already: a rule, or somebody in the way. */
  readonly refusal: DomainError | null;
  /** Where the visit stays if it cannot be moved; null for a new one. */
  readonly present: {
    readonly appointmentId: string;
    readonly patientId: string;
    readonly on: CalendarDate;
    readonly busy: Interval;
  } | null;
}

/** The first day on which an area may be treated again after `day`; null when no figure says so. */
export function earliestAfter(day: CalendarDate, { byProduct }: Spacing): CalendarDate | null {
  const [first = null] = byProduct
    .map((offsets) => latest(day, ...offsets.map((offset) => addOffsets(day, offset))))
    .toSorted();
  return first;
}

/** What the other visits of a series leave of a day: one window for each area that must rest longer, empty if none. */
export function tooCloseTo(
  others: readonly CalendarDate[],
  on: CalendarDate,
  spacing: readonly Spacing[],
): TreatmentWindow[] {
  return spacing.flatMap((area) => {
    const tooEarly = others.flatMap((other) => {
      const [first, second] = other <= on ? [other, on] : [on, other];
      const earliest = earliestAfter(first, area);
      if (earliest === null || second >= earliest) return [];
      // Before a later visit there is no day of its own to name: it would have to make way, so that day's is named.
      return [other <= on ? earliest : (earliestAfter(other, area) ?? earliest)];
    });
    const [first, ...rest] = tooEarly;
    if (first === undefined) return [];
    return [
      { areaId: area.areaId, earliest: latest(first, ...rest), recommendedFrom: null, recommendedTo: null },
    ];
  });
}

/**
 * Looks at the visits of a series together, in the order of their times: none may overlap another of the series, none lie
 * too close to another when they are treatments, none take the place of one that has to stay where it is. What is refused
 * stays, and so may stand in the way of others: that is worked out to the end.
 *
 * `judge` decides again with the windows that the other visits make, because someone may set that rule aside.
 * @returns by number: what `judge` gave, or the refusal
 */
export function settle<B extends object>(
  wanted: readonly WantedVisit[],
  fixed: readonly CalendarDate[],
  spacing: readonly Spacing[],
  judge: (number: number, between: readonly TreatmentWindow[]) => B | DomainError,
): Map<number, B | DomainError> {
  const order = wanted.toSorted((a, b) => (a.busy?.start ?? 0) - (b.busy?.start ?? 0) || a.number - b.number);
  let refused = new Map(
    order.flatMap(({ number, refusal }) => (refusal ? [[number, refusal] as const] : [])),
  );
  for (;;) {
    const staying = order.flatMap(({ number, present }) => (refused.has(number) && present ? [present] : []));
    const settled = new Map<number, B | DomainError>(refused);
    const accepted: (WantedVisit & { readonly busy: Interval })[] = [];
    for (const visit of order) {
      const { number, on, busy } = visit;
      if (refused.has(number) || busy === null) continue;
      const others = [...fixed, ...accepted.map((other) => other.on), ...staying.map((other) => other.on)];
      const verdict =
        inTheWayOf({ ...visit, busy }, accepted, staying) ?? judge(number, tooCloseTo(others, on, spacing));
      settled.set(number, verdict);
      if (!(verdict instanceof DomainError)) accepted.push({ ...visit, busy });
    }
    const now = new Map(
      [...settled].flatMap(([number, one]) => (one instanceof DomainError ? [[number, one] as const] : [])),
    );
    if (now.size === refused.size) return settled;
    refused = now;
  }
}

function inTheWayOf(
  { number, busy }: WantedVisit & { readonly busy: Interval },
  accepted: readonly (WantedVisit & { readonly busy: Interval })[],
  staying: readonly NonNullable<WantedVisit['present']>[],
): DomainError | null {
  const other = accepted.find((one) => overlaps(one.busy, busy));
  if (other) return new SeriesVisitsOverlap({ visits: [other.number, number] });
  const blockedBy = staying
    .filter((one) => overlaps(one.busy, busy))
    .map(({ appointmentId, patientId, busy: { start, end } }) => ({
      resource: 'patient' as const,
      resourceId: patientId,
      appointmentId,
      startsAt: new Date(start),
      endsAt: new Date(end),
    }));
  return blockedBy.length > 0 ? new SlotTaken({ blockedBy, alternatives: [] }) : null;
}
