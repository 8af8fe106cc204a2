import type { CalendarDate } from '#kernel';
import type { ReturnScope } from '../return-cycles.js';
import { widerThan, type ReturnFilter } from '../return-filter.js';
import { planCuts, type Cut, type CutFacts } from './cuts.js';
import type { CycleColumns } from './cycle-columns.js';
import type { PackedCourses } from './packed-courses.js';
import {
  FEWEST_PATIENTS,
  isFew,
  patientsBeside,
  smallCells,
  tellsSmall,
  type Viewer,
} from './small-cells.js';
import { walkCycles, type RegisterFacts } from './walk.js';

/** Everything a clinic's cycles are walked from, as known on asOf; many questions of one day ask the same. */
export interface ClinicCourses extends CutFacts {
  readonly asOf: CalendarDate;
  readonly packed: PackedCourses;
  readonly register: RegisterFacts;
}

/** Cycles cut into groups: `values[g]` says what group g of the columns is, one word a cut. */
export interface CutCycles {
  readonly columns: CycleColumns;
  readonly values: readonly (readonly string[])[];
}

/** All cycles the filter asks for; without cuts they are one group, if there are any. */
export function cutCycles(
  courses: ClinicCourses,
  scope: ReturnScope,
  cuts: readonly Cut[],
  filter: ReturnFilter,
): CutCycles {
  const { asOf, packed, register } = courses;
  const plan = planCuts(cuts, filter, courses);
  const { columns, keys } = walkCycles(packed, register, { scope, asOf }, plan.grouping);
  return { columns, values: keys.map(plan.valuesOf) };
}

/** What is not told of a cut: its overall, and groups by their place. */
export interface Hidden {
  readonly overall: boolean;
  readonly places: ReadonlySet<number>;
}

/**
 * What of a cut somebody is not told. What is left of the clinic, or of the same question less narrow, follows by
 * subtraction from the sum of the groups: where that is one to four patients, nothing of the cut is told.
 */
export function hiddenOf(
  viewer: Viewer,
  courses: ClinicCourses,
  scope: ReturnScope,
  filter: ReturnFilter,
  { columns, values }: CutCycles,
): Hidden {
  if (viewer.permissions.has('charts:read')) return { overall: false, places: new Set() };
  if (tellsSmall(viewer, filter)) return { overall: false, places: smallCells(columns, values) };
  // Without cuts, so that a cycle that stands in two groups is one.
  const part = cutCycles(courses, scope, [], filter).columns;
  const isGivenAway = widerThan(filter).some((wider) =>
    isFew(patientsBeside(cutCycles(courses, scope, [], wider).columns, part)),
  );
  if (isGivenAway) return { overall: true, places: new Set(values.keys()) };
  return {
    overall: new Set(part.patient).size < FEWEST_PATIENTS,
    places: smallCells(columns, values),
  };
}
