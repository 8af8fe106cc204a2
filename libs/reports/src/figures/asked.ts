import type { Figure } from './domain/figure.js';
import type { Period } from './domain/figure-definitions.js';

/** Whose visits and treatments; absent members ask nothing. */
export interface Whose {
  readonly practitionerId?: string | undefined;
  readonly locationId?: string | undefined;
}

/** What figures are asked for. */
export interface Asked {
  readonly period: Period;
  readonly whose: Whose;
  /** The end of asOf at the clinic’s first location: what of the register was recorded from then on is not known. */
  readonly before: Date;
}

/** A figure with the number of different patients its denominator is of. */
export interface Told {
  readonly figure: Figure;
  readonly patients: number;
}

/** The values of a statement about figures, after the clinic: asOf, from, to, practitioner, location, before. */
export const valuesOf = ({ period: { asOf, from, to }, whose, before }: Asked): unknown[] => [
  asOf,
  from,
  to,
  whose.practitionerId ?? null,
  whose.locationId ?? null,
  before,
];
