/** Tables whose every earlier state is kept. */
export type KnownTable =
  | 'clinic'
  | 'location'
  | 'opening_hours'
  | 'closed_day'
  | 'extra_opening'
  | 'staff'
  | 'working_hours'
  | 'absence'
  | 'extra_hours'
  | 'appointment_type'
  | 'lot'
  | 'vial';

/**
 * Tables as they were known before an instant, under their own names, so that a statement reads them as it would read
 * the tables: `WITH ${asKnown(['location'], '$2')} SELECT zone FROM location`. `$1` is the clinic. Columns that are not
 * kept are null. What was there before history was kept is taken to have always been so.
 */
export const asKnown = (tables: readonly KnownTable[], before: string): string =>
  tables
    .map(
      (table) => `${table} AS (
    SELECT r.* FROM known_row k CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, k.facts) r
     WHERE k.clinic_id = $1 AND k.source = '${table}' AND k.known_from < ${before} AND (k.known_to IS NULL OR k.known_to >= ${before}))`,
    )
    .join(',');
