import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentStatus } from '../domain/appointment-status.js';

/** A change of an appointment, with where and when the visit is, and was before it was moved. */
export interface AppointmentChanged {
  readonly appointmentId: string;
  readonly version: number;
  readonly verb: string;
  readonly status: AppointmentStatus;
  readonly at: Date;
  readonly locationId: string;
  readonly startsAt: Date;
  readonly fromLocationId: string | null;
  readonly fromStartsAt: string | null;
}

/** Changes since a point, and the point to go on from. */
export interface ChangesSince {
  readonly horizon: number;
  /** null: too many to tell one by one. */
  readonly changes: readonly AppointmentChanged[] | null;
}

const MOST = 500;

// Every transaction below the horizon has ended, so that whoever reads on from it misses none that was still running.
const HORIZON = sql('SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon');
const CHANGES = sql(`
  SELECT c.appointment_id AS "appointmentId", c.version, c.verb, c.status, c.at, a.location_id AS "locationId",
         a.starts_at AS "startsAt", c.detail -> 'from' ->> 'locationId' AS "fromLocationId",
         c.detail -> 'from' ->> 'startsAt' AS "fromStartsAt"
    FROM (SELECT * FROM appointment_change WHERE clinic_id = $1 AND xact >= $2 ORDER BY xact LIMIT $3) c
    JOIN appointment a ON a.clinic_id = c.clinic_id AND a.id = c.appointment_id
   ORDER BY c.xact, c.at, c.appointment_id, c.version`);
const LOCATION = sql('SELECT zone FROM location WHERE clinic_id = $1 AND id = $2');

/** What changed in the clinic's appointments, read behind row-level security. */
@Injectable()
export class ChangesQueries {
  /** `since` null: only the point to go on from. A change may be told twice, never missed. */
  async since(tx: Tx, since: number | null): Promise<ChangesSince> {
    const { horizon } = await tx.one<{ horizon: number }>(HORIZON);
    if (since === null) return { horizon, changes: [] };
    // A point of another server's counting: nothing can be said from there.
    if (since > horizon) return { horizon, changes: null };
    const changes = await tx.rows<AppointmentChanged>(CHANGES, [tx.clinicId, since, MOST + 1]);
    return { horizon, changes: changes.length > MOST ? null : changes };
  }

  async zoneOf(tx: Tx, locationId: string): Promise<string | null> {
    return (await tx.maybe<{ zone: string }>(LOCATION, [tx.clinicId, locationId]))?.zone ?? null;
  }
}
