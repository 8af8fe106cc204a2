import { columns, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

// In the order of ids, like every other lock of many patients.
const RAISE = sql(`
  INSERT INTO window_basis AS b (clinic_id, patient_id) 
  SELECT clinic_id, id FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET revision = b.revision + 1, fingerprint = NULL`);

const CLAIM = sql(`
  INSERT INTO window_basis AS b (clinic_id, patient_id, revision, fingerprint)
  SELECT $1, n.id, n.revision + 1, n.fingerprint
    FROM unnest($2::uuid[], $3::int[], $4::uuid[]) AS n (id, revision, fingerprint) ORDER BY n.id
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET revision = excluded.revision, fingerprint = excluded.fingerprint
   WHERE b.revision = excluded.revision - 1
  RETURNING patient_id AS "patientId"`);

const OTHERS = sql(`
  SELECT n.id AS "patientId" FROM unnest($2::uuid[], $3::uuid[]) AS n (id, fingerprint)
    JOIN window_basis b ON b.clinic_id = $1 AND b.patient_id = n.id AND b.fingerprint IS DISTINCT FROM n.fingerprint`);

/** A patient as a bulk recompute read them. */
export interface ReadPatient {
  readonly patientId: string;
  /** 0 for one nobody computed before. */
  readonly revision: number;
  readonly fingerprint: string | null;
}

/** Who computed a patient's windows last: a bulk recompute that read before them gives way. */
@Injectable()
export class WindowBasisRepository {
  /** Whoever read these patients before has read an old state; the row is locked until the transaction ends. */
  async raise(tx: Tx, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length > 0) await tx.run(RAISE, [tx.clinicId, patientIds]);
  }

  /** Locks and keeps what was read, where nobody computed the patient since; answers the ids of those. */
  async claim(tx: Tx, patients: readonly ReadPatient[]): Promise<Set<string>> {
    const rows = await tx.rows<{ patientId: string }>(CLAIM, [
      tx.clinicId,
      columns.uuids(patients.map(({ patientId }) => patientId)),
      patients.map(({ revision }) => revision),
      columns.uuids(patients.map(({ fingerprint }) => fingerprint)),
    ]);
    return new Set(rows.map(({ patientId }) => patientId));
  }

  /** The ids of those for whom nobody computed the same meanwhile. */
  async others(tx: Tx, patients: readonly ReadPatient[]): Promise<string[]> {
    if (patients.length === 0) return [];
    const rows = await tx.rows<{ patientId: string }>(OTHERS, [
      tx.clinicId,
      patients.map(({ patientId }) => patientId),
      patients.map(({ fingerprint }) => fingerprint),
    ]);
    return rows.map(({ patientId }) => patientId);
  }
}
