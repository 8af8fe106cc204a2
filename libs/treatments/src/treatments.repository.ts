import { isoText, sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TreatmentStatus } from './domain/treatment-status.js';
import type { ChartInjection } from './http/injection.dto.js';
import type { ChartRecord } from './http/treatment-record.dto.js';
import type { BeginTreatment } from './http/treatment.dto.js';
import type {
  DoseFindingView,
  InjectionView,
  ProductAreaView,
  TreatmentSummary,
  TreatmentVersionView,
} from './http/treatment.view.js';
import { STATUS, TREATMENT_ROWS, type TreatmentRow, WITHDRAWN } from './treatment-rows.queries.js';

const READ = sql(`${TREATMENT_ROWS} WHERE t.clinic_id = $1 AND t.id = $2`);
const LAST_FULL = sql(`
  SELECT t.id FROM treatment t ${WITHDRAWN}
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND t.kind = 'full'
     AND t.status = 'signed' AND w.treatment_id IS NULL
   ORDER BY t.treated_on DESC, t.signed_at DESC LIMIT 1`);
const UNDER_CLEARANCE = sql(`
  SELECT i.product_id AS product, i.area_id AS area, sum(i.units) AS units
    FROM treatment t ${WITHDRAWN} JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
   WHERE t.clinic_id = $1 AND t.clearance_id = $2 AND t.status = 'signed' AND w.treatment_id IS NULL AND t.id <> ALL ($3::uuid[])
   GROUP BY i.product_id, i.area_id`);
const LOCK = sql('SELECT version FROM treatment WHERE clinic_id = $1 AND id = $2 FOR UPDATE');
const VERSIONS = sql(`
  WITH RECURSIVE back AS (
    SELECT id, amends_id FROM treatment WHERE clinic_id = $1 AND id = $2
    UNION ALL SELECT t.id, t.amends_id FROM treatment t JOIN back ON t.clinic_id = $1 AND t.id = back.amends_id),
  chain AS (
    SELECT id FROM back WHERE amends_id IS NULL
    UNION ALL SELECT t.id FROM treatment t JOIN chain ON t.clinic_id = $1 AND t.amends_id = chain.id)
  SELECT t.id, ${STATUS} AS status, t.amends_id AS "amendsId", t.amend_reason AS "amendReason", ${isoText('t.signed_at')} AS "signedAt"
    FROM chain JOIN treatment t ON t.clinic_id = $1 AND t.id = chain.id ${WITHDRAWN} ORDER BY t.created_at, t.id`);
const LIST = sql(`
  SELECT t.id, t.treated_on AS "treatedOn", t.kind, ${STATUS} AS status, t.practitioner_id AS "practitionerId",
         t.location_id AS "locationId",
         (SELECT coalesce(json_agg(s ORDER BY s.area, s.product), '[]') FROM (
            SELECT product_id AS product, area_id AS area, sum(units) AS units FROM injection i
             WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id GROUP BY product_id, area_id) s) AS totals
    FROM treatment t ${WITHDRAWN}
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND (t.treated_on, t.id) < ($3, $4)
   ORDER BY t.treated_on DESC, t.id DESC LIMIT $5`);
const RECORD = `identity_checked, history_confirmed, supervisor_id, anaesthesia, immediate_reaction, aftercare_version,
         review_choice, photos_before, window_shown, gp_letter`;
const KEEP_RECORD = sql(`
  UPDATE treatment SET note = $3, (${RECORD}) = ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WHERE clinic_id = $1 AND id = $2`);
const ADD = sql(`
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind,
                         completes_id, note, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`);
const AMEND = sql(`
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind,
                         completes_id, note, ${RECORD}, dose_findings, amends_id, amend_reason, created_at, updated_at)
  SELECT clinic_id, $3, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind, completes_id, note,
         ${RECORD}, dose_findings, id, $4, $5, $5 FROM treatment WHERE clinic_id = $1 AND id = $2
  ON CONFLICT (clinic_id, amends_id) WHERE amends_id IS NOT NULL DO NOTHING`);
const FORGET = sql('DELETE FROM injection WHERE clinic_id = $1 AND treatment_id = $2');
const DISCARD = sql('DELETE FROM treatment WHERE clinic_id = $1 AND id = $2');
const INJECT = sql(`
  INSERT INTO injection (clinic_id, treatment_id, id, area_id, muscle, side, x, y, depth, needle, product_id, lot_id, vial_id, units,
                         volume_ml)
  SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::text[], $10::text[],
                               $11::text[], $12::uuid[], $13::uuid[], $14::numeric[], $15::numeric[])`);
const FOUND = sql(
  'UPDATE treatment SET dose_findings = $3, version = version + 1, updated_at = $4 WHERE clinic_id = $1 AND id = $2',
);
const SIGN = sql(`
  UPDATE treatment SET status = 'signed', dose_findings = $3, signed_at = $4, signed_by = $5, signed_name = $6, signed_meaning = $7,
                       content_hash = $8, catalogue_version = $9, version = version + 1, updated_at = $4
   WHERE clinic_id = $1 AND id = $2`);
const WITHDRAW = sql(`
  INSERT INTO treatment_withdrawal (clinic_id, treatment_id, cause, reason, replaced_by_id, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`);

export interface Signature {
  readonly by: string;
  readonly name: string;
  readonly meaning: string;
  /** The catalogue's edition. */
  readonly release: number;
}

@Injectable()
export class TreatmentsRepository {
  read(tx: Tx, id: string): Promise<TreatmentRow | null> {
    return tx.maybe<TreatmentRow>(READ, [tx.clinicId, id]);
  }

  /** Reads it and keeps others from changing it until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<TreatmentRow | null> {
    return (await tx.maybe(LOCK, [tx.clinicId, id])) ? this.read(tx, id) : null;
  }

  versions(tx: Tx, id: string): Promise<TreatmentVersionView[]> {
    return tx.rows<TreatmentVersionView>(VERSIONS, [tx.clinicId, id]);
  }

  list(
    tx: Tx,
    patientId: string,
    after: readonly (string | number)[] | null,
    limit: number,
  ): Promise<TreatmentSummary[]> {
    const key = after ?? ['9999-12-31', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    return tx.rows<TreatmentSummary>(LIST, [tx.clinicId, patientId, ...key, limit + 1]);
  }

  async add(tx: Tx, begun: BeginTreatment, treatedOn: CalendarDate): Promise<string> {
    const id = newId();
    const { patientId, locationId, appointmentId, clearanceId, kind, completesId, note } = begun;
    const where = [
      tx.clinicId,
      id,
      patientId,
      tx.actor.staffId,
      locationId,
      appointmentId ?? null,
      clearanceId,
    ];
    await tx.run(ADD, [...where, treatedOn, kind, completesId ?? null, note ?? null, tx.now]);
    return id;
  }

  /** The record besides its points, whole: what is left out is emptied. */
  async keepRecord(tx: Tx, id: string, note: string | undefined, record: ChartRecord = {}): Promise<void> {
    const first = [
      record.identityChecked,
      record.historyConfirmed ?? false,
      record.supervisorId,
      record.anaesthesia,
    ];
    const then = [
      record.immediateReaction,
      record.aftercareVersion,
      record.reviewChoice,
      record.photosBefore,
    ];
    const values = [...first, ...then, record.windowShown ?? false, record.gpLetter];
    await tx.run(KEEP_RECORD, [tx.clinicId, id, note ?? null, ...values.map((value) => value ?? null)]);
  }

  /** The patient's newest full treatment in force, or null. */
  async lastFull(tx: Tx, patientId: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(LAST_FULL, [tx.clinicId, patientId]))?.id ?? null;
  }

  /** What was given under a clearance in treatments in force other than these, by product and area. */
  givenUnder(tx: Tx, clearanceId: string, but: readonly string[]): Promise<ProductAreaView[]> {
    return tx.rows<ProductAreaView>(UNDER_CLEARANCE, [tx.clinicId, clearanceId, but]);
  }

  /** A draft that replaces the treatment once signed; null when there is one already. */
  async amend(tx: Tx, { id, injections }: TreatmentRow, reason: string): Promise<string | null> {
    const draftId = newId();
    if ((await tx.run(AMEND, [tx.clinicId, id, draftId, reason, tx.now])) === 0) return null;
    await this.#inject(tx, draftId, injections);
    return draftId;
  }

  async chart(tx: Tx, id: string, injections: readonly ChartInjection[]): Promise<void> {
    await tx.run(FORGET, [tx.clinicId, id]);
    await this.#inject(tx, id, injections);
  }

  async found(tx: Tx, id: string, findings: readonly DoseFindingView[]): Promise<void> {
    await tx.run(FOUND, [tx.clinicId, id, JSON.stringify(findings), tx.now]);
  }

  async sign(
    tx: Tx,
    id: string,
    findings: readonly DoseFindingView[],
    { by, name, meaning, release }: Signature,
    contentHash: string,
  ): Promise<void> {
    const values = [JSON.stringify(findings), tx.now, by, name, meaning, contentHash, release];
    await tx.run(SIGN, [tx.clinicId, id, ...values]);
  }

  /** False when it was withdrawn before. */
  async withdraw(
    tx: Tx,
    id: string,
    cause: Exclude<TreatmentStatus, 'draft' | 'signed'>,
    reason: string,
    replacedById: string | null,
  ): Promise<boolean> {
    const values = [tx.clinicId, id, cause, reason, replacedById, tx.now, tx.actor.staffId];
    return (await tx.run(WITHDRAW, values)) === 1;
  }

  /** Removes a draft: it never was part of the record. */
  async discard(tx: Tx, id: string): Promise<void> {
    await tx.run(FORGET, [tx.clinicId, id]);
    await tx.run(DISCARD, [tx.clinicId, id]);
  }

  async #inject(tx: Tx, id: string, injections: readonly (ChartInjection | InjectionView)[]): Promise<void> {
    if (injections.length === 0) return;
    // Ids a millisecond apart keep the points in the order in which they were charted.
    const ids = injections.map((_, i) => newId(tx.now.getTime() + i));
    const place = (['area', 'muscle', 'side', 'x', 'y', 'depth', 'needle'] as const).map(column(injections));
    const given = (['product', 'lotId', 'vialId', 'units', 'volumeMl'] as const).map(column(injections));
    await tx.run(INJECT, [tx.clinicId, id, ids, ...place, ...given]);
  }
}

const column =
  (injections: readonly (ChartInjection | InjectionView)[]) =>
  (name: keyof InjectionView & keyof ChartInjection): (string | number | null)[] =>
    injections.map((one) => one[name] ?? null);
