import { sql, type Tx } from '#database';
import type { Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Absence } from '../domain/working-time.js';
import { RECORDS_OF_MANY, type SetUp, SURVIVOR, type TypeSetUp } from '../diaries.queries.js';

// Whoever is being treated already stays; a hold ends by itself.
const AFFECTED = sql(`
  SELECT a.id FROM appointment a
   WHERE a.clinic_id = $1 AND a.practitioner_id = $2 AND a.starts_at > $3::timestamptz - interval '1 day' AND a.starts_at < $4
     AND a.ends_at > $3 AND a.ends_at > $5 AND a.status IN ('booked', 'confirmed', 'arrived')
   ORDER BY a.starts_at, a.id LIMIT $6`);
const ABSENCE = sql(`
  SELECT starts_at AS "startsAt", ends_at AS "endsAt",
         CASE WHEN starts_on IS NOT NULL THEN json_build_object('first', starts_on, 'last', ends_on) END AS days
    FROM absence WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3`);
const TYPES = sql(`
  SELECT id, name, kind, duration_minutes AS "durationMinutes", buffer_before_minutes AS "bufferBeforeMinutes",
         buffer_after_minutes AS "bufferAfterMinutes", room_kind AS "roomKind", coalesce(equipment, '{}') AS equipment,
         needs_prescriber AS "needsPrescriber", coalesce(practitioner_ids, '{}') AS "practitionerIds"
    FROM appointment_type WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) AND active`);
const PATIENTS = sql(`
  SELECT p.id, p.birth_date AS "birthDate", p.status AS standing, ${SURVIVOR} AS survivor
    FROM patient p WHERE p.clinic_id = $1 AND p.id = ANY ($2::uuid[])`);
const PATIENTS_BUSY = sql(`
  WITH ${RECORDS_OF_MANY('$2')}
  SELECT asked AS "patientId", busy_from AS "busyFrom", busy_to AS "busyTo"
    FROM records JOIN appointment ON clinic_id = $1 AND patient_id = record
   WHERE starts_at > $3::timestamptz - interval '1 day' AND starts_at < $4::timestamptz + interval '1 day'
     AND busy_to > $3 AND busy_from < $4
     AND (status IN ('booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') OR (status = 'held' AND hold_expires_at > $5))`);

type PatientFacts = NonNullable<SetUp['patient']>;

/** What a group move must know of many appointments, each in one query whatever their number. */
@Injectable()
export class GroupMoveQueries {
  /** Appointments of the practitioner that reach into the range and are not over, at most `most`. */
  async affected(tx: Tx, practitionerId: string, { start, end }: Interval, most: number): Promise<string[]> {
    const range = [new Date(start), new Date(end)];
    const rows = await tx.rows<{ id: string }>(AFFECTED, [
      tx.clinicId,
      practitionerId,
      ...range,
      tx.now,
      most,
    ]);
    return rows.map(({ id }) => id);
  }

  absence(
    tx: Tx,
    practitionerId: string,
    id: string,
  ): Promise<{ startsAt: Date; endsAt: Date; days: NonNullable<Absence['days']> | null } | null> {
    return tx.maybe(ABSENCE, [tx.clinicId, practitionerId, id]);
  }

  async types(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, TypeSetUp>> {
    const rows = await tx.rows<TypeSetUp>(TYPES, [tx.clinicId, ids]);
    return new Map(rows.map((one) => [one.id, one]));
  }

  async patients(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, PatientFacts>> {
    const rows = await tx.rows<PatientFacts>(PATIENTS, [tx.clinicId, ids]);
    return new Map(rows.map((one) => [one.id, one]));
  }

  async patientsBusy(
    tx: Tx,
    ids: readonly string[],
    { start, end }: Interval,
  ): Promise<ReadonlyMap<string, Interval[]>> {
    const rows = await tx.rows<{ patientId: string; busyFrom: Date; busyTo: Date }>(PATIENTS_BUSY, [
      tx.clinicId,
      ids,
      new Date(start),
      new Date(end),
      tx.now,
    ]);
    const busy = new Map<string, Interval[]>();
    for (const { patientId, busyFrom, busyTo } of rows) {
      const span = { start: busyFrom.getTime(), end: busyTo.getTime() };
      busy.set(patientId, [...(busy.get(patientId) ?? []), span]);
    }
    return busy;
  }
}
