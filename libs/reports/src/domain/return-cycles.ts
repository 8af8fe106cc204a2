import { daysBetween, type CalendarDate } from '#kernel';

/** A treatment with the days on which the clinic came to know what it says: a report in the past sees only those. */
export interface RecordedTreatment {
  readonly treatmentId: string;
  readonly patientId: string;
  readonly treatedOn: CalendarDate;
  readonly areas: readonly string[];
  readonly kind: 'full' | 'touch-up';
  /** Null while it is a draft. */
  readonly signedOn: CalendarDate | null;
  /** The day it was entered in error, else null. */
  readonly withdrawnOn: CalendarDate | null;
}

/** A patient who can no longer return, from `leftOn`, known to the clinic since `recordedOn`. */
export interface Departure {
  readonly patientId: string;
  readonly reason: 'deceased' | 'transferred' | 'opted-out';
  readonly leftOn: CalendarDate;
  readonly recordedOn: CalendarDate;
}

/** `same-area`: a return treats the area again, one cycle an area. `any-area`: any next full treatment returns. */
export type ReturnScope = 'same-area' | 'any-area';

export interface ReturnQuestion {
  readonly scope: ReturnScope;
  /** The last day that counts; nothing that happened or became known later is used. */
  readonly asOf: CalendarDate;
}

/**
 * From an index treatment to the patient's next one, to the day the patient left, or to `asOf` while still open.
 * `treatments` are the one or more of that day: filters (practitioner, product, location) ask them.
 */
export interface ReturnCycle<T extends RecordedTreatment = RecordedTreatment> {
  readonly patientId: string;
  /** Null when the scope is any area. */
  readonly area: string | null;
  readonly treatments: readonly T[];
  readonly treatedOn: CalendarDate;
  /** 1 for the patient's first index treatment (in this area, when the scope is same area). */
  readonly ordinal: number;
  readonly outcome: 'returned' | 'left' | 'open';
  readonly endedOn: CalendarDate;
  readonly days: number;
  readonly leftBecause: Departure['reason'] | null;
}

/** Whether a treatment starts and ends cycles: full, signed and not withdrawn, as known on `asOf`. */
export function isIndexTreatment(treatment: RecordedTreatment, asOf: CalendarDate): boolean {
  const { kind, treatedOn, signedOn, withdrawnOn } = treatment;
  return (
    kind === 'full' &&
    treatedOn <= asOf &&
    signedOn !== null &&
    signedOn <= asOf &&
    !(withdrawnOn !== null && withdrawnOn <= asOf)
  );
}

/**
 * Every index treatment's cycle, by day, patient and area. Give it *all* treatments of the patients and filter the
 * cycles afterwards: a return to another practitioner or location is still a return.
 *
 * Index treatments of one patient on one day are one. A patient who left before coming back ends the cycle as left;
 * one treated on the day of leaving has returned; a departure dated before an index treatment says nothing about it.
 */
export function returnCycles<T extends RecordedTreatment>(
  treatments: Iterable<T>,
  departures: Iterable<Departure>,
  { scope, asOf }: ReturnQuestion,
): readonly ReturnCycle<T>[] {
  const known = Iterator.from(departures).filter(
    ({ leftOn, recordedOn }) => leftOn <= asOf && recordedOn <= asOf,
  );
  const departuresOf = Map.groupBy(known, ({ patientId }) => patientId);
  const cycles: ReturnCycle<T>[] = [];
  for (const course of courses(treatments, scope, asOf)) {
    const leaving = departuresOf.get(course.patientId)?.toSorted((a, b) => compare(a.leftOn, b.leftOn)) ?? [];
    const days = [...course.days].toSorted(([a], [b]) => compare(a, b));
    for (const [index, [treatedOn, treated]] of days.entries()) {
      const end = endOf(treatedOn, days[index + 1]?.[0], leaving, asOf);
      cycles.push({
        patientId: course.patientId,
        area: course.area,
        treatments: treated,
        treatedOn,
        ordinal: index + 1,
        ...end,
        days: daysBetween(treatedOn, end.endedOn),
      });
    }
  }
  return cycles.toSorted(
    (a, b) =>
      compare(a.treatedOn, b.treatedOn) ||
      compare(a.patientId, b.patientId) ||
      compare(a.area ?? '', b.area ?? ''),
  );
}

function endOf(
  treatedOn: CalendarDate,
  returnedOn: CalendarDate | undefined,
  leaving: readonly Departure[],
  asOf: CalendarDate,
): Pick<ReturnCycle, 'outcome' | 'endedOn' | 'leftBecause'> {
  const departure = leaving.find(({ leftOn }) => leftOn >= treatedOn);
  if (returnedOn && !(departure && departure.leftOn < returnedOn)) {
    return { outcome: 'returned', endedOn: returnedOn, leftBecause: null };
  }
  if (departure) return { outcome: 'left', endedOn: departure.leftOn, leftBecause: departure.reason };
  return { outcome: 'open', endedOn: asOf, leftBecause: null };
}

/** The index treatments of one patient (in one area) by day. */
interface Course<T> {
  readonly patientId: string;
  readonly area: string | null;
  readonly days: Map<CalendarDate, T[]>;
}

function courses<T extends RecordedTreatment>(
  treatments: Iterable<T>,
  scope: ReturnScope,
  asOf: CalendarDate,
): Iterable<Course<T>> {
  const byKey = new Map<string, Course<T>>();
  for (const treatment of treatments) {
    if (!isIndexTreatment(treatment, asOf)) continue;
    const { patientId, treatedOn } = treatment;
    for (const area of scope === 'any-area' ? [null] : new Set(treatment.areas)) {
      const key = `${patientId} ${area ?? ''}`;
      const course = byKey.get(key) ?? { patientId, area, days: new Map<CalendarDate, T[]>() };
      byKey.set(key, course);
      const sameDay = course.days.get(treatedOn);
      if (sameDay) sameDay.push(treatment);
      else course.days.set(treatedOn, [treatment]);
    }
  }
  return byKey.values();
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
