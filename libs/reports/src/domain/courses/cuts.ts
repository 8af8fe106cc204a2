import { ageOn, calendarDate, fromEpochDay, toEpochDay, type CalendarDate } from '#kernel';
import type { ReturnFilter } from '../return-filter.js';
import type { CycleGrouping, CycleStart } from './walk.js';

/** What a report can be cut by; at most three together. */
export const CUTS = [
  'practitioner',
  'area',
  'product',
  'location',
  'market',
  'cohort-month',
  'cohort-quarter',
  'new-or-returning',
  'age-band',
  'first-product',
] as const;
export type Cut = (typeof CUTS)[number];
export const MOST_CUTS = 3;

/** A small number's meaning: who treated where, which area, with what. */
export interface Setting {
  readonly n: number;
  readonly practitionerId: string;
  readonly locationId: string;
  readonly area: string;
  readonly product: string;
}

export interface CutFacts {
  readonly settings: readonly Setting[];
  readonly market: string;
  /** By the patient's number; asked only for the age band. */
  readonly births: ReadonlyMap<number, CalendarDate>;
}

/** One cut as a digit of the group's key: how many values it has, which one a cycle has, and what that is called. */
interface Digit {
  readonly cut: Cut;
  readonly size: number;
  readonly ofSetting: ((setting: Setting) => number) | null;
  readonly ofCycle: ((start: CycleStart) => number) | null;
  readonly nameOf: (value: number) => string;
}

export interface CutPlan {
  readonly grouping: CycleGrouping;
  /** The values of the cuts a key stands for, in the order they were asked. */
  readonly valuesOf: (key: number) => readonly string[];
}

const AGE_BANDS = [
  'under-18',
  '18-24',
  '25-34',
  '35-44',
  '45-54',
  '55-64',
  '65-and-over',
  'unknown',
] as const;
const BAND_STARTS = [0, 18, 25, 35, 45, 55, 65] as const;
const MONTHS = 12 * 180;
const EVER = { from: 0, to: 65_534 };

/** How the walk is to group cycles by these cuts, and to pass over what the filter does not ask. */
export function planCuts(cuts: readonly Cut[], filter: ReturnFilter, facts: CutFacts): CutPlan {
  const digits = cuts.map((cut) => DIGITS[cut](cut, facts));
  const strides: number[] = [];
  let keys = 1;
  for (const { size } of digits) {
    strides.push(keys);
    keys *= size;
  }
  const areas = numbered(facts.settings.map(({ area }) => area));
  const last = facts.settings.reduce((most, { n }) => Math.max(most, n), 0);
  const areaOf = new Uint16Array(last + 1);
  const keyOf = new Float64Array(last + 1).fill(-1);
  for (const setting of facts.settings) {
    areaOf[setting.n] = areas.of(setting.area);
    if (!isAsked(setting, filter)) continue;
    keyOf[setting.n] = digits.reduce(
      (key, { ofSetting }, i) => key + (ofSetting?.(setting) ?? 0) * (strides[i] ?? 0),
      0,
    );
  }
  const byCycle = digits.flatMap(({ ofCycle }, i) => (ofCycle ? [{ ofCycle, stride: strides[i] ?? 0 }] : []));
  return {
    grouping: {
      areaOf,
      areas: areas.names.length,
      keyOf,
      keys,
      gainOf:
        byCycle.length === 0
          ? null
          : (start) => {
              let gain = 0;
              for (const { ofCycle, stride } of byCycle) gain += ofCycle(start) * stride;
              return gain;
            },
      from: filter.from === undefined ? EVER.from : Math.max(EVER.from, toEpochDay(filter.from)),
      to: filter.to === undefined ? EVER.to : Math.min(EVER.to, toEpochDay(filter.to)),
    },
    valuesOf: (key) =>
      digits.map(({ size, nameOf }, i) => nameOf(Math.floor(key / (strides[i] ?? 1)) % size)),
  };
}

function isAsked(setting: Setting, { practitionerId, locationId, product, area }: ReturnFilter): boolean {
  return (
    (practitionerId === undefined || setting.practitionerId === practitionerId) &&
    (locationId === undefined || setting.locationId === locationId) &&
    (product === undefined || setting.product === product) &&
    (area === undefined || setting.area === area)
  );
}

const DIGITS: Readonly<Record<Cut, (cut: Cut, facts: CutFacts) => Digit>> = {
  practitioner: (cut, facts) => bySetting(cut, facts, ({ practitionerId }) => practitionerId),
  area: (cut, facts) => bySetting(cut, facts, ({ area }) => area),
  product: (cut, facts) => bySetting(cut, facts, ({ product }) => product),
  location: (cut, facts) => bySetting(cut, facts, ({ locationId }) => locationId),
  market: (cut, facts) => bySetting(cut, facts, () => facts.market),
  'cohort-month': (cut) => byCycle(cut, MONTHS, ({ treatedOn }) => monthOf(treatedOn), monthName),
  'cohort-quarter': (cut) =>
    byCycle(cut, MONTHS / 3, ({ treatedOn }) => Math.floor(monthOf(treatedOn) / 3), quarterName),
  'new-or-returning': (cut) =>
    byCycle(
      cut,
      2,
      ({ treatedOn, firstTreatedOn }) => (treatedOn === firstTreatedOn ? 0 : 1),
      (value) => (value === 0 ? 'new' : 'returning'),
    ),
  'age-band': (cut, { births }) =>
    byCycle(
      cut,
      AGE_BANDS.length,
      ({ number, treatedOn }) => bandOf(births.get(number), treatedOn),
      (value) => AGE_BANDS[value] ?? 'unknown',
    ),
  'first-product': (cut, { settings }) => {
    const products = numbered(settings.map(({ product }) => product));
    const productOf = new Map(settings.map(({ n, product }) => [n, products.of(product)]));
    return byCycle(
      cut,
      Math.max(1, products.names.length),
      ({ firstSetting }) => productOf.get(firstSetting) ?? 0,
      (value) => products.names[value] ?? '',
    );
  },
};

function bySetting(cut: Cut, { settings }: CutFacts, valueOf: (setting: Setting) => string): Digit {
  const values = numbered(settings.map(valueOf));
  return {
    cut,
    size: Math.max(1, values.names.length),
    ofSetting: (setting) => values.of(valueOf(setting)),
    ofCycle: null,
    nameOf: (value) => values.names[value] ?? '',
  };
}

const byCycle = (
  cut: Cut,
  size: number,
  ofCycle: (start: CycleStart) => number,
  nameOf: (value: number) => string,
): Digit => ({ cut, size, ofSetting: null, ofCycle, nameOf });

/** Distinct words in their own order, so that a key means the same whatever order rows came in. */
function numbered(words: readonly string[]): { names: readonly string[]; of: (word: string) => number } {
  const names = [...new Set(words)].toSorted();
  const places = new Map(names.map((name, place) => [name, place]));
  return { names, of: (word) => places.get(word) ?? 0 };
}

const months: number[] = [];
/** Months since January 1970; each day is worked out once. */
function monthOf(epochDay: number): number {
  const known = months[epochDay];
  if (known !== undefined) return known;
  const day = fromEpochDay(epochDay);
  const month = (Number(day.slice(0, 4)) - 1970) * 12 + Number(day.slice(5, 7)) - 1;
  months[epochDay] = month;
  return month;
}

const monthName = (month: number): string =>
  `${1970 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
const quarterName = (quarter: number): string => `${1970 + Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;

function bandOf(birthDate: CalendarDate | undefined, treatedOn: number): number {
  if (birthDate === undefined) return AGE_BANDS.length - 1;
  const age = ageOn(birthDate, fromEpochDay(treatedOn));
  return Math.max(
    0,
    BAND_STARTS.findLastIndex((start) => start <= age),
  );
}

/** The first and last day of a cohort by its name, `2025-03` or `2025-Q1`. */
export function cohortDays(name: string): {
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
} {
  const [year = '', part = ''] = name.split('-');
  const first = part.startsWith('Q') ? (Number(part.slice(1)) - 1) * 3 : Number(part) - 1;
  const after = first + (part.startsWith('Q') ? 3 : 1);
  const dayOf = (month: number): CalendarDate =>
    calendarDate(`${Number(year) + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`);
  return { firstDay: dayOf(first), lastDay: fromEpochDay(toEpochDay(dayOf(after)) - 1) };
}
