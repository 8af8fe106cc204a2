import { ConsultationRecordsRepository } from '#consultations';
import { sql, type Tx } from '#database';
import { canonicalJson, textHash } from '#kernel';

import { insert, type Row } from '../rows.js';

const SIGN = sql(`
  UPDATE consultation c SET signed_at = s.signed_at, signed_by = s.signed_by, signed_name = s.signed_name,
         signed_meaning = s.signed_meaning
    FROM json_populate_recordset(NULL::consultation, $2) s WHERE c.clinic_id = $1 AND c.id = s.id`);
const LOCK = sql(`
  UPDATE consultation c SET status = 'signed', version = 3, content_hash = s.content_hash
    FROM json_populate_recordset(NULL::signed_record, $2) s WHERE c.clinic_id = $1 AND c.id = s.record_id`);

/** Locks consultations whose rows are all in, as signing each would have. */
export async function signConsultations(tx: Tx, signatures: readonly Row[]): Promise<void> {
  await tx.run(SIGN, [tx.clinicId, JSON.stringify(signatures)]);
  const records = new ConsultationRecordsRepository();
  const signedAt = new Map(signatures.map(({ id, signed_at: at }) => [id, at]));
  const rows = await records.contents(tx, [...signedAt.keys()].map(String));
  const copies = rows.map(({ id, content }): Row => {
    const text = canonicalJson(content);
    const signed = { content: text, content_hash: textHash(text), signed_at: signedAt.get(id) };
    return { kind: 'consultation', record_id: id, ...signed };
  });
  await insert(tx, 'signed_record', copies);
  await tx.run(LOCK, [tx.clinicId, JSON.stringify(copies)]);
}
