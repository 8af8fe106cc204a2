import { recorder, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentSpan } from './domain/appointment.js';
import { verbsFrom } from './domain/appointment-status.js';
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
   WHERE a.clinic_id = $1 AND a.id = `;
const READ = sql(`${READ_TEXT} $2`);
const READ_MANY = sql(`${READ_TEXT} ANY ($2::uuid[]) ORDER BY a.starts_at, a.id`);
// Several are locked in the order of their ids, so that nobody waits in a circle. The rows are read by a statement of its own
// after it: a join looked at again after a wait keeps the old practitioner's row, and finds nothing when that has changed.
const LOCK = sql(
  'SELECT id FROM appointment WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE',
);
const HISTORY = sql(`
  SELECT c.version, c.verb, c.status, c.at, c.staff_id AS "staffId", s.display_name AS "staffName", c.reason
    FROM appointment_change c JOIN staff s ON s.clinic_id = c.clinic_id AND s.id = c.staff_id
   WHERE c.clinic_id = $1 AND c.appointment_id = $2 ORDER BY c.version`);

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

@Injectable()
export class AppointmentsRepository {
  read(tx: Tx, id: string): Promise<AppointmentRow | null> {
    return tx.maybe<AppointmentRow>(READ, [tx.clinicId, id]);
  }

  /** Reads it and keeps others from changing it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<AppointmentRow | null> {
    await tx.run(LOCK, [tx.clinicId, [id]]);
    return this.read(tx, id);
  }

  /** By time; an id this clinic does not have is left out. */
  readMany(tx: Tx, ids: readonly string[]): Promise<AppointmentRow[]> {
    return tx.rows<AppointmentRow>(READ_MANY, [tx.clinicId, ids]);
  }

  /** As `lock`, for several; by time. */
  async lockMany(tx: Tx, ids: readonly string[]): Promise<AppointmentRow[]> {
    await tx.run(LOCK, [tx.clinicId, ids]);
    return this.readMany(tx, ids);
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
    (Pick<AppointmentRow, 'patientId' | 'startsAt' | 'zone' | 'areaIds'> & {
      appointmentId: string;
      status: Exclude<AppointmentRow['status'], 'held' | 'released'>;
    })[]
  > {
    return tx.rows(BOOKED_TREATMENTS, [tx.clinicId, patientIds, from]);
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
      recorder(tx),
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
    const rest = [
      row.overrideReason,
      row.arrivedAt,
      tx.now,
      verb,
      recorder(tx),
      reason,
      json(detail),
      row.doubleBooked,
    ];
    return (await tx.one<{ version: number }>(MOVE, [tx.clinicId, row.id, row.status, ...place, ...rest]))
      .version;
  }
}

export const viewOf = ({ noticeHours: _, ...row }: AppointmentRow): AppointmentView => ({
  ...row,
  localTime: localTimeOf(row.startsAt, row.zone),
  allowed: verbsFrom(row.status),
});

export const json = (detail: object | null): string | null =>
  detail === null ? null : JSON.stringify(detail);
export const instants = ({ visit, busy }: AppointmentSpan): Date[] =>
  [visit.start, visit.end, busy.start, busy.end].map((at) => new Date(at));
