import type { CalendarDate } from '#kernel';
import { wilson } from '../../domain/statistics/proportion.js';

/** Why a figure cannot be said. */
export type Unsaid = 'nothing-to-count' | 'period-not-over' | 'not-kept' | 'too-few-patients';

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
  /** 95 % interval of a proportion, and its method; null for what is no proportion of independent things. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly interval: 'wilson' | null;
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

/** A proportion of things that happen or not, with Wilson's interval. */
export function share(said: Said, numerator: number, denominator: number): Figure {
  const found = wilson(numerator, denominator);
  return {
    ...said,
    parts: said.parts ?? {},
    numerator,
    denominator,
    value: found?.proportion ?? null,
    lower: found?.lower ?? null,
    upper: found?.upper ?? null,
    interval: found ? 'wilson' : null,
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
export const unsaid = (said: Said, why: Unsaid): Figure => ({
  ...said,
  parts: {},
  numerator: null,
  denominator: null,
  value: null,
  ...NO_INTERVAL,
  unsaid: why,
});

const NO_INTERVAL = { lower: null, upper: null, interval: null } as const;

/** The same without its numbers, for somebody to whom small ones are not told. */
export const withheld = (figure: Figure): Figure => ({
  ...unsaid(figure, 'too-few-patients'),
});
