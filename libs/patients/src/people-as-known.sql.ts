// How a statement about the past sees who was one person then: $1 is the clinic.

/** Records that were one person's before an instant: `people`, a row for each of them. */
export const peopleBefore = (instant: string): string =>
  `people AS MATERIALIZED (SELECT * FROM people_before($1, ${instant}))`;
export const personOf = (record: string): string =>
  `coalesce((SELECT person_id FROM people WHERE people.patient_id = ${record}), ${record})`;
export const recordsOf = (record: string): string =>
  `coalesce((SELECT records FROM people WHERE people.patient_id = ${record}), ARRAY[${record}])`;
