import { sql, type Tx } from '#database';
import { calendarDate } from '#kernel';
import { restateWindows, type WindowsService } from '#repeat-visits';

import type { Row } from '../rows.js';

const SIGN = sql(`
  UPDATE treatment t SET status = 'signed', signed_at = s.signed_at, signed_by = s.signed_by, signed_name = s.signed_name,
         signed_meaning = s.signed_meaning, content_hash = s.content_hash, version = 2, updated_at = s.signed_at
    FROM json_populate_recordset(NULL::treatment, $2) s WHERE t.clinic_id = $1 AND t.id = s.id`);

// A transaction has one moment; what was issued in it belongs to the signature that brought it about.
const BACKDATE = sql(`
  UPDATE repeat_visit_window w
     SET issued_at = CASE WHEN w.issued_at = $2 THEN s.at ELSE w.issued_at END,
         ended_at = CASE WHEN w.ended_at = $2 THEN s.at ELSE w.ended_at END
    FROM unnest($3::uuid[], $4::timestamptz[]) AS s (patient_id, at)
   WHERE w.clinic_id = $1 AND w.patient_id = s.patient_id AND (w.issued_at = $2 OR w.ended_at = $2)`);

/**
 * Signs day by day as it was, so that each treatment gave the windows that were known then, and every night said where
 * they stood.
 */
export async function signAsItWas(
  tx: Tx,
  windows: WindowsService,
  treatments: readonly Row[],
  signatures: readonly Row[],
): Promise<void> {
  const signatureOf = new Map(signatures.map((row) => [row['id'], row]));
  const byDay = Map.groupBy(treatments, ({ treated_on: day }) => String(day));
  for (const [day, given] of [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const signed = given.flatMap(({ id, patient_id: patientId }) => {
      const signature = signatureOf.get(id);
      return signature ? [{ signature, patientId: String(patientId), at: instantIn(signature) }] : [];
    });
    await tx.run(SIGN, [tx.clinicId, JSON.stringify(signed.map(({ signature }) => signature))]);
    const patientIds = signed.map(({ patientId }) => patientId);
    await windows.issueFor(tx, patientIds, calendarDate(day), 'treated-again');
    await tx.run(BACKDATE, [tx.clinicId, tx.now, patientIds, signed.map(({ at }) => at)]);
    await restateWindows(tx, new Date(`${day}T23:00:00Z`));
  }
  await restateWindows(tx, tx.now);
}

function instantIn({ signed_at: at }: Row): Date {
  if (at instanceof Date) return at;
  throw new Error('A signature needs its moment');
}
