import { sql, type Tx } from '#database';
import { type CalendarDate, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

/** A clinician's own first day for an area, as decided. */
export interface DecidedOverride {
  readonly id: string;
  readonly patientId: string;
  readonly area: string;
  readonly notBefore: CalendarDate;
  readonly calculated: CalendarDate | null;
  readonly afterTreatmentOn: CalendarDate;
  readonly reason: string;
  readonly staffId: string;
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

// A newer treatment of the area drops it, without anybody's hand, also one that a united record holds. A value, not NOT EXISTS:
// asked once an override, where a join would look through every treatment of the clinic.
const IN_FORCE = sql(`
  SELECT o.id, o.patient_id AS "patientId", o.area_id AS area, o.not_before AS "notBefore", o.calculated,
         o.after_treatment_on AS "afterTreatmentOn", o.reason, o.staff_id AS "staffId", s.display_name AS "decidedBy",
         o.decided_at AS "decidedAt"
    FROM window_override o
    JOIN staff s ON s.clinic_id = o.clinic_id AND s.id = o.staff_id
   WHERE o.clinic_id = $1 AND o.patient_id = ANY ($2::uuid[]) AND o.withdrawn_at IS NULL
     AND (
       SELECT t.id FROM treatment t JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
        WHERE t.clinic_id = o.clinic_id AND t.patient_id = ANY ((SELECT person_records(o.patient_id))::uuid[])
          AND t.treated_on > o.after_treatment_on
          AND t.status = 'signed' AND i.area_id = o.area_id
          AND NOT EXISTS (SELECT FROM treatment_withdrawal w WHERE w.clinic_id = t.clinic_id AND w.treatment_id = t.id)
        LIMIT 1) IS NULL
   ORDER BY o.decided_at DESC, o.id DESC`);

const DECIDE = sql(`
  INSERT INTO window_override (clinic_id, id, patient_id, area_id, not_before, calculated, after_treatment_on, reason, staff_id, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

const WITHDRAW = sql(`
  UPDATE window_override SET withdrawn_at = $4, withdrawn_by = $5
   WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) AND area_id = $3 AND withdrawn_at IS NULL`);

@Injectable()
export class OverridesRepository {
  /** Those nobody withdrew and no newer treatment dropped, the newest decision first: of united records that one counts. */
  inForce(tx: Tx, patientIds: readonly string[]): Promise<DecidedOverride[]> {
    return tx.rows<DecidedOverride>(IN_FORCE, [tx.clinicId, patientIds]);
  }

  async decide(
    tx: Tx,
    decided: Pick<
      DecidedOverride,
      'patientId' | 'area' | 'notBefore' | 'calculated' | 'afterTreatmentOn' | 'reason' | 'staffId'
    >,
  ): Promise<string> {
    const { patientId, area, notBefore, calculated, afterTreatmentOn, reason, staffId } = decided;
    const id = newId();
    const values = [patientId, area, notBefore, calculated, afterTreatmentOn, reason, staffId, tx.now];
    await tx.run(DECIDE, [tx.clinicId, id, ...values]);
    return id;
  }

  /** Also what was decided under a record united with this one. Says whether there was one. */
  async withdraw(tx: Tx, patientId: string, area: string, staffId: string): Promise<boolean> {
    return (await tx.run(WITHDRAW, [tx.clinicId, patientId, area, tx.now, staffId])) > 0;
  }
}
