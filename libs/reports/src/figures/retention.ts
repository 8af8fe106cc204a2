import { addDays } from '#kernel';

import { cutCycles, type ClinicCourses } from '../domain/courses/clinic-courses.js';
import type { ReturnFilter } from '../domain/return-filter.js';
import type { Asked, Told, Whose } from './asked.js';
import { share, unsaid } from './domain/figure.js';
import { figureSays } from './domain/figure-definitions.js';

/** Patients of a period who came again after it. */
export function retentionOf(courses: ClinicCourses, { period, whose }: Asked): Told {
  const { asOf, from, to } = period;
  const said = { name: 'retention', definition: figureSays.retention(period), asOf, unit: 'patients' };
  if (to >= asOf) return { figure: unsaid(said, 'period-not-over'), patients: 0 };
  const patients = (filter: ReturnFilter): Set<number> =>
    new Set(cutCycles(courses, 'any-area', [], filter).columns.patient);
  const seen = patients({ ...asFilter(whose), from, to });
  const later = patients({ from: addDays(to, 1), to: asOf });
  return { figure: share(said, seen.intersection(later).size, seen.size), patients: seen.size };
}

/** The same as a filter of return rates. */
export const asFilter = ({ practitionerId, locationId }: Whose): ReturnFilter => ({
  ...(practitionerId === undefined ? {} : { practitionerId }),
  ...(locationId === undefined ? {} : { locationId }),
});
