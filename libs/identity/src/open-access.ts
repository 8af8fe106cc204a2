import { CONFIG, type Config } from '#config';
import { sql, type Tx } from '#database';
import { Inject, Injectable } from '@nestjs/common';

import { type Permission, permissionsOf, permissionsOfScopes } from './domain/permissions.js';
import type { Workplaces } from './domain/workplace.js';

const MINUTE_MS = 60_000;

/** What somebody may do whose session or key still stands. */
export interface Access extends Workplaces {
  readonly permissions: ReadonlySet<Permission>;
  readonly locationIds: readonly string[];
}

interface Row {
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

/** For whoever answers over a long time: what the guard would say now of those who asked then. */
@Injectable()
export class OpenAccess {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** By the id of the session or key; those missing that expired, were left idle or revoked, or whose owner left. */
  async of(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Access>> {
    const seenSince = new Date(tx.now.getTime() - this.config.sessionIdleMinutes * MINUTE_MS);
    const rows = await tx.rows<Row>(OPEN, [tx.clinicId, ids, tx.now, seenSince]);
    return new Map(
      rows.map(({ id, roles, scopes, deskReadsCharts, locationIds }) => [
        id,
        {
          permissions: scopes ? permissionsOfScopes(scopes) : permissionsOf(roles, { deskReadsCharts }),
          locationIds,
        },
      ]),
    );
  }
}
