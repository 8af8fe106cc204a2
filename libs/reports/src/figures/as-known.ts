// How statements about figures see things as they were: $1 is the clinic, $2 asOf, $3 and $4 the period, $5 and $6 whose, $7 the
// end of asOf in the register, which has no zone of its own.

import { peopleBefore } from '#patients';

/** The end of asOf at a location. */
export const endOfAsOf = (zone: string): string => `(($2::date + 1)::timestamp AT TIME ZONE ${zone})`;

/** Records that were one person's by the end of asOf. */
export const PEOPLE = peopleBefore('$7');
