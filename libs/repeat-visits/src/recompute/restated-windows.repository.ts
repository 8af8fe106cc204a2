import { sql, type Tx } from '#database';

// Today is the location's. The states are those of window-status.ts; none of it adds to a date but one day.
const RESTATE = sql(`
  WITH turned AS (
    SELECT w.id, w.earliest, w.recommended_from, w.recommended_to, w.lapsed_after,
           ($2::timestamptz AT TIME ZONE coalesce(l.zone, 'UTC'))::date AS today
      FROM repeat_visit_window w
      LEFT JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
     WHERE w.clinic_id = $1 AND w.status = 'open' AND w.changes_on <= ($2::timestamptz AT TIME ZONE 'UTC')::date + 1
  ), stated AS (
    SELECT id, s.state, s.since, s.changes_on
      FROM turned
     CROSS JOIN LATERAL (
       SELECT CASE WHEN today < earliest THEN 'too-early'
                   WHEN recommended_from IS NULL OR earliest IS NULL THEN NULL
                   WHEN today < recommended_from THEN 'permitted-early'
                   WHEN today > lapsed_after THEN 'lapsed'
                   WHEN today > recommended_to THEN 'past-due'
                   ELSE 'due' END AS state,
              (SELECT max(turn) FROM unnest(ARRAY[earliest, recommended_from, recommended_to + 1, lapsed_after + 1]) turn
                WHERE turn <= today) AS since,
              (SELECT min(turn) FROM unnest(ARRAY[earliest, recommended_from, recommended_to + 1, lapsed_after + 1]) turn
                WHERE turn > today) AS changes_on) s
  ), kept AS (
    UPDATE repeat_visit_window w SET state = s.state, changes_on = s.changes_on
      FROM stated s
     WHERE w.clinic_id = $1 AND w.id = s.id AND (w.state, w.changes_on) IS DISTINCT FROM (s.state, s.changes_on)
    RETURNING w.id, w.patient_id, w.state, s.since
  ), noted AS (
  INSERT INTO window_state_change (clinic_id, window_id, state, since, stated_at)
  SELECT $1, id, state, since, $2 FROM kept WHERE state IS NOT NULL AND since IS NOT NULL
      ON CONFLICT DO NOTHING)
  SELECT id AS "windowId", patient_id AS "patientId", state AS what FROM kept ORDER BY id`);

/** A window, and the state it came to stand in. */
export interface RestatedWindow {
  readonly windowId: string;
  readonly patientId: string;
  readonly what: string | null;
}

/** Says of each window that came to stand elsewhere by `at` where it stands, and since which day; returns those. */
export const restateWindows = (tx: Tx, at: Date): Promise<RestatedWindow[]> =>
  tx.rows<RestatedWindow>(RESTATE, [tx.clinicId, at]);
