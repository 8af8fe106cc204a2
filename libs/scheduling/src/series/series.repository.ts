import { recorder, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** A series as it is meant for the visits still to come. */
export interface SeriesRow {
  readonly id: string;
  readonly patientId: string;
  readonly practitionerId: string;
  readonly practitionerName: string;
  readonly locationId: string;
  readonly locationName: string;
  readonly zone: string;
  readonly typeId: string;
  readonly typeName: string;
  readonly everyWeeks: number;
  readonly createdAt: Date;
  readonly version: number;
}

export interface SeriesVisitRow {
  readonly number: number;
  readonly appointmentId: string;
  readonly detached: boolean;
}

const READ_TEXT = `
  SELECT e.id, e.patient_id AS "patientId", e.practitioner_id AS "practitionerId", s.display_name AS "practitionerName",
         e.location_id AS "locationId", l.name AS "locationName", l.zone, e.type_id AS "typeId", t.name AS "typeName",
         e.every_weeks AS "everyWeeks", e.created_at AS "createdAt", e.version
    FROM series e
    JOIN staff s ON s.clinic_id = e.clinic_id AND s.id = e.practitioner_id
    JOIN location l ON l.clinic_id = e.clinic_id AND l.id = e.location_id
    JOIN appointment_type t ON t.clinic_id = e.clinic_id AND t.id = e.type_id
   WHERE e.clinic_id = $1 AND `;
const READ = sql(`${READ_TEXT} e.id = $2`);
const LOCK = sql('SELECT id FROM series WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE');
const OF_PATIENT = sql(
  `${READ_TEXT} e.patient_id = $2 AND ($3::uuid IS NULL OR e.id < $3) ORDER BY e.id DESC LIMIT $4`,
);
const PATIENT = sql('SELECT id FROM patient WHERE clinic_id = $1 AND id = $2');
const VISITS = sql(`
  SELECT number, appointment_id AS "appointmentId", detached FROM series_visit
   WHERE clinic_id = $1 AND series_id = $2 ORDER BY number`);
const ADD = sql(`
  WITH added AS (
    INSERT INTO series (clinic_id, id, patient_id, practitioner_id, location_id, type_id, every_weeks, created_by, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9))
  INSERT INTO series_visit (clinic_id, series_id, number, appointment_id)
  SELECT $1, $2, v.number, v.appointment_id FROM unnest($10::int[], $11::uuid[]) v (number, appointment_id)`);
const CHANGE = sql(`
  UPDATE series SET practitioner_id = $3, type_id = $4, every_weeks = $5, version = version + 1, updated_at = $6
   WHERE clinic_id = $1 AND id = $2`);
const DETACH = sql(
  'UPDATE series_visit SET detached = true WHERE clinic_id = $1 AND appointment_id = $2 AND NOT detached',
);
const ATTACH = sql(
  'UPDATE series_visit SET detached = false WHERE clinic_id = $1 AND series_id = $2 AND appointment_id = ANY ($3::uuid[])',
);

type Meant = Pick<SeriesRow, 'id' | 'practitionerId' | 'typeId' | 'everyWeeks'>;

@Injectable()
export class SeriesRepository {
  read(tx: Tx, id: string): Promise<SeriesRow | null> {
    return tx.maybe(READ, [tx.clinicId, id]);
  }

  /** Reads it and keeps others from changing it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<SeriesRow | null> {
    await tx.run(LOCK, [tx.clinicId, id]);
    return this.read(tx, id);
  }

  /** The newest first, one more than `limit`. */
  ofPatient(tx: Tx, patientId: string, before: string | null, limit: number): Promise<SeriesRow[]> {
    return tx.rows(OF_PATIENT, [tx.clinicId, patientId, before, limit + 1]);
  }

  async hasPatient(tx: Tx, patientId: string): Promise<boolean> {
    return (await tx.maybe(PATIENT, [tx.clinicId, patientId])) !== null;
  }

  visits(tx: Tx, id: string): Promise<SeriesVisitRow[]> {
    return tx.rows(VISITS, [tx.clinicId, id]);
  }

  async add(
    tx: Tx,
    one: Meant & Pick<SeriesRow, 'patientId' | 'locationId'>,
    visits: readonly Pick<SeriesVisitRow, 'number' | 'appointmentId'>[],
  ): Promise<void> {
    const { id, patientId, practitionerId, locationId, typeId, everyWeeks } = one;
    await tx.run(ADD, [
      tx.clinicId,
      id,
      patientId,
      practitionerId,
      locationId,
      typeId,
      everyWeeks,
      recorder(tx),
      tx.now,
      visits.map(({ number }) => number),
      visits.map(({ appointmentId }) => appointmentId),
    ]);
  }

  /** Keeps how the visits to come are meant now. */
  async change(tx: Tx, { id, practitionerId, typeId, everyWeeks }: Meant): Promise<void> {
    await tx.run(CHANGE, [tx.clinicId, id, practitionerId, typeId, everyWeeks, tx.now]);
  }

  /** Marks the visit, if it is one of a series, as changed by itself; nobody waits for it. */
  detach(tx: Tx, appointmentId: string): void {
    tx.later(DETACH, [tx.clinicId, appointmentId]);
  }

  /** Visits that were changed together with their series belong to it again. */
  async attach(tx: Tx, id: string, appointmentIds: readonly string[]): Promise<void> {
    await tx.run(ATTACH, [tx.clinicId, id, appointmentIds]);
  }
}
