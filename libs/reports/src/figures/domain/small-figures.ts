import { FEWEST_PATIENTS } from '../../domain/courses/small-cells.js';
import { unsaid, type Figure } from './figure.js';

interface Counted {
  readonly figure: Figure;
  readonly patients: number;
}

/**
 * Whether somebody who may not see charts is told a figure: it is of five patients or more, and so is what the `whole` has
 * beside it, which follows by subtraction (patients who are in both count for neither). Without a whole everything is told.
 */
export function mayBeTold(part: Counted, whole: Counted | null): boolean {
  if (whole === null || part.figure.unsaid !== null) return true;
  if (part.patients < FEWEST_PATIENTS) return false;
  const isAll =
    part.figure.denominator === whole.figure.denominator && part.figure.numerator === whole.figure.numerator;
  return isAll || whole.patients - part.patients >= FEWEST_PATIENTS;
}

// Each has the numbers of the other among its parts.
const INSEPARABLE: Readonly<Record<string, string>> = { 'no-show': 'late-cancel', 'late-cancel': 'no-show' };

/** Figures as they are told beside the same ones of the whole clinic; `whole` is null where small numbers are told. */
export function asTold(told: readonly Counted[], whole: readonly Counted[] | null): Figure[] {
  const hidden = new Set(
    told.flatMap((one, i) => (mayBeTold(one, whole?.[i] ?? null) ? [] : [one.figure.name])),
  );
  return told.map(({ figure }) =>
    hidden.has(figure.name) || hidden.has(INSEPARABLE[figure.name] ?? '') ? withheld(figure) : figure,
  );
}

/** The same without its numbers. */
export const withheld = (figure: Figure): Figure => unsaid(figure, 'too-few-patients');
