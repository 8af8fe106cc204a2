import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { SURVIVOR } from '../diaries.queries.js';
import type { AppointmentStatus } from '../domain/appointment-status.js';
import type { AppointmentKind, BookingRequest } from '../domain/booking-rules.js';
import { PRIORITIES, type Wish } from './domain/waitlist-match.js';
import type { WaitlistStatus, WaitlistVerb } from './domain/waitlist-status.js';
import type { WaitlistChangeView, WaitlistEntryView } from './http/waitlist.view.js';

/** A place on the waitlist as the services know it; of an offer whose time is up the view says nothing. */
export type WaitlistRow = Omit<WaitlistEntryView, 'priority'> & { readonly priority: number };

/** What is kept of a wish; `priority` is a position in PRIORITIES. */
export interface KeptWish extends Wish {
  readonly priority: number;
  readonly areaIds: readonly string[];
  readonly replacesId: string | null;
  readonly note: string | null;
}

/** Who or what the wish names, as far as this clinic has it. */
export interface Named {
  readonly market: BookingRequest['market'];
  readonly patient: BookingRequest['patient'] | null;
  readonly type: { readonly kind: AppointmentKind } | null;
  readonly practitioners: number;
  readonly locations: number;
  readonly replaced: {
    readonly patientId: string;
    readonly status: AppointmentStatus;
    readonly day: CalendarDate;
    readonly isAhead: boolean;
  } | null;
}

export interface ListFilter {
  readonly status: string;
  readonly patientId: string | null;
  readonly typeId: string | null;
  readonly locationId: string | null;
}

const ENTRIES = `
  SELECT e.id, e.patient_id AS "patientId", p.given_name || ' ' || p.family_name AS "patientName", e.type_id AS "typeId",
         t.name AS "typeName", coalesce(e.practitioner_ids, '{}') AS "practitionerIds",
         coalesce(e.location_ids, '{}') AS "locationIds", coalesce(e.weekdays, '{}') AS weekdays,
         e.time_from AS "timeFrom", e.time_to AS "timeTo", e.from_day AS "from", e.to_day AS "to", e.priority,
         coalesce(e.area_ids, '{}') AS "areaIds", e.replaces_id AS "replacesId", e.note, e.status,
         e.joined_by AS "joinedBy", e.joined_at AS "joinedAt", e.version,
         (SELECT json_build_object('id', o.id, 'startsAt', h.starts_at, 'endsAt', h.ends_at, 'expiresAt', o.expires_at,
                   'practitionerId', h.practitioner_id, 'locationId', h.location_id, 'roomId', h.room_id,
                   'rank', o.rank, 'why', o.why)
            FROM waitlist_offer o JOIN appointment h ON h.clinic_id = o.clinic_id AND h.id = o.hold_id
           WHERE o.clinic_id = e.clinic_id AND o.entry_id = e.id AND o.status = 'open' AND o.expires_at > $2) AS offer
    FROM waitlist_entry e
    JOIN patient p ON p.clinic_id = e.clinic_id AND p.id = e.patient_id
    JOIN appointment_type t ON t.clinic_id = e.clinic_id AND t.id = e.type_id
   WHERE e.clinic_id = $1`;
const READ = sql(`${ENTRIES} AND e.id = $3`);
const LOCK = sql(`${ENTRIES} AND e.id = $3 FOR NO KEY UPDATE OF e`);
const QUEUE = sql(`
  SELECT pg_advisory_xact_lock(hashtextextended('waitlist-match ' || $1::text || ' ' || $2, 0))`);
const LOCK_UNLESS_BUSY = sql(`${ENTRIES} AND e.id = $3 FOR NO KEY UPDATE OF e SKIP LOCKED`);
const LIST = sql(`${ENTRIES} AND e.status = $3 AND ($4::uuid IS NULL OR e.patient_id = $4)
     AND ($5::uuid IS NULL OR e.type_id = $5)
     AND ($6::uuid IS NULL OR cardinality(e.location_ids) = 0 OR $6 = ANY (e.location_ids))
     AND ($7::int IS NULL OR (e.priority, e.joined_at, e.id) > ($7::int, $8::timestamptz, $9::uuid))
   ORDER BY e.priority, e.joined_at, e.id LIMIT $10`);

const NAMED = sql(`
  SELECT (SELECT market FROM clinic WHERE id = $1) AS market,
         (SELECT json_build_object('id', p.id, 'birthDate', p.birth_date, 'standing', p.status, 'survivor', ${SURVIVOR})
            FROM patient p WHERE p.clinic_id = $1 AND p.id = $2) AS patient,
         (SELECT json_build_object('kind', kind) FROM appointment_type WHERE clinic_id = $1 AND id = $3 AND active) AS type,
         (SELECT count(*)::int FROM staff WHERE clinic_id = $1 AND id = ANY ($4::uuid[]) AND active
             AND 'practitioner' = ANY (roles)) AS practitioners,
         (SELECT count(*)::int FROM location WHERE clinic_id = $1 AND id = ANY ($5::uuid[]) AND active) AS locations,
         (SELECT json_build_object('patientId', a.patient_id, 'status', a.status, 'isAhead', a.starts_at > $7,
                   'day', (a.starts_at AT TIME ZONE l.zone)::date)
            FROM appointment a JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
           WHERE a.clinic_id = $1 AND a.id = $6) AS replaced`);

// A patient who waits for this already gives no row back.
const JOIN = sql(`
  WITH joined AS (
    INSERT INTO waitlist_entry (clinic_id, id, patient_id, type_id, practitioner_ids, location_ids, weekdays, time_from,
                                time_to, from_day, to_day, priority, area_ids, replaces_id, note, joined_by, joined_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
    ON CONFLICT DO NOTHING RETURNING id)
  INSERT INTO waitlist_change (clinic_id, entry_id, version, verb, status, at, staff_id)
  SELECT $1, id, 1, 'join', 'waiting', $17, $16 FROM joined`);

const noted = (verb: string, rest: string): string => `
  INSERT INTO waitlist_change (clinic_id, entry_id, version, verb, status, at, staff_id, reason, offer_id)
  SELECT $1, $2, version, ${verb}, status, $3, $4, ${rest} FROM changed`;
const MOVE_ON = sql(`
  WITH changed AS (
    UPDATE waitlist_entry SET status = $5, version = version + 1, updated_at = $3
     WHERE clinic_id = $1 AND id = $2 RETURNING version, status)
  ${noted('$6', '$7, $8')}`);
const CHANGE = sql(`
  WITH changed AS (
    UPDATE waitlist_entry SET practitioner_ids = $5, location_ids = $6, weekdays = $7, time_from = $8, time_to = $9,
           from_day = $10, to_day = $11, priority = $12, area_ids = $13, replaces_id = $14, note = $15,
           version = version + 1, updated_at = $3
     WHERE clinic_id = $1 AND id = $2 RETURNING version, status)
  ${noted(`'change'`, 'NULL, NULL::uuid')}`);
const LAPSE = sql(`
  WITH changed AS (
    UPDATE waitlist_entry e SET status = 'lapsed', version = version + 1, updated_at = $2
     WHERE clinic_id = $1 AND status = 'waiting' AND to_day < $3
       AND NOT EXISTS (SELECT FROM waitlist_offer o WHERE o.clinic_id = $1 AND o.entry_id = e.id AND o.status = 'open')
    RETURNING id, version)
  INSERT INTO waitlist_change (clinic_id, entry_id, version, verb, status, at)
  SELECT $1, id, version, 'lapse', 'lapsed', $2 FROM changed`);
const HISTORY = sql(`
  SELECT c.version, c.verb, c.status, c.at, c.staff_id AS "staffId", s.display_name AS "staffName", c.reason,
         c.offer_id AS "offerId"
    FROM waitlist_change c LEFT JOIN staff s ON s.clinic_id = c.clinic_id AND s.id = c.staff_id
   WHERE c.clinic_id = $1 AND c.entry_id = $2 ORDER BY c.version DESC LIMIT 500`);

const wishOf = (wish: KeptWish): unknown[] => [
  wish.practitionerIds,
  wish.locationIds,
  wish.weekdays,
  wish.timeFrom,
  wish.timeTo,
  wish.from,
  wish.to,
  wish.priority,
  wish.areaIds,
  wish.replacesId,
  wish.note,
];

/** Who waits for what, with a line of history for every change. */
@Injectable()
export class WaitlistRepository {
  read(tx: Tx, id: string): Promise<WaitlistRow | null> {
    return this.#one(tx, READ, id);
  }

  /** Reads it and keeps others from changing it until the transaction ends. */
  lock(tx: Tx, id: string): Promise<WaitlistRow | null> {
    return this.#one(tx, LOCK, id);
  }

  /**
   * Whoever looks for somebody to give this practitioner's time to waits for those who look already: one that passes over
   * a place another has in hand would give the time to the next in line.
   */
  async queueToMatch(tx: Tx, practitionerId: string): Promise<void> {
    await tx.run(QUEUE, [tx.clinicId, practitionerId]);
  }

  /** As `lock`, without waiting for whoever is changing it: null then, too. */
  lockUnlessBusy(tx: Tx, id: string): Promise<WaitlistRow | null> {
    return this.#one(tx, LOCK_UNLESS_BUSY, id);
  }

  async #one(tx: Tx, statement: typeof READ, id: string): Promise<WaitlistRow | null> {
    const row = await tx.maybe<WaitlistRow>(statement, [tx.clinicId, tx.now, id]);
    return row && withInstants(row);
  }

  async list(
    tx: Tx,
    { status, patientId, typeId, locationId }: ListFilter,
    after: readonly unknown[] | null,
    count: number,
  ): Promise<WaitlistRow[]> {
    const filter = [status, patientId, typeId, locationId];
    const cursor = after ?? [null, null, null];
    const rows = await tx.rows<WaitlistRow>(LIST, [tx.clinicId, tx.now, ...filter, ...cursor, count]);
    return rows.map(withInstants);
  }

  named(tx: Tx, patientId: string, typeId: string, wish: KeptWish): Promise<Named> {
    const { practitionerIds, locationIds, replacesId } = wish;
    return tx.one(NAMED, [tx.clinicId, patientId, typeId, practitionerIds, locationIds, replacesId, tx.now]);
  }

  /** Returns the id; null for a patient who waits for this already. */
  async join(tx: Tx, patientId: string, typeId: string, wish: KeptWish): Promise<string | null> {
    const id = newId(tx.now.getTime());
    const values = [tx.clinicId, id, patientId, typeId, ...wishOf(wish), tx.actor.staffId, tx.now];
    return (await tx.run(JOIN, values)) === 0 ? null : id;
  }

  async change(tx: Tx, id: string, wish: KeptWish): Promise<void> {
    await tx.run(CHANGE, [tx.clinicId, id, tx.now, tx.actor.staffId, ...wishOf(wish)]);
  }

  /** Keeps the status that a verb made. */
  async moveOn(
    tx: Tx,
    id: string,
    status: WaitlistStatus,
    note: { readonly verb: WaitlistVerb; readonly reason: string | null; readonly offerId: string | null },
  ): Promise<void> {
    const { verb, reason, offerId } = note;
    await tx.run(MOVE_ON, [tx.clinicId, id, tx.now, tx.actor.staffId, status, verb, reason, offerId]);
  }

  /** Ends the wait of those whose last day is over. */
  async lapse(tx: Tx, before: CalendarDate): Promise<void> {
    await tx.run(LAPSE, [tx.clinicId, tx.now, before]);
  }

  /** Newest first, the last 500. */
  history(tx: Tx, id: string): Promise<WaitlistChangeView[]> {
    return tx.rows<WaitlistChangeView>(HISTORY, [tx.clinicId, id]);
  }
}

export const viewOf = ({ priority, ...row }: WaitlistRow): WaitlistEntryView => ({
  ...row,
  priority: PRIORITIES[priority] ?? 'routine',
});

/** An offer comes as JSON, its instants as text. */
const withInstants = ({ offer, ...row }: WaitlistRow): WaitlistRow => ({
  ...row,
  offer: offer && {
    ...offer,
    startsAt: new Date(offer.startsAt),
    endsAt: new Date(offer.endsAt),
    expiresAt: new Date(offer.expiresAt),
  },
});
