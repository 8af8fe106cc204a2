import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

// In the order of ids, like every other lock of many patients.
const RAISE = sql(`
  INSERT INTO window_basis AS b (clinic_id, patient_id) 
  SELECT clinic_id, id FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET revision = b.revision + 1, fingerprint = NULL`);

const OTHERS = sql(`
  SELECT n.id AS "patientId" FROM unnest($2::uuid[], $3::uuid[]) AS n (id, fingerprint)
    JOIN window_basis b ON b.clinic_id = $1 AND b.patient_id = n.id AND b.fingerprint IS DISTINCT FROM n.fingerprint`);

/** A patient as a bulk recompute would compute them. */
interface ComputedPatient {
  readonly patientId: string;
  readonly fingerprint: string;
}

/** Who computed a patient's windows last: a bulk recompute that read before them gives way. */
@Injectable()
export class WindowBasisRepository {
  /** Whoever read these patients before has read an old state; the row is locked until the transaction ends. */
  async raise(tx: Tx, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length > 0) await tx.run(RAISE, [tx.clinicId, patientIds]);
  }

  /** The ids of those for whom nobody computed the same meanwhile. */
  async others(tx: Tx, patients: readonly ComputedPatient[]): Promise<string[]> {
    if (patients.length === 0) return [];
    const rows = await tx.rows<{ patientId: string }>(OTHERS, [
      tx.clinicId,
      patients.map(({ patientId }) => patientId),
      patients.map(({ fingerprint }) => fingerprint),
    ]);
    return rows.map(({ patientId }) => patientId);
  }
}
