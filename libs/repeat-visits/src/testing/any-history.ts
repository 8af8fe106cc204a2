import * as fc from 'fast-check';

import { MARKETS, ownFigures, type ProtocolChange, type ProtocolFigures, seedCatalogue } from '#catalogue';
import { addDays, calendarDate, type CalendarDate, daysBetween } from '#kernel';

import type { Dose, DoseKind } from '../domain/history.js';
import { catalogueProtocol, type Protocol } from '../domain/protocol.js';

const CATALOGUE = seedCatalogue();
const HORIZON = 1200;

/** Generated histories begin here and end `HORIZON` days on; 29 February 2024 lies between. */
export const FIRST = calendarDate('2023-01-01');
/** After every generated dose and everything that follows from it. */
export const AFTER_ALL = addDays(FIRST, 3 * HORIZON);

const EVERY_DAY = Array.from({ length: HORIZON }, (_, day) => addDays(FIRST, day));
const MONTH_ENDS = EVERY_DAY.filter((day) => addDays(day, 1).endsWith('-01'));
const LEAP_DAYS = EVERY_DAY.filter((day) => day.endsWith('-02-29'));
// Three in seven of the days are ones on which calendars go wrong.
const DAYS = [
  ...EVERY_DAY,
  ...MONTH_ENDS.flatMap((day) => repeat(day, 16)),
  ...LEAP_DAYS.flatMap((day) => repeat(day, 260)),
];
const PRODUCTS = CATALOGUE.products.map(({ id }) => id);
const AREAS = CATALOGUE.areas.map(({ id }) => id);
// Frown lines and masseter as often as the rest together: on-label everywhere, off-label nearly everywhere.
const AREA_CHOICE = [...AREAS, ...AREAS.flatMap(() => ['glabella', 'masseter'])];
const KINDS: readonly DoseKind[] = ['full', 'full', 'touch-up'];

function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}

/** One number a dose, read digit by digit: a record of four choices would take longer than the rule under test. */
function decoded(code: number, areas: readonly string[], products: readonly string[]): Dose {
  let rest = code;
  const pick = <T>(list: readonly T[]): T => {
    const found = list[rest % list.length];
    rest = Math.floor(rest / list.length);
    if (found === undefined) throw new Error('an empty choice');
    return found;
  };
  const [treatedOn, product, area, kind] = [pick(DAYS), pick(products), pick(areas), pick(KINDS)];
  return { treatedOn, product, area, kind };
}
const anyCode = fc.nat(DAYS.length * 8 * 3 * 400 - 1);

export const anyDay: fc.Arbitrary<CalendarDate> = fc.nat(DAYS.length - 1).map((i) => DAYS[i] ?? FIRST);
export const anyProduct = fc.constantFrom(...PRODUCTS);

/** Any product, kind and day, in one area, or in any area where none is named. */
export const anyDose = (area?: string): fc.Arbitrary<Dose> =>
  anyCode.map((code) => decoded(code, area === undefined ? AREA_CHOICE : [area], PRODUCTS));

/** Doses of any kind all over the face. */
export const anyDoses = (most: number, area?: string): fc.Arbitrary<Dose[]> =>
  fc.array(anyDose(area), { minLength: 1, maxLength: most });

/** Somebody who comes again and again to one area: mostly the same product, so that they have intervals of their own. */
export const regularVisits = (area: string): fc.Arbitrary<Dose[]> =>
  fc
    .tuple(
      anyDay,
      fc.array(fc.nat(), { minLength: 2, maxLength: 7 }),
      fc.constantFrom('ona', 'ona', 'rela', 'abo', 'daxi'),
    )
    .map(([from, codes, usual]) => {
      let treatedOn = from;
      return codes.flatMap((code): Dose[] => {
        if (daysBetween(FIRST, treatedOn) > HORIZON) return [];
        const switched = code % 11 === 0 ? PRODUCTS[code % PRODUCTS.length] : undefined;
        const kind = code % 7 === 0 ? 'touch-up' : 'full';
        const dose: Dose = { treatedOn, product: switched ?? usual, area, kind };
        // From the same day to more than a year; a quarter of them inside the label's interval.
        treatedOn = addDays(treatedOn, code % 4 === 0 ? code % 90 : 80 + (code % 320));
        return [dose];
      });
    });

/** What may be in a chart: all over the face, or regular in one area. */
export const anyHistory: fc.Arbitrary<Dose[]> = fc.oneof(
  anyDoses(8),
  regularVisits('glabella'),
  regularVisits('masseter'),
);

/** What clinics decide, from stricter to gaps everywhere; in turn over products and areas. */
const DECISIONS: readonly ProtocolChange[] = [
  { minimumInterval: { n: 4, unit: 'month' }, touchUpsCount: false },
  { toWeeks: null, lapseWeeks: null },
  { fromWeeks: 10, targetWeeks: 20, toWeeks: 30, lapseWeeks: 31 },
  { targetWeeks: null, minimumInterval: { n: 100, unit: 'day' } },
  {},
];

function decidedBy(published: Protocol, version: string): Protocol {
  const known = new Map<string, ProtocolFigures>();
  return {
    version: `${published.version}+${version}`,
    figures(product, area) {
      const key = `${product} ${area}`;
      const found = known.get(key) ?? own(published.figures(product, area));
      known.set(key, found);
      return found;
    },
  };
}

function own(figures: ProtocolFigures): ProtocolFigures {
  const turn = PRODUCTS.indexOf(figures.product) + AREAS.indexOf(figures.area);
  return ownFigures(figures, figures, DECISIONS[turn % DECISIONS.length] ?? {});
}

/** The figures of the catalogue, market by market; some are missing. */
export const PUBLISHED: readonly Protocol[] = MARKETS.map((market) => catalogueProtocol(CATALOGUE, market));
/** Those, and a clinic in each market that decides for itself. */
export const PROTOCOLS: readonly Protocol[] = [
  ...PUBLISHED,
  ...PUBLISHED.map((one) => decidedBy(one, 'own')),
];

export const anyProtocol = fc.constantFrom(...PROTOCOLS);
export const publishedProtocol = fc.constantFrom(...PUBLISHED);
export const anyOptions = fc.boolean().map((personalInterval) => ({ personalInterval }));

/** At least this many cases a property. */
export const RUNS = { numRuns: 10_000 };

/** `expect` costs more than the rule itself; this one is free while it holds. */
export function hold(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`does not hold: ${promise}`);
}
