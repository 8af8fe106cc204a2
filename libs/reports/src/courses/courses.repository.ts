import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Setting } from '../domain/courses/cuts.js';
import type { Union } from '../domain/courses/unions.js';
import type { RegisterFacts } from '../domain/courses/walk.js';
import type { Departure } from '../domain/return-cycles.js';

const KEEP = sql('SELECT keep_return_courses($1, $2) AS changed');

// A few large values instead of a row a patient: what a driver does a row costs more than what the server does.
const PACKED = sql(`
  SELECT string_agg(packed, '') AS packed FROM return_course WHERE clinic_id = $1
   GROUP BY get_byte(uuid_send(patient_id), 15) / 16`);

const SETTINGS = sql(`
  SELECT n, practitioner_id AS "practitionerId", location_id AS "locationId", area_id AS area, product_id AS product
    FROM return_setting WHERE clinic_id = $1 ORDER BY n`);

// A wish not to be contacted has no day of its own: it holds from the day it was recorded.
const DEPARTURES = sql(`
  SELECT number, cause AS reason, coalesce(left_on, (recorded_at AT TIME ZONE $2)::date) AS "leftOn",
         (recorded_at AT TIME ZONE $2)::date AS "recordedOn", (taken_back_at AT TIME ZONE $2)::date AS "takenBackOn"
    FROM patient_leaving WHERE clinic_id = $1 ORDER BY number, recorded_at`);

const UNIONS = sql(`
  SELECT number, united_with AS into, (recorded_at AT TIME ZONE $2)::date AS "recordedOn",
         (undone_at AT TIME ZONE $2)::date AS "undoneOn"
    FROM patient_union WHERE clinic_id = $1 ORDER BY number, recorded_at`);

// In two arrays, for the same reason as above.
const BIRTHS = sql(`
  SELECT coalesce(array_agg(number), '{}') AS numbers,
         coalesce(array_agg(coalesce(c.birth_date, b.birth_date::text)), '{}') AS births
    FROM patient_birth b
    LEFT JOIN (SELECT DISTINCT ON (patient_id) patient_id, birth_date FROM patient_birth_correction
                WHERE clinic_id = $1 AND at >= $2 ORDER BY patient_id, version) c ON c.patient_id = b.patient_id
   WHERE b.clinic_id = $1`);

const AFTER = sql(`
  SELECT patient_id AS id FROM patient_birth WHERE clinic_id = $1 AND patient_id > $2 ORDER BY patient_id LIMIT $3`);

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Courses of patients, kept in the transaction that changes a record, read whole by the return rates. */
@Injectable()
export class CoursesRepository {
  /** Writes the courses of these patients anew; says how many were not what the records say. Hold the patients first. */
  async keep(tx: Tx, patientIds: readonly string[]): Promise<number> {
    return (await tx.one<{ changed: number }>(KEEP, [tx.clinicId, patientIds])).changed;
  }

  async packed(tx: Tx): Promise<Uint8Array[]> {
    return (await tx.rows<{ packed: Uint8Array }>(PACKED, [tx.clinicId])).map(({ packed }) => packed);
  }

  settings(tx: Tx): Promise<Setting[]> {
    return tx.rows<Setting>(SETTINGS, [tx.clinicId]);
  }

  /** Who left and who was found to be the same; the register has no zone of its own, so `zone` says on which day. */
  async register(tx: Tx, zone: string): Promise<RegisterFacts> {
    const departures = await tx.rows<Omit<Departure, 'patientId'> & { number: number }>(DEPARTURES, [
      tx.clinicId,
      zone,
    ]);
    const unions = await tx.rows<Union & { number: number }>(UNIONS, [tx.clinicId, zone]);
    return {
      departures: Map.groupBy(departures, ({ number }) => number),
      unions: Map.groupBy(unions, ({ number }) => number),
    };
  }

  /** As they were known before an instant. */
  async births(tx: Tx, before: Date): Promise<ReadonlyMap<number, CalendarDate>> {
    const { numbers, births } = await tx.one<{ numbers: number[]; births: CalendarDate[] }>(BIRTHS, [
      tx.clinicId,
      before,
    ]);
    return new Map(
      numbers.flatMap((number, i) => (births[i] === undefined ? [] : [[number, births[i]] as const])),
    );
  }

  /** Ids of the next patients in the order of ids; the first ones without `after`. */
  async patientsAfter(tx: Tx, after: string | null, limit: number): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(AFTER, [tx.clinicId, after ?? BEFORE_ALL, limit]);
    return rows.map(({ id }) => id);
  }
}
