import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** One product in one area on one day, from a signed treatment that was not withdrawn. */
export interface RecordedDose {
  readonly patientId: string;
  readonly treatmentId: string;
  readonly locationId: string;
  readonly treatedOn: CalendarDate;
  readonly product: string;
  readonly area: string;
  readonly kind: 'full' | 'touch-up';
  /** Units of that product. */
  readonly units: number;
}

const DOSES = sql(`
  SELECT t.patient_id AS "patientId", t.id AS "treatmentId", t.location_id AS "locationId", t.treated_on AS "treatedOn", i.product_id AS product,
         i.area_id AS area, t.kind, sum(i.units) AS units
    FROM treatment t
    JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ($2::uuid[]) AND t.status = 'signed' AND w.treatment_id IS NULL
   GROUP BY t.patient_id, t.id, t.location_id, t.treated_on, i.product_id, i.area_id, t.kind
   ORDER BY t.patient_id, t.treated_on, t.id, i.area_id, i.product_id`);

const IN_VISIT = sql(`
  SELECT t.id FROM treatment t
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND t.appointment_id = $3 AND t.status = 'signed' AND w.treatment_id IS NULL
   ORDER BY t.signed_at, t.id LIMIT 10`);

// An amendment is a treatment of its own that names the version it replaces: back through those, and on to what counts now.
const EARLIER = sql(`
  WITH RECURSIVE back AS (
    SELECT amends_id AS id FROM treatment WHERE clinic_id = $1 AND id = $2
    UNION ALL SELECT t.amends_id FROM back JOIN treatment t ON t.clinic_id = $1 AND t.id = back.id)
  SELECT id FROM back WHERE id IS NOT NULL`);
const IN_FORCE = sql(`
  WITH RECURSIVE onward AS (
    SELECT id FROM treatment WHERE clinic_id = $1 AND id = $2
    UNION ALL SELECT t.id FROM onward JOIN treatment t ON t.clinic_id = $1 AND t.amends_id = onward.id)
  SELECT t.id FROM onward JOIN treatment t ON t.clinic_id = $1 AND t.id = onward.id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.status = 'signed' AND w.treatment_id IS NULL`);

const KEPT = sql('SELECT id FROM treatment WHERE clinic_id = $1 AND id = $2');

/** What a patient's skin has seen here: the history the dose guard and the repeat-visit windows reckon with. */
@Injectable()
export class TreatmentHistory {
  doses(tx: Tx, patientIds: readonly string[]): Promise<RecordedDose[]> {
    return tx.rows<RecordedDose>(DOSES, [tx.clinicId, patientIds]);
  }

  /** Whether there is such a treatment or draft: a discarded draft is gone. */
  async isKept(tx: Tx, treatmentId: string): Promise<boolean> {
    return (await tx.maybe(KEPT, [tx.clinicId, treatmentId])) !== null;
  }

  /** Ids of the versions this one replaced, however many amendments ago; none of a treatment that was never amended. */
  async earlierVersions(tx: Tx, treatmentId: string): Promise<string[]> {
    return (await tx.rows<{ id: string }>(EARLIER, [tx.clinicId, treatmentId])).map(({ id }) => id);
  }

  /** Id of the version that counts now: the same until it is amended; null when it was entered in error. */
  async versionInForce(tx: Tx, treatmentId: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(IN_FORCE, [tx.clinicId, treatmentId]))?.id ?? null;
  }

  /** Ids of what was signed in a visit of the patient and was not withdrawn. */
  async signedIn(tx: Tx, patientId: string, appointmentId: string): Promise<string[]> {
    const standing = await tx.rows<{ id: string }>(IN_VISIT, [tx.clinicId, patientId, appointmentId]);
    return standing.map(({ id }) => id);
  }
}
