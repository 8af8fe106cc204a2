import type { CalendarDate } from '#kernel';
import { localMoment, type LocalMoment, wallAfter } from './series-dates.js';
import { SeriesVisitUnknown } from './series.errors.js';

/** What is asked for one visit otherwise than for the rest. */
export interface Replacement {
  readonly number: number;
  readonly startsAt?: string | undefined;
  readonly practitionerId?: string | undefined;
  readonly roomId?: string | undefined;
}

/** Replacements by the number of their visit. @throws SeriesVisitUnknown for one that is not there, or named twice */
export function byNumber(
  replacements: readonly Replacement[],
  numbers: ReadonlySet<number>,
): ReadonlyMap<number, Replacement> {
  const found = new Map<number, Replacement>();
  for (const one of replacements) {
    if (!numbers.has(one.number) || found.has(one.number))
      throw new SeriesVisitUnknown({ visit: one.number });
    found.set(one.number, one);
  }
  return found;
}

/** Times of a new series; the first as it was written, so that an hour that comes twice may be said by its offset. */
export function newTimes(
  first: string,
  onTheWall: LocalMoment,
  {
    everyWeeks,
    visits,
    skip,
  }: { readonly everyWeeks: number; readonly visits: number; readonly skip: readonly number[] },
): { number: number; startsAt: string }[] {
  const stray = skip.find((number) => number > visits);
  if (stray !== undefined) throw new SeriesVisitUnknown({ visit: stray });
  return Array.from({ length: visits }, (_, steps) => ({
    number: steps + 1,
    startsAt: steps === 0 ? first : wallAfter(onTheWall, everyWeeks, steps),
  })).filter(({ number }) => !skip.includes(number));
}

/** A visit that is there, on the wall clock of its location. */
export interface StandingVisit {
  readonly number: number;
  /** `YYYY-MM-DDTHH:MM` */
  readonly localTime: string;
  /** The instant, for a visit that keeps its time. */
  readonly startsAt: string;
}

/**
 * New times from a visit on. With a new day or period the later ones are counted from the first; with a new time alone each
 * stays on its day; with neither each keeps its own moment.
 */
export function changedTimes(
  open: readonly StandingVisit[],
  change: {
    readonly time?: string | undefined;
    readonly startsAt?: { readonly text: string; readonly onTheWall: LocalMoment } | undefined;
    readonly everyWeeks?: number | undefined;
  },
  presentWeeks: number,
): { number: number; startsAt: string }[] {
  const { time, startsAt, everyWeeks } = change;
  const [first] = open;
  if (!first) return [];
  const anchor = startsAt?.onTheWall ?? localMoment(first.localTime);
  const at = (day: CalendarDate | string): string => `${day.slice(0, 10)}T${time ?? day.slice(11, 16)}`;
  return open.map((visit, index) => {
    const { number } = visit;
    if (startsAt === undefined && everyWeeks === undefined)
      return { number, startsAt: time === undefined ? visit.startsAt : at(visit.localTime) };
    if (index === 0)
      return {
        number,
        startsAt: time === undefined ? (startsAt?.text ?? visit.startsAt) : at(wallAfter(anchor, 1, 0)),
      };
    return { number, startsAt: at(wallAfter(anchor, everyWeeks ?? presentWeeks, number - first.number)) };
  });
}
