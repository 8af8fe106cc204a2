import { recorder, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { instants, json, type Place } from '../appointments.repository.js';
import type { AppointmentSpan } from '../domain/appointment.js';
import type { Blocker, BlockedResource } from '../domain/scheduling.errors.js';

// A hold blocks until it expires; ended or not, from then on its time is free. The list is that of the index of rooms.
const blocks = (now: string): string =>
  `status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') AND (status <> 'held' OR hold_expires_at > ${now})`;

// What overlaps a span, said by comparing instants: `&&` may not run before row-level security has filtered (it is not
// leakproof), so no index would serve it. An appointment lasts a day at most (`appointment_within_a_day`), hence the bounds
// on its start, which serve the indexes of people, and on its busy time, which serve that of rooms.
const overlaps = (from: string, to: string): string => `starts_at > ${from}::timestamptz - interval '1 day'
       AND starts_at < ${to}::timestamptz + interval '1 day' AND busy_from > ${from}::timestamptz - interval '1 day'
       AND busy_from < ${to} AND busy_to > ${from}`;

// Takes the first free room of those named and the span in one round trip. Losing a race is no error here: the overlap
// constraints let one win and the others get no row, without the deadlocks a plain INSERT runs into. The room's look-up
// is a scalar subquery so that it stays one index probe a room and is never planned over the clinic's whole history. The
// constraints pass over overlaps allowed on purpose, so the insert looks at those itself: their index holds only them; and
// at what stands under records merged into this patient, whom the constraint takes for somebody else.
const TAKE = sql(`
  WITH free AS MATERIALIZED (
    SELECT wanted.id FROM unnest($7::uuid[]) WITH ORDINALITY wanted (id, preference)
     WHERE $20 OR (SELECT b.id FROM appointment b WHERE b.clinic_id = $1 AND b.room_id = wanted.id
               AND ${overlaps('$10', '$11')} AND ${blocks('$16')} LIMIT 1) IS NULL
     ORDER BY preference LIMIT 1),
  taken AS (
    INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, room_id, starts_at, ends_at,
                             busy_from, busy_to, area_ids, note, override_reason, booked_by, created_at, updated_at, status,
                             hold_expires_at, overlap_allowed)
    SELECT $1, $2, $3, $4, $5, $6, free.id, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $18, $19, $20 FROM free
     WHERE $20 OR (SELECT o.id FROM appointment o WHERE o.clinic_id = $1 AND o.overlap_allowed
               AND (o.practitioner_id = $4 OR o.patient_id = $3) AND ${overlaps('$10', '$11')} AND ${blocks('$16')} LIMIT 1) IS NULL
       AND ($20 OR NOT busy_under_merged_record($3, $10, $11, $16))
    ON CONFLICT DO NOTHING RETURNING room_id),
  noted AS (
    INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, reason, detail)
    SELECT $1, $2, 1, CASE $18 WHEN 'held' THEN 'hold' ELSE 'book' END, $18, $16, $15, $14, $17 FROM taken)
  SELECT room_id AS "roomId" FROM taken`);

const blockers = (resource: BlockedResource, is: string): string => `
  SELECT '${resource}' AS resource, ${resource}_id AS "resourceId", id AS "appointmentId", busy_from AS "startsAt", busy_to AS "endsAt"
    FROM appointment
   WHERE clinic_id = $1 AND ${resource}_id ${is} AND ${overlaps('$5', '$6')} AND ${blocks('$8')}
     AND id IS DISTINCT FROM $7::uuid`;
const BLOCKERS = sql(`
  ${blockers('practitioner', '= $2')} UNION ALL ${blockers('patient', '= ANY ((SELECT person_records($3))::uuid[])')} UNION ALL
  SELECT b.* FROM unnest($4::uuid[]) wanted (room) CROSS JOIN LATERAL (${blockers('room', '= wanted.room')}) b`);

// The same for many wishes at once: one row a resource wanted, each an index walk of its own; a patient under all their records.
const wantedBy = (resource: BlockedResource): string => `
    SELECT id, busy_from, busy_to FROM appointment
     WHERE clinic_id = $1 AND w.resource = '${resource}' AND ${resource}_id ${resource === 'patient' ? '= ANY ((SELECT person_records(w.id))::uuid[])' : '= w.id'}
       AND ${overlaps('w.busy_from', 'w.busy_to')} AND ${blocks('$7')}`;
const BLOCKERS_OF_MANY = sql(`
  SELECT w.wish, w.resource, w.id AS "resourceId", b.id AS "appointmentId", b.busy_from AS "startsAt", b.busy_to AS "endsAt"
    FROM unnest($2::int[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) w (wish, resource, id, busy_from, busy_to)
   CROSS JOIN LATERAL (${(['practitioner', 'room', 'patient'] as const).map(wantedBy).join(' UNION ALL ')}) b
   ORDER BY w.wish, b.busy_from, b.id`);

// Out of the overlap constraints' sight for the rest of the transaction: each row gets its real status by being moved.
const STAND_ASIDE = sql(
  `UPDATE appointment SET status = 'released' WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`,
);

// The one global order: practitioners, rooms, patients, each by id. A patient waits as the person all their records are.
const QUEUE = sql(`
  WITH line AS MATERIALIZED (
    SELECT DISTINCT array_position('{practitioner,room,patient}', q.kind) AS turn, q.kind, coalesce(p.merged_into_id, q.id) AS id
      FROM unnest($2::text[], $3::uuid[]) AS q (kind, id)
      LEFT JOIN patient p ON q.kind = 'patient' AND p.clinic_id = $1 AND p.id = q.id
     ORDER BY turn, id)
  SELECT wait_in_line(kind, id) FROM line`);

export interface NewAppointment extends Place {
  readonly id: string;
  readonly patientId: string;
  /** In order of preference; [null] for a type that needs no room. */
  readonly roomIds: readonly (string | null)[];
  readonly areaIds: readonly string[];
  readonly note: string | null;
  readonly overridden: object | null;
  /** A hold ends by itself; null for a booking. */
  readonly heldUntil: Date | null;
  readonly doubleBooked: boolean;
}

/** Somebody or something a span takes. */
export interface Wanted {
  readonly kind: BlockedResource;
  readonly id: string;
}

/** A span somebody wishes for, with every room that would do. */
export interface WishedSpan {
  readonly practitionerId: string;
  readonly patientId: string;
  readonly roomIds: readonly (string | null)[];
  readonly span: AppointmentSpan;
}

/** How a span is taken for itself: one statement for a new appointment, one queue for those that move. */
@Injectable()
export class TakingTimeRepository {
  /** Takes the span with the first free room; null when someone else has it or no room is free. */
  take(tx: Tx, one: NewAppointment): Promise<{ roomId: string | null } | null> {
    const { span, overridden, heldUntil, doubleBooked } = one;
    const ids = [one.id, one.patientId, one.practitionerId, one.locationId, one.typeId, one.roomIds];
    const texts = [one.areaIds, one.note, one.overrideReason, recorder(tx), tx.now, json(overridden)];
    const standing = [heldUntil === null ? 'booked' : 'held', heldUntil, doubleBooked];
    return tx.maybe(TAKE, [tx.clinicId, ...ids, ...instants(span), ...texts, ...standing]);
  }

  /** Who stands in the way of a span, other than the appointment `except` itself. */
  blockers(
    tx: Tx,
    wanted: {
      readonly practitionerId: string;
      readonly patientId: string;
      readonly roomIds: readonly (string | null)[];
    },
    { busy }: AppointmentSpan,
    except: string | null,
  ): Promise<Blocker[]> {
    const { practitionerId, patientId, roomIds } = wanted;
    const bounds = [new Date(busy.start), new Date(busy.end)];
    return tx.rows(BLOCKERS, [tx.clinicId, practitionerId, patientId, roomIds, ...bounds, except, tx.now]);
  }

  /** Who stands in the way of each of many wishes, in their order; an appointment that is to be moved stands in its own. */
  async blockersOfMany(tx: Tx, wishes: readonly WishedSpan[]): Promise<Blocker[][]> {
    const wanted = wishes.flatMap(({ practitionerId, patientId, roomIds, span: { busy } }, wish) =>
      [
        ['practitioner', practitionerId] as const,
        ['patient', patientId] as const,
        ...roomIds.map((id) => ['room', id] as const),
      ].flatMap(([resource, id]) => (id === null ? [] : [{ wish, resource, id, busy }])),
    );
    const rows = await tx.rows<Blocker & { readonly wish: number }>(BLOCKERS_OF_MANY, [
      tx.clinicId,
      wanted.map(({ wish }) => wish),
      wanted.map(({ resource }) => resource),
      wanted.map(({ id }) => id),
      wanted.map(({ busy }) => new Date(busy.start)),
      wanted.map(({ busy }) => new Date(busy.end)),
      tx.now,
    ]);
    const found = Map.groupBy(rows, ({ wish }) => wish);
    return wishes.map((_, wish) => (found.get(wish) ?? []).map(({ wish: _wish, ...blocker }) => blocker));
  }

  /** For appointments that all move in this transaction, so that one may take what another leaves. */
  async standAside(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.run(STAND_ASIDE, [tx.clinicId, ids]);
  }

  /** Waits in line for each resource, so that two UPDATEs never wait for each other. */
  async queueFor(tx: Tx, resources: readonly Wanted[]): Promise<void> {
    await tx.run(QUEUE, [tx.clinicId, resources.map(({ kind }) => kind), resources.map(({ id }) => id)]);
  }
}
