import type { CalendarDate } from '#kernel';
import { clopperPearson, wilson } from '../../domain/statistics/proportion.js';

/** Why a figure cannot be said. */
export type Unsaid = 'nothing-to-count' | 'period-not-over' | 'too-few-patients';

/** x of n with what it says; null where it cannot be said, never 0. */
export interface Figure {
  readonly name: string;
  readonly definition: string;
  readonly asOf: CalendarDate;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** What is counted: treatments, patients, visits, windows, reviews, minutes. */
  readonly unit: string;
  readonly value: number | null;
  /** 95 % interval of a proportion, and its method; null for what is no proportion of things that happen or not. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly interval: 'wilson' | null;
  /** Clopper and Pearson’s exact interval beside it: wider, for where few are counted. */
  readonly exactLower: number | null;
  readonly exactUpper: number | null;
  readonly unsaid: Unsaid | null;
  /** What the numerator or the rest of the denominator is made of. */
  readonly parts: Readonly<Record<string, number>>;
}

interface Said {
  readonly name: string;
  readonly definition: string;
  readonly asOf: CalendarDate;
  readonly unit: string;
  readonly parts?: Readonly<Record<string, number>>;
}

/** A proportion of things that happen or not, with Wilson's interval and the exact one. */
export function share(said: Said, numerator: number, denominator: number): Figure {
  const found = wilson(numerator, denominator);
  const exact = clopperPearson(numerator, denominator);
  return {
    ...said,
    parts: said.parts ?? {},
    numerator,
    denominator,
    value: found?.proportion ?? null,
    lower: found?.lower ?? null,
    upper: found?.upper ?? null,
    interval: found ? 'wilson' : null,
    exactLower: exact?.lower ?? null,
    exactUpper: exact?.upper ?? null,
    unsaid: found ? null : 'nothing-to-count',
  };
}

/** A ratio of amounts, such as minutes: no interval is claimed, since minutes do not come one by one. */
export function ratio(said: Said, numerator: number, denominator: number): Figure {
  return {
    ...said,
    parts: said.parts ?? {},
    numerator,
    denominator,
    value: denominator === 0 ? null : numerator / denominator,
    ...NO_INTERVAL,
    unsaid: denominator === 0 ? 'nothing-to-count' : null,
  };
}

/** What cannot be said, and why. */
export const unsaid = ({ name, definition, asOf, unit }: Said, why: Unsaid): Figure => ({
  name,
  definition,
  asOf,
  unit,
  parts: {},
  numerator: null,
  denominator: null,
  value: null,
  ...NO_INTERVAL,
  unsaid: why,
});

const NO_INTERVAL = {
  lower: null,
  upper: null,
  interval: null,
  exactLower: null,
  exactUpper: null,
} as const;
