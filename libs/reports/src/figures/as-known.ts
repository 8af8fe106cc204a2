// How statements about figures see things as they were: $1 is the clinic, $2 asOf, $3 and $4 the period, $5 and $6 whose, $7 the
// end of asOf in the register, which has no zone of its own.

/** The end of asOf at a location. */
export const endOfAsOf = (zone: string): string => `(($2::date + 1)::timestamp AT TIME ZONE ${zone})`;

/** Records that were one person's before an instant: `people`, a row for each of them. */
export const peopleBefore = (instant: string): string =>
  `people AS MATERIALIZED (SELECT * FROM people_before($1, ${instant}))`;
export const PEOPLE = peopleBefore('$7');
export const personOf = (record: string): string =>
  `coalesce((SELECT person_id FROM people WHERE people.patient_id = ${record}), ${record})`;
export const recordsOf = (record: string): string =>
  `coalesce((SELECT records FROM people WHERE people.patient_id = ${record}), ARRAY[${record}])`;

/** The status of visit `v` at an instant, as `column`; joined laterally. */
export const statusAt = (instant: string, column: string): string => `
    LEFT JOIN LATERAL (SELECT c.status FROM visit_change c
                        WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.at < ${instant}
                        ORDER BY c.version DESC LIMIT 1) ${column} ON true`;

/** Where visit `v` was before the first move since an instant, as `moved`; all null where there was none. */
export const movedSince = (instant: string): string => `
    LEFT JOIN LATERAL (SELECT m.* FROM visit_moved m
                        WHERE m.clinic_id = v.clinic_id AND m.visit_id = v.visit_id AND m.at >= ${instant}
                        ORDER BY m.version LIMIT 1) moved ON true`;
