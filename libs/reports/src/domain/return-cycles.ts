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

/**
 * A patient who died, moved away or asked not to be contacted on `leftOn`, as the clinic knew from `recordedOn` until it
 * was taken back. Who died or moved away can no longer return; who opted out still can.
 */
export interface Departure {
  readonly patientId: string;
  readonly reason: 'deceased' | 'transferred' | 'opted-out';
  readonly leftOn: CalendarDate;
  readonly recordedOn: CalendarDate;
  readonly takenBackOn: CalendarDate | null;
}

/** Whether it had happened, was known and was not taken back on `asOf`. */
export const isKnown = (
  { leftOn, recordedOn, takenBackOn }: Omit<Departure, 'patientId' | 'reason'>,
  asOf: CalendarDate,
): boolean => leftOn <= asOf && recordedOn <= asOf && !(takenBackOn !== null && takenBackOn <= asOf);

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
  readonly leftBecause: Exclude<Departure['reason'], 'opted-out'> | null;
  /** Days after which the patient asked not to be contacted, before the cycle ended; null where that was not so. */
  readonly optedOutAfter: number | null;
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
 * Index treatments of one patient on one day are one. A patient who died or moved away before coming back ends the cycle
 * as left; one treated on the day of leaving has returned; a departure dated before an index treatment says nothing
 * about it. Opting out ends no cycle, since the patient may come all the same: it is told beside.
 */
export function returnCycles<T extends RecordedTreatment>(
  treatments: Iterable<T>,
  departures: Iterable<Departure>,
  { scope, asOf }: ReturnQuestion,
): readonly ReturnCycle<T>[] {
  const known = Iterator.from(departures).filter((departure) => isKnown(departure, asOf));
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
        optedOutAfter: optedOutAfter(treatedOn, end, leaving),
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
  const departure = leaving.find(({ reason, leftOn }) => reason !== 'opted-out' && leftOn >= treatedOn);
  if (returnedOn && !(departure && departure.leftOn < returnedOn)) {
    return { outcome: 'returned', endedOn: returnedOn, leftBecause: null };
  }
  if (departure)
    return {
      outcome: 'left',
      endedOn: departure.leftOn,
      leftBecause: departure.reason === 'deceased' ? 'deceased' : 'transferred',
    };
  return { outcome: 'open', endedOn: asOf, leftBecause: null };
}

/** One who came back on the day of opting out has returned. */
function optedOutAfter(
  treatedOn: CalendarDate,
  { outcome, endedOn }: Pick<ReturnCycle, 'outcome' | 'endedOn'>,
  leaving: readonly Departure[],
): number | null {
  const wish = leaving.find(({ reason, leftOn }) => reason === 'opted-out' && leftOn >= treatedOn);
  if (!wish || wish.leftOn > endedOn || (outcome === 'returned' && wish.leftOn === endedOn)) return null;
  return daysBetween(treatedOn, wish.leftOn);
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
