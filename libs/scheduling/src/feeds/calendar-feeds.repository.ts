import { Database, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentStatus } from '../domain/appointment-status.js';
import type { CalendarFeedView } from './http/calendar-feed.dto.js';

/** A visit as far as a calendar outside the clinic may know it: no patient, no type. */
export interface CalendarVisit {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: AppointmentStatus;
  readonly version: number;
  readonly updatedAt: Date;
  readonly practitionerName: string;
  readonly locationName: string;
}

export interface FeedRow {
  readonly id: string;
  readonly practitionerId: string | null;
  readonly locationId: string | null;
  readonly name: string;
}

const BY_TOKEN = sql('SELECT clinic_id AS "clinicId", feed_id AS "feedId" FROM feed_clinic($1)');
// Whoever left the clinic takes no calendar along: their own and those they made fall silent with their account.
const READ = sql(`
  SELECT f.id, f.practitioner_id AS "practitionerId", f.location_id AS "locationId",
         coalesce(s.display_name, l.name) AS name
    FROM calendar_feed f
    JOIN staff m ON m.clinic_id = f.clinic_id AND m.id = f.created_by AND m.active
    LEFT JOIN staff s ON s.clinic_id = f.clinic_id AND s.id = f.practitioner_id AND s.active
    LEFT JOIN location l ON l.clinic_id = f.clinic_id AND l.id = f.location_id AND l.active
   WHERE f.clinic_id = $1 AND f.id = $2 AND f.revoked_at IS NULL AND coalesce(s.id, l.id) IS NOT NULL`);
const LIST = sql(`
  SELECT f.id, f.practitioner_id AS "practitionerId", f.location_id AS "locationId",
         coalesce(s.display_name, l.name) AS name, f.created_by AS "createdBy", f.created_at AS "createdAt"
    FROM calendar_feed f
    LEFT JOIN staff s ON s.clinic_id = f.clinic_id AND s.id = f.practitioner_id
    LEFT JOIN location l ON l.clinic_id = f.clinic_id AND l.id = f.location_id
   WHERE f.clinic_id = $1 AND f.revoked_at IS NULL AND ($2::uuid IS NULL OR f.created_by = $2 OR f.practitioner_id = $2)
     AND ($3::uuid IS NULL OR f.id = $3)
   ORDER BY f.created_at, f.id LIMIT 500`);
const ADD = sql(`
  INSERT INTO calendar_feed (clinic_id, id, token_hash, practitioner_id, location_id, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const REVOKE = sql(
  'UPDATE calendar_feed SET revoked_at = $3 WHERE clinic_id = $1 AND id = $2 AND revoked_at IS NULL',
);
const REVOKE_ALL_OF = sql(`
  UPDATE calendar_feed SET revoked_at = $3
   WHERE clinic_id = $1 AND (created_by = $2 OR practitioner_id = $2) AND revoked_at IS NULL`);

const visits = (whose: string): string => `
  SELECT a.id, a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.status, a.version, a.updated_at AS "updatedAt",
         s.display_name AS "practitionerName", l.name AS "locationName"
    FROM appointment a
    JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND ${whose} = $2 AND a.starts_at >= $3 AND a.starts_at < $4
     AND a.status NOT IN ('held', 'released')
     AND (a.status NOT IN ('cancelled', 'no-show', 'entered-in-error') OR a.updated_at >= $5)
   ORDER BY a.starts_at, a.id`;
const OF_PRACTITIONER = sql(visits('a.practitioner_id'));
const OF_LOCATION = sql(visits('a.location_id'));

@Injectable()
export class CalendarFeedsRepository {
  constructor(private readonly database: Database) {}

  /** The feed a secret opens: one round trip before any clinic is known. */
  byToken(hash: Buffer): Promise<{ clinicId: string; feedId: string } | null> {
    return this.database.lookUp(BY_TOKEN, [hash]);
  }

  read(tx: Tx, id: string): Promise<FeedRow | null> {
    return tx.maybe<FeedRow>(READ, [tx.clinicId, id]);
  }

  /** Feeds that are open: of or by this person, or everybody's for null. */
  list(tx: Tx, staffId: string | null, id: string | null = null): Promise<CalendarFeedView[]> {
    return tx.rows<CalendarFeedView>(LIST, [tx.clinicId, staffId, id]);
  }

  async add(
    tx: Tx,
    feed: { id: string; hash: Buffer; practitionerId: string | null; locationId: string | null },
  ): Promise<void> {
    const { id, hash, practitionerId, locationId } = feed;
    await tx.run(ADD, [tx.clinicId, id, hash, practitionerId, locationId, tx.actor.staffId, tx.now]);
  }

  async revoke(tx: Tx, id: string): Promise<void> {
    await tx.run(REVOKE, [tx.clinicId, id, tx.now]);
  }

  /** Those somebody made and those that show them. */
  async revokeAllOf(tx: Tx, staffId: string): Promise<void> {
    await tx.run(REVOKE_ALL_OF, [tx.clinicId, staffId, tx.now]);
  }

  /** Visits that start in `[from, to)`; those called off only while that is news. */
  visits(
    tx: Tx,
    { practitionerId, locationId }: FeedRow,
    range: { readonly from: Date; readonly to: Date; readonly calledOffSince: Date },
  ): Promise<CalendarVisit[]> {
    const values = [range.from, range.to, range.calledOffSince];
    return practitionerId === null
      ? tx.rows<CalendarVisit>(OF_LOCATION, [tx.clinicId, locationId, ...values])
      : tx.rows<CalendarVisit>(OF_PRACTITIONER, [tx.clinicId, practitionerId, ...values]);
  }
}
