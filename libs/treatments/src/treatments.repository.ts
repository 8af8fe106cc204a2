import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TreatmentStatus } from './domain/treatment-status.js';
import type { BeginTreatment, ChartInjection } from './http/treatment.dto.js';
import type {
  DoseFindingView,
  InjectionView,
  TreatmentSummary,
  TreatmentVersionView,
  TreatmentView,
  WithdrawalView,
} from './http/treatment.view.js';

export type TreatmentRow = Pick<
  TreatmentView,
  | 'id'
  | 'patientId'
  | 'practitionerId'
  | 'locationId'
  | 'appointmentId'
  | 'clearanceId'
  | 'kind'
  | 'completesId'
  | 'status'
  | 'version'
  | 'amendsId'
  | 'amendReason'
  | 'note'
> & {
  readonly treatedOn: CalendarDate;
  readonly doseFindings: DoseFindingView[];
  readonly injections: InjectionView[];
  readonly signedAt: Date | null;
  readonly signedBy: string | null;
  readonly signedName: string | null;
  readonly signedMeaning: string | null;
  readonly contentHash: string | null;
  readonly withdrawal: WithdrawalView | null;
};

export interface Signature {
  readonly by: string;
  readonly name: string;
  readonly meaning: string;
}

export type NewInjection = ChartInjection & { readonly volumeMl?: number | undefined };

const at = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const STATUS = 'coalesce(w.cause, t.status)';
const WITHDRAWN = 'LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id';

const READ = sql(`
  SELECT t.id, t.patient_id AS "patientId", t.practitioner_id AS "practitionerId", t.location_id AS "locationId",
         t.appointment_id AS "appointmentId", t.clearance_id AS "clearanceId", t.treated_on AS "treatedOn", t.kind,
         t.completes_id AS "completesId", ${STATUS} AS status, t.version, t.amends_id AS "amendsId",
         t.amend_reason AS "amendReason", t.note, t.dose_findings AS "doseFindings", t.signed_at AS "signedAt",
         t.signed_by AS "signedBy", t.signed_name AS "signedName", t.signed_meaning AS "signedMeaning",
         t.content_hash AS "contentHash",
         CASE WHEN w.cause IS NULL THEN NULL ELSE json_build_object('cause', w.cause, 'reason', w.reason, 'by', w.staff_id,
           'at', ${at('w.at')}, 'replacedById', w.replaced_by_id) END AS withdrawal,
         (SELECT coalesce(json_agg(json_build_object('id', i.id, 'area', i.area_id, 'muscle', i.muscle, 'side', i.side, 'x', i.x,
                   'y', i.y, 'depth', i.depth, 'product', i.product_id, 'lotId', i.lot_id, 'lotNumber', l.number, 'vialId', i.vial_id,
                   'units', i.units, 'volumeMl', i.volume_ml) ORDER BY i.id), '[]')
            FROM injection i JOIN lot l ON l.clinic_id = i.clinic_id AND l.id = i.lot_id
           WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id) AS injections
    FROM treatment t ${WITHDRAWN} WHERE t.clinic_id = $1 AND t.id = $2`);
const LOCK = sql('SELECT version FROM treatment WHERE clinic_id = $1 AND id = $2 FOR UPDATE');

const VERSIONS = sql(`
  WITH RECURSIVE back AS (
    SELECT id, amends_id FROM treatment WHERE clinic_id = $1 AND id = $2
    UNION ALL SELECT t.id, t.amends_id FROM treatment t JOIN back ON t.clinic_id = $1 AND t.id = back.amends_id),
  chain AS (
    SELECT id FROM back WHERE amends_id IS NULL
    UNION ALL SELECT t.id FROM treatment t JOIN chain ON t.clinic_id = $1 AND t.amends_id = chain.id)
  SELECT t.id, ${STATUS} AS status, t.amends_id AS "amendsId", t.amend_reason AS "amendReason", ${at('t.signed_at')} AS "signedAt"
    FROM chain JOIN treatment t ON t.clinic_id = $1 AND t.id = chain.id ${WITHDRAWN} ORDER BY t.created_at, t.id`);

const LIST = sql(`
  SELECT t.id, t.treated_on AS "treatedOn", t.kind, ${STATUS} AS status, t.practitioner_id AS "practitionerId",
         t.location_id AS "locationId",
         (SELECT coalesce(json_agg(s ORDER BY s.area, s.product), '[]') FROM (
            SELECT product_id AS product, area_id AS area, sum(units) AS units FROM injection i
             WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id GROUP BY product_id, area_id) s) AS totals
    FROM treatment t ${WITHDRAWN}
   WHERE t.clinic_id = $1 AND t.patient_id = $2 AND (t.treated_on, t.id) < ($3, $4)
   ORDER BY t.treated_on DESC, t.id DESC LIMIT $5`);

const ADD = sql(`
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind,
                         completes_id, note, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`);
const AMEND = sql(`
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind,
                         completes_id, note, dose_findings, amends_id, amend_reason, created_at, updated_at)
  SELECT clinic_id, $3, patient_id, practitioner_id, location_id, appointment_id, clearance_id, treated_on, kind, completes_id, note,
         dose_findings, id, $4, $5, $5 FROM treatment WHERE clinic_id = $1 AND id = $2
  ON CONFLICT (clinic_id, amends_id) WHERE amends_id IS NOT NULL DO NOTHING`);
const FORGET = sql('DELETE FROM injection WHERE clinic_id = $1 AND treatment_id = $2');
const DISCARD = sql('DELETE FROM treatment WHERE clinic_id = $1 AND id = $2');
const INJECT = sql(`
  INSERT INTO injection (clinic_id, id, treatment_id, area_id, muscle, side, x, y, depth, product_id, lot_id, vial_id, units, volume_ml)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`);
const FOUND = sql(
  'UPDATE treatment SET dose_findings = $3, version = version + 1, updated_at = $4 WHERE clinic_id = $1 AND id = $2',
);
const SIGN = sql(`
  UPDATE treatment SET status = 'signed', dose_findings = $3, signed_at = $4, signed_by = $5, signed_name = $6, signed_meaning = $7,
                       content_hash = $8, version = version + 1, updated_at = $4
   WHERE clinic_id = $1 AND id = $2`);
const WITHDRAW = sql(`
  INSERT INTO treatment_withdrawal (clinic_id, treatment_id, cause, reason, replaced_by_id, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`);

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

  /** A draft that replaces the treatment once signed; null when there is one already. */
  async amend(tx: Tx, { id, injections }: TreatmentRow, reason: string): Promise<string | null> {
    const draftId = newId();
    if ((await tx.run(AMEND, [tx.clinicId, id, draftId, reason, tx.now])) === 0) return null;
    await this.#inject(tx, draftId, injections);
    return draftId;
  }

  async chart(tx: Tx, id: string, injections: readonly NewInjection[]): Promise<void> {
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
    { by, name, meaning }: Signature,
    contentHash: string,
  ): Promise<void> {
    await tx.run(SIGN, [tx.clinicId, id, JSON.stringify(findings), tx.now, by, name, meaning, contentHash]);
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

  async #inject(tx: Tx, id: string, injections: readonly (NewInjection | InjectionView)[]): Promise<void> {
    for (const one of injections) {
      const place = [one.area, one.muscle ?? null, one.side, one.x ?? null, one.y ?? null, one.depth ?? null];
      const given = [one.product, one.lotId, one.vialId ?? null, one.units, one.volumeMl ?? null];
      await tx.run(INJECT, [tx.clinicId, newId(), id, ...place, ...given]);
    }
  }
}
