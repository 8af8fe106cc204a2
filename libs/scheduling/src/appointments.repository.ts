import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentSpan } from './domain/appointment.js';
import { verbsFrom } from './domain/appointment-status.js';
import type { Blocker, BlockedResource } from './domain/scheduling.errors.js';
import { localTimeOf } from './domain/slot.js';
import type { AppointmentChangeView, AppointmentView } from './http/appointment.dto.js';

/** An appointment as the services know it: the view, and the notice the clinic asks for. */
export type AppointmentRow = Omit<AppointmentView, 'localTime' | 'allowed'> & {
  readonly noticeHours: number;
};

/** Who, why and by which verb: the line of the appointment's history that comes with a change. */
export interface ChangeNote {
  readonly verb: string;
  readonly reason: string | null;
  readonly detail: object | null;
}

const READ_TEXT = `
  SELECT a.id, a.patient_id AS "patientId", a.practitioner_id AS "practitionerId", s.display_name AS "practitionerName",
         a.room_id AS "roomId", r.name AS "roomName", a.location_id AS "locationId", l.name AS "locationName", l.zone,
         a.type_id AS "typeId", t.name AS "typeName", t.kind, a.starts_at AS "startsAt", a.ends_at AS "endsAt",
         a.busy_from AS "busyFrom", a.busy_to AS "busyTo", a.status, coalesce(a.area_ids, '{}') AS "areaIds", a.note,
         a.override_reason AS "overrideReason", a.late_cancel AS "lateCancel",
         a.overlap_allowed AS "doubleBooked", a.hold_expires_at AS "heldUntil", a.arrived_at AS "arrivedAt",
         a.started_at AS "startedAt", a.completed_at AS "completedAt", a.version,
         (SELECT late_cancel_hours FROM clinic WHERE id = $1) AS "noticeHours"
    FROM appointment a
    JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    LEFT JOIN room r ON r.clinic_id = a.clinic_id AND r.id = a.room_id
   WHERE a.clinic_id = $1 AND a.id = $2`;
const READ = sql(READ_TEXT);
const LOCK = sql(`${READ_TEXT} FOR NO KEY UPDATE OF a`);
const HISTORY = sql(`
  SELECT c.version, c.verb, c.status, c.at, c.staff_id AS "staffId", s.display_name AS "staffName", c.reason
    FROM appointment_change c JOIN staff s ON s.clinic_id = c.clinic_id AND s.id = c.staff_id
   WHERE c.clinic_id = $1 AND c.appointment_id = $2 ORDER BY c.version`);

// A hold blocks until it expires; ended or not, from then on its time is free.
const blocks = (now: string): string =>
  `(status IN ('booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') OR (status = 'held' AND hold_expires_at > ${now}))`;

// What overlaps a span, said by comparing instants: `&&` may not run before row-level security has filtered (it is not
// leakproof), so no index would serve it. An appointment lasts a day at most, hence the bounds on its start.
const overlaps = (from: string, to: string): string => `starts_at > ${from}::timestamptz - interval '1 day'
       AND starts_at < ${to}::timestamptz + interval '1 day' AND busy_from < ${to} AND busy_to > ${from}`;

// Takes the first free room of those named and the span in one round trip. Losing a race is no error here: the overlap
// constraints let one win and the others get no row, without the deadlocks a plain INSERT runs into. The room's look-up
// is a scalar subquery so that it stays one index probe a room and is never planned over the clinic's whole history. The
// constraints pass over overlaps allowed on purpose, so the insert looks at those itself: their index holds only them.
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
    ON CONFLICT DO NOTHING RETURNING room_id),
  noted AS (
    INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, reason, detail)
    SELECT $1, $2, 1, CASE $18 WHEN 'held' THEN 'hold' ELSE 'book' END, $18, $16, $15, $14, $17 FROM taken)
  SELECT room_id AS "roomId" FROM taken`);

const blockers = (resource: BlockedResource, id: string): string => `
  SELECT '${resource}' AS resource, ${resource}_id AS "resourceId", id AS "appointmentId", busy_from AS "startsAt", busy_to AS "endsAt"
    FROM appointment
   WHERE clinic_id = $1 AND ${resource}_id = ${id} AND ${overlaps('$5', '$6')} AND ${blocks('$8')}
     AND id IS DISTINCT FROM $7::uuid`;
const BLOCKERS = sql(`
  ${blockers('practitioner', '$2')} UNION ALL ${blockers('patient', '$3')} UNION ALL
  SELECT b.* FROM unnest($4::uuid[]) wanted (room) CROSS JOIN LATERAL (${blockers('room', 'wanted.room')}) b`);

const noted = (verb: string, status: string, rest: readonly [string, string, string, string]): string => `
  INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, reason, detail)
  SELECT $1, $2, version, ${verb}, ${status}, ${rest.join(', ')} FROM changed RETURNING version`;

const CHANGE = sql(`
  WITH changed AS (
    UPDATE appointment SET status = $3, late_cancel = $4, arrived_at = $5, started_at = $6, completed_at = $7,
                           overlap_allowed = $13,
                           version = version + 1, updated_at = $8
     WHERE clinic_id = $1 AND id = $2 RETURNING version)
  ${noted('$9', '$3', ['$8', '$10', '$11', '$12'])}`);

const MOVE = sql(`
  WITH changed AS (
    UPDATE appointment SET status = $3, practitioner_id = $4, room_id = $5, location_id = $6, type_id = $7, starts_at = $8,
                           ends_at = $9, busy_from = $10, busy_to = $11, override_reason = $12, arrived_at = $13,
                           overlap_allowed = $19,
                           version = version + 1, updated_at = $14
     WHERE clinic_id = $1 AND id = $2 RETURNING version)
  ${noted('$15', '$3', ['$14', '$16', '$17', '$18'])}`);

// The keys come out of unnest in the order given, which is the one global order: practitioner, rooms by id, patient.
const QUEUE = sql(`
  SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || resource, 23)) FROM unnest($2::text[]) WITH ORDINALITY AS q (resource, place)`);

const BOOKED_TREATMENTS = sql(`
  SELECT a.id AS "appointmentId", a.patient_id AS "patientId", a.starts_at AS "startsAt", l.zone, a.status,
         coalesce(a.area_ids, '{}') AS "areaIds"
    FROM appointment a
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id AND t.kind = 'treatment'
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND a.patient_id = ANY ($2::uuid[]) AND a.starts_at >= $3
     AND a.status IN ('booked', 'confirmed', 'arrived', 'in-progress')
   ORDER BY a.starts_at, a.id`);

const LOCATION = sql('SELECT id, name, zone FROM location WHERE clinic_id = $1 AND id = $2 AND active');

/** Where and with whom a visit is to take place. */
export interface Place {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly typeId: string;
  readonly span: AppointmentSpan;
  readonly overrideReason: string | null;
}

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

@Injectable()
export class AppointmentsRepository {
  read(tx: Tx, id: string): Promise<AppointmentRow | null> {
    return tx.maybe<AppointmentRow>(READ, [tx.clinicId, id]);
  }

  /** Reads it and keeps others from changing it until the transaction ends. */
  lock(tx: Tx, id: string): Promise<AppointmentRow | null> {
    return tx.maybe<AppointmentRow>(LOCK, [tx.clinicId, id]);
  }

  history(tx: Tx, id: string): Promise<AppointmentChangeView[]> {
    return tx.rows<AppointmentChangeView>(HISTORY, [tx.clinicId, id]);
  }

  location(tx: Tx, id: string): Promise<{ id: string; name: string; zone: string } | null> {
    return tx.maybe(LOCATION, [tx.clinicId, id]);
  }

  bookedTreatments(
    tx: Tx,
    patientIds: readonly string[],
    from: Date,
  ): Promise<
    (Pick<AppointmentRow, 'patientId' | 'startsAt' | 'zone' | 'status' | 'areaIds'> & {
      appointmentId: string;
    })[]
  > {
    return tx.rows(BOOKED_TREATMENTS, [tx.clinicId, patientIds, from]);
  }

  /** Takes the span with the first free room; null when someone else has it or no room is free. */
  take(tx: Tx, one: NewAppointment): Promise<{ roomId: string | null } | null> {
    const { span, overridden, heldUntil, doubleBooked } = one;
    const ids = [one.id, one.patientId, one.practitionerId, one.locationId, one.typeId, one.roomIds];
    const texts = [one.areaIds, one.note, one.overrideReason, person(tx), tx.now, json(overridden)];
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

  /** Waits in line for each resource, so that two UPDATEs never wait for each other. Give practitioner < rooms < patient. */
  async queueFor(tx: Tx, resources: readonly string[]): Promise<void> {
    await tx.run(QUEUE, [tx.clinicId, resources]);
  }

  /** Keeps status and stamps, with the line of history. Returns the new version. */
  async change(tx: Tx, row: AppointmentRow, { verb, reason, detail }: ChangeNote): Promise<number> {
    const stamps = [row.lateCancel, row.arrivedAt, row.startedAt, row.completedAt];
    const values = [
      tx.clinicId,
      row.id,
      row.status,
      ...stamps,
      tx.now,
      verb,
      person(tx),
      reason,
      json(detail),
      row.doubleBooked,
    ];
    return (await tx.one<{ version: number }>(CHANGE, values)).version;
  }

  /** Keeps another place and time. Returns the new version. */
  async move(
    tx: Tx,
    row: Pick<AppointmentRow, 'id' | 'status' | 'roomId' | 'arrivedAt' | 'doubleBooked'> & Place,
    { verb, reason, detail }: ChangeNote,
  ): Promise<number> {
    const place = [row.practitionerId, row.roomId, row.locationId, row.typeId, ...instants(row.span)];
    const rest = [row.overrideReason, row.arrivedAt, tx.now, verb, person(tx), reason, json(detail), row.doubleBooked];
    return (await tx.one<{ version: number }>(MOVE, [tx.clinicId, row.id, row.status, ...place, ...rest]))
      .version;
  }
}

export const viewOf = ({ noticeHours: _, ...row }: AppointmentRow): AppointmentView => ({
  ...row,
  localTime: localTimeOf(row.startsAt, row.zone),
  allowed: verbsFrom(row.status),
});

const json = (detail: object | null): string | null => (detail === null ? null : JSON.stringify(detail));
const instants = ({ visit, busy }: AppointmentSpan): Date[] =>
  [visit.start, visit.end, busy.start, busy.end].map((at) => new Date(at));

function person(tx: Tx): string {
  if (tx.actor.staffId === null) throw new Error('Only a person changes appointments');
  return tx.actor.staffId;
}
