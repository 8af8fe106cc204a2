import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';

// A day more on both sides, so that no zone's patient is missed; the rule looks at the local day. Whoever was reached since,
// or has had a message of the night, is the desk's; whom a reason kept from it is looked at again every night.
const BECAME_DUE = sql(`
  SELECT DISTINCT w.patient_id AS "patientId" FROM repeat_visit_window w
   WHERE w.clinic_id = $1 AND w.status = 'open' AND w.recommended_from BETWEEN $3 AND $2::date + 1 AND w.patient_id > $4
     AND (CASE WHEN w.recommended_to IS NULL THEN '9999-12-31'::date ELSE w.recommended_to END) >= $2::date - 1
     AND NOT EXISTS (SELECT FROM recall_card c
           WHERE c.clinic_id = $1 AND c.patient_id = w.patient_id AND c.last_contact_on >= w.recommended_from)
     AND NOT EXISTS (SELECT FROM recall_message m JOIN recall_batch b ON b.clinic_id = m.clinic_id AND b.id = m.batch_id
           WHERE m.clinic_id = $1 AND m.patient_id = w.patient_id AND m.on_day >= w.recommended_from
             AND (m.status <> 'withheld' OR m.reason = 'stopped' OR b.night_of = $2))
   ORDER BY 1 LIMIT $5`);

/** Who became due from `from` until `on` and was not reached or written to since, in order of id after the one given. */
export async function becameDue(
  tx: Tx,
  { on, from, after, limit }: { on: CalendarDate; from: CalendarDate; after: string; limit: number },
): Promise<string[]> {
  const rows = await tx.rows<{ patientId: string }>(BECAME_DUE, [tx.clinicId, on, from, after, limit]);
  return rows.map(({ patientId }) => patientId);
}
