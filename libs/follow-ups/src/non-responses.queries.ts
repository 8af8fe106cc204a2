import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** An area in which a treatment showed nothing after a month: the non-response pathway is open. */
export interface AreaWithoutResponse {
  readonly patientId: string;
  readonly area: string;
  readonly treatedOn: CalendarDate;
  readonly foundOn: CalendarDate;
}

const NEWEST = sql(`
  SELECT DISTINCT ON (f.patient_id, a.area) f.patient_id AS "patientId", a.area, f.treated_on AS "treatedOn",
         f.completed_on AS "foundOn"
    FROM follow_up f
   CROSS JOIN LATERAL jsonb_array_elements_text(f.outcome -> 'nonResponse') AS a (area)
   WHERE f.clinic_id = $1 AND f.patient_id = ANY ($2::uuid[]) AND f.status = 'completed'
     AND NOT EXISTS (SELECT FROM treatment_withdrawal w
                      WHERE w.clinic_id = f.clinic_id AND w.treatment_id = f.treatment_id AND w.cause = 'entered-in-error')
   ORDER BY f.patient_id, a.area, f.treated_on DESC, f.completed_on DESC`);

/** For those above: whose last treatment did not take, by area. */
@Injectable()
export class NonResponses {
  /** The newest of each area, in one query; those without are missing. */
  of(tx: Tx, patientIds: readonly string[]): Promise<AreaWithoutResponse[]> {
    return tx.rows<AreaWithoutResponse>(NEWEST, [tx.clinicId, patientIds]);
  }
}
