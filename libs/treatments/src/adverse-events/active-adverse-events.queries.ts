import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Severity } from './domain/adverse-event.js';

/** One that is neither resolved nor entered in error. */
export interface ActiveAdverseEvent {
  readonly id: string;
  readonly patientId: string;
  readonly treatmentId: string;
  /** Of the catalogue's list, or as written. */
  readonly term: string;
  readonly severity: Severity;
  readonly serious: boolean;
  readonly onsetOn: CalendarDate;
}

const ACTIVE = sql(`
  SELECT id, patient_id AS "patientId", treatment_id AS "treatmentId", coalesce(term, other_term) AS term, severity, serious,
         onset_on AS "onsetOn"
    FROM adverse_event WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND status = 'active'
   ORDER BY patient_id, onset_on, id`);

// Every change keeps what the event said after it.
const ACTIVE_BEFORE = sql(`
  SELECT e.patient_id AS "patientId" FROM adverse_event e
   CROSS JOIN LATERAL (SELECT c.content ->> 'status' AS status FROM adverse_event_change c
                        WHERE c.clinic_id = $1 AND c.adverse_event_id = e.id AND c.at < $3 ORDER BY c.version DESC LIMIT 1) said
   WHERE e.clinic_id = $1 AND e.patient_id = ANY ($2::uuid[]) AND said.status = 'active'`);

const BY_ID = sql(`
  SELECT id, patient_id AS "patientId", treatment_id AS "treatmentId", coalesce(term, other_term) AS term, severity, serious,
         onset_on AS "onsetOn"
    FROM adverse_event WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) AND status <> 'entered-in-error' ORDER BY onset_on, id`);

/** For those above: whose repeat visits wait for a clinician's review. */
@Injectable()
export class AdverseEvents {
  /** Of all the patients, in one query; nothing of those who have none. */
  active(tx: Tx, patientIds: readonly string[]): Promise<ActiveAdverseEvent[]> {
    return tx.rows<ActiveAdverseEvent>(ACTIVE, [tx.clinicId, patientIds]);
  }

  /** The patients who had one, as it was known before an instant. */
  async patientsBefore(tx: Tx, patientIds: readonly string[], instant: Date): Promise<Set<string>> {
    const rows = await tx.rows<{ patientId: string }>(ACTIVE_BEFORE, [tx.clinicId, patientIds, instant]);
    return new Set(rows.map(({ patientId }) => patientId));
  }

  /** Those of the ids, resolved ones too; absent, foreign and mistaken ones are missing. */
  find(tx: Tx, ids: readonly string[]): Promise<ActiveAdverseEvent[]> {
    return tx.rows<ActiveAdverseEvent>(BY_ID, [tx.clinicId, ids]);
  }
}
