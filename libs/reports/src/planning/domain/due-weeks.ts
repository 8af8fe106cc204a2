import { isFew } from '../../domain/courses/small-cells.js';

/** Patients due in a week, and how many of them were booked. */
export interface Due {
  readonly patients: number;
  readonly booked: number;
}

/** The same as it is told; null where it is not. */
export interface ToldDue {
  readonly due: number | null;
  readonly booked: number | null;
  readonly toBook: number | null;
}

/** A number of one location beside the whole clinic's, from which that of all others follows. */
const isHidden = (part: number, all: number): boolean => isFew(part) || isFew(all - part);
const toBookOf = ({ patients, booked }: Due): number => patients - booked;

/**
 * A week of one location beside the same week of the whole clinic, which is null where small numbers are told. One to four
 * patients are not told, nor a number from which one to four elsewhere would follow, nor the two that give the third.
 */
export function toldDue(due: Due, whole: Due | null): ToldDue {
  const { patients, booked } = due;
  const mayNot =
    whole !== null &&
    (isHidden(patients, whole.patients) ||
      isHidden(booked, whole.booked) ||
      isHidden(toBookOf(due), toBookOf(whole)));
  return mayNot
    ? { due: null, booked: null, toBook: null }
    : { due: patients, booked, toBook: toBookOf(due) };
}

/** The same of what is overdue, where only who is to be booked is told. */
export const toldOverdue = (due: Due, whole: Due | null): number | null =>
  whole !== null && isHidden(toBookOf(due), toBookOf(whole)) ? null : toBookOf(due);
