import { recorder, sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { IdentityCheckView, RecordIdentityCheck } from './http/identity-check.dto.js';

const COLUMNS = `i.id, i.evidence, i.proves, i.checked_on AS "checkedOn", i.checked_by AS "checkedById",
  s.display_name AS "checkedByName", i.note, i.error_reason AS "errorReason", i.version
  FROM identity_check i JOIN staff s ON s.clinic_id = i.clinic_id AND s.id = i.checked_by
  WHERE i.clinic_id = $1 AND i.patient_id = ANY ($2::uuid[])`;
const LIST = sql(`SELECT ${COLUMNS} ORDER BY i.checked_on DESC, i.id DESC LIMIT 200`);
const LOCK = sql(`SELECT ${COLUMNS} AND i.id = $3 FOR UPDATE OF i`);
const ADD = sql(`
  INSERT INTO identity_check (clinic_id, id, patient_id, evidence, proves, note, checked_on, checked_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);
const WITHDRAW = sql(`
  UPDATE identity_check SET error_at = $3, error_by = $4, error_reason = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2`);

@Injectable()
export class IdentityChecksRepository {
  list(tx: Tx, patientIds: readonly string[]): Promise<IdentityCheckView[]> {
    return tx.rows<IdentityCheckView>(LIST, [tx.clinicId, patientIds]);
  }

  lock(tx: Tx, patientIds: readonly string[], id: string): Promise<IdentityCheckView | null> {
    return tx.maybe<IdentityCheckView>(LOCK, [tx.clinicId, patientIds, id]);
  }

  async add(tx: Tx, patientId: string, check: RecordIdentityCheck): Promise<string> {
    const { evidence, proves, note = null, checkedOn } = check;
    const id = newId();
    await tx.run(ADD, [tx.clinicId, id, patientId, evidence, proves, note, checkedOn, recorder(tx)]);
    return id;
  }

  async withdraw(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.run(WITHDRAW, [tx.clinicId, id, tx.now, recorder(tx), reason]);
  }
}
