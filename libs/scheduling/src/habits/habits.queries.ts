import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { type Habits, habitsOf, type PastVisit } from './domain/habits.js';

// The newest twenty of two years: people change their jobs and their habits.
const PAST = sql(`
  SELECT a.practitioner_id AS "practitionerId", s.display_name AS "practitionerName", a.starts_at AS "startsAt", l.zone
    FROM appointment a
    JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND a.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND a.status = 'fulfilled'
     AND a.starts_at < $3 AND a.starts_at > $3::timestamptz - interval '2 years'
   ORDER BY a.starts_at DESC LIMIT 20`);

/** When and with whom a patient usually comes. */
@Injectable()
export class HabitsQueries {
  async of(tx: Tx, patientId: string): Promise<Habits> {
    return habitsOf(await tx.rows<PastVisit>(PAST, [tx.clinicId, patientId, tx.now]));
  }
}
