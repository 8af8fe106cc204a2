import { sql, type Tx } from '#database';
import type { FutureVisit } from '#patients';
import { Injectable } from '@nestjs/common';

const TO_COME = sql(`
  SELECT a.id AS "appointmentId", a.starts_at AS "startsAt", a.ends_at AS "endsAt", t.name AS title, l.name AS "locationName"
    FROM appointment a
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND a.patient_id = ANY ($2::uuid[]) AND a.starts_at > $3 AND a.status IN ('booked', 'confirmed')
   ORDER BY a.starts_at, a.id LIMIT 200`);

/** Visits still to come, whoever they are with. */
@Injectable()
export class FutureVisitsQueries {
  toCome(tx: Tx, patientIds: readonly string[]): Promise<FutureVisit[]> {
    return tx.rows<FutureVisit>(TO_COME, [tx.clinicId, patientIds, tx.now]);
  }
}
