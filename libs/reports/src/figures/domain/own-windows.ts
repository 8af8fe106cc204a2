import { fromEpochDay, type CalendarDate } from '#kernel';
import { cutCycles, type ClinicCourses, type CutCycles } from '../../domain/courses/clinic-courses.js';
import { LEFT, RETURNED, type CycleColumns } from '../../domain/courses/cycle-columns.js';
import { survivorOf } from '../../domain/courses/unions.js';

/** A window as it stood: whose, for which treatment, and its days. */
export interface StoodWindow {
  readonly number: number;
  readonly area: string;
  readonly treatedOn: CalendarDate;
  readonly recommendedFrom: CalendarDate | null;
  readonly recommendedTo: CalendarDate;
  readonly lapsedAfter: CalendarDate | null;
}

/** A window that opened, and how far it came. */
export interface OpenedWindow extends StoodWindow {
  readonly recommendedFrom: CalendarDate;
  readonly contacted: boolean;
  /** Contacted, and somebody answered. */
  readonly reached: boolean;
  readonly booked: boolean;
}

/** What became of the treatment a window is for. */
export interface Outcome {
  /** The number the patient was known under: a record merged by then counts as the one it went into. */
  readonly patient: number;
  readonly outcome: 'returned' | 'left' | 'open';
  readonly endedOn: CalendarDate;
}

export type OutcomeOf = (window: Pick<StoodWindow, 'number' | 'area' | 'treatedOn'>) => Outcome | null;

/**
 * Finds cycles of the clinic by patient, area and treatment day, also by the number of a record merged by then; nothing is
 * walked until the first is looked for.
 */
export function outcomesIn(courses: ClinicCourses): OutcomeOf {
  let found: OutcomeOf | undefined;
  return (window) => {
    if (found === undefined) {
      const { columns, values } = cutCycles(courses, 'same-area', ['area'], {});
      found = outcomesOf(columns, values, survivorOf(courses.register.unions, courses.asOf));
    }
    return found(window);
  };
}

/** Finds cycles by patient, area and treatment day. */
function outcomesOf(
  columns: CycleColumns,
  areaOfGroup: CutCycles['values'],
  rootOf: (number: number) => number,
): OutcomeOf {
  const places = new Map<string, number>();
  for (let i = 0; i < columns.length; i += 1) {
    const area = areaOfGroup[columns.group[i] ?? 0]?.[0] ?? '';
    places.set(`${columns.patient[i]} ${area} ${fromEpochDay(columns.treatedOn[i] ?? 0)}`, i);
  }
  return ({ number, area, treatedOn }) => {
    const patient = rootOf(number);
    const at = places.get(`${patient} ${area} ${treatedOn}`);
    if (at === undefined) return null;
    const how = columns.outcome[at];
    return {
      patient,
      outcome: how === RETURNED ? 'returned' : how === LEFT ? 'left' : 'open',
      endedOn: fromEpochDay((columns.treatedOn[at] ?? 0) + (columns.days[at] ?? 0)),
    };
  };
}

export interface WindowTally {
  readonly closed: number;
  readonly patients: number;
  readonly onTime: number;
  readonly early: number;
  readonly late: number;
  /** Back only after the window had lapsed, or not back and lapsed. */
  readonly lapsed: number;
  /** Past the window, not back, not lapsed yet. */
  readonly stillOut: number;
}

/** How patients came back against their own windows; a window whose treatment no longer stands, or whose patient left
 *  before it closed, is not counted. */
export function tallyWindows(
  windows: readonly StoodWindow[],
  outcomeOf: OutcomeOf,
  asOf: CalendarDate,
): WindowTally {
  const tally = { closed: 0, onTime: 0, early: 0, late: 0, lapsed: 0, stillOut: 0 };
  const patients = new Set<number>();
  for (const window of windows) {
    const found = outcomeOf(window);
    if (found === null) continue;
    const { patient, outcome, endedOn } = found;
    if (outcome === 'left' && endedOn <= window.recommendedTo) continue;
    tally.closed += 1;
    patients.add(patient);
    tally[placeOf(window, outcome === 'returned' ? endedOn : null, asOf)] += 1;
  }
  return { ...tally, patients: patients.size };
}

export interface FunnelTally {
  readonly due: number;
  readonly contacted: number;
  readonly reached: number;
  readonly booked: number;
  readonly attended: number;
  /** Different ones among those due, and among those booked. */
  readonly patients: number;
  readonly patientsBooked: number;
}

/**
 * How far patients who became due have come. A window whose treatment no longer stands, or whose patient came back, died
 * or moved away before it opened, was never to be worked.
 */
export function tallyFunnel(windows: readonly OpenedWindow[], outcomeOf: OutcomeOf): FunnelTally {
  const due = windows.flatMap((window) => {
    const found = outcomeOf(window);
    if (found === null || (found.outcome !== 'open' && found.endedOn < window.recommendedFrom)) return [];
    return [{ ...window, patient: found.patient, attended: found.outcome === 'returned' }];
  });
  const booked = due.filter((window) => window.booked || window.attended);
  return {
    due: due.length,
    contacted: due.filter(({ contacted }) => contacted).length,
    reached: due.filter(({ reached }) => reached).length,
    booked: booked.length,
    attended: booked.filter(({ attended }) => attended).length,
    patients: new Set(due.map(({ patient }) => patient)).size,
    patientsBooked: new Set(booked.map(({ patient }) => patient)).size,
  };
}

function placeOf(
  { recommendedFrom, recommendedTo, lapsedAfter }: StoodWindow,
  returnedOn: CalendarDate | null,
  asOf: CalendarDate,
): Exclude<keyof WindowTally, 'closed' | 'patients'> {
  const day = returnedOn ?? asOf;
  if (returnedOn !== null && recommendedFrom !== null && day < recommendedFrom) return 'early';
  if (returnedOn !== null && day <= recommendedTo) return 'onTime';
  if (lapsedAfter !== null && day > lapsedAfter) return 'lapsed';
  return returnedOn === null ? 'stillOut' : 'late';
}
