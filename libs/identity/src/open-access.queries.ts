import { sql, type Tx } from '#database';

/** A session or key that still stands, with what its owner may do; `scopes` null: a session. */
export interface OpenAccessRow {
  id: string;
  roles: string[];
  scopes: string[] | null;
  deskReadsCharts: boolean;
  locationIds: string[];
}

// Not `session_actor`: being told of something is no use of a session, so it must not keep it from going idle.
const OPEN = sql(`
  SELECT s.id, f.roles, NULL::text[] AS scopes, c.desk_reads_charts AS "deskReadsCharts",
         ARRAY(SELECT l.location_id FROM staff_location l WHERE l.clinic_id = f.clinic_id AND l.staff_id = f.id) AS "locationIds"
    FROM session s
    JOIN staff f ON f.clinic_id = s.clinic_id AND f.id = s.staff_id AND f.active
    JOIN clinic c ON c.id = s.clinic_id
   WHERE s.clinic_id = $1 AND s.id = ANY ($2::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > $3 AND s.last_seen_at > $4
     AND (s.second_factor OR NOT c.require_second_factor)
   UNION ALL
  SELECT k.id, '{}', k.scopes, false, '{}'
    FROM api_key k JOIN staff f ON f.clinic_id = k.clinic_id AND f.id = k.staff_id AND f.active
   WHERE k.clinic_id = $1 AND k.id = ANY ($2::uuid[]) AND k.revoked_at IS NULL AND k.expires_at > $3`);

/** By the id of the session or key; a session somebody used since `seenSince`. */
export const openAccess = (tx: Tx, ids: readonly string[], seenSince: Date): Promise<OpenAccessRow[]> =>
  tx.rows<OpenAccessRow>(OPEN, [tx.clinicId, ids, tx.now, seenSince]);
