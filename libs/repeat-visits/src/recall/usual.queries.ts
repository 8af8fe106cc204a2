import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type TreatedThere, type Usual, usualOf } from './domain/usual.js';

// Two years back: people change their habits, and practitioners leave.
const TREATED = sql(`
  SELECT asked.id AS "patientId", t.practitioner_id AS "practitionerId", t.location_id AS "locationId", count(*)::int AS times,
         max(t.treated_on) AS "lastOn"
    FROM unnest($2::uuid[]) asked (id)
    JOIN patient p ON p.clinic_id = $1 AND (p.id = asked.id OR p.merged_into_id = asked.id)
    JOIN treated_by t ON t.clinic_id = $1 AND t.patient_id = p.id AND t.treated_on > $3::date - 731
   GROUP BY 1, 2, 3`);

/** Where and with whom patients usually are treated. */
@Injectable()
export class UsualQueries {
  /** Of every patient asked for, in one query; whoever was not treated lately is missing. */
  async of(tx: Tx, patientIds: readonly string[], on: CalendarDate): Promise<ReadonlyMap<string, Usual>> {
    const rows = await tx.rows<TreatedThere & { readonly patientId: string }>(TREATED, [
      tx.clinicId,
      patientIds,
      on,
    ]);
    const byPatient = Map.groupBy(rows, ({ patientId }) => patientId);
    return new Map([...byPatient].map(([id, treated]) => [id, usualOf(treated)]));
  }
}
