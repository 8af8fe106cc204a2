import { Database, sql, systemActor, type Tx } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { type CalendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { ClinicsService } from '#identity';
import { BatchesRepository } from '../batches.repository.js';
import { MessageDecisions } from '../message-decisions.js';
import { MessageQueue } from '../message-queue.js';

export const NIGHTLY_RECALL_QUEUE = 'recall-messages-nightly';

const AT_ONCE = 200;
const NO_ID = '00000000-0000-0000-0000-000000000000';

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
   ORDER BY 1 LIMIT ${AT_ONCE}`);

/** Every night, where the clinic wants it: a message to whoever became due, under the rules of every other. Twice is once. */
@Injectable()
export class NightlyRecallMessages extends JobHandler {
  readonly queue = NIGHTLY_RECALL_QUEUE;

  constructor(
    private readonly database: Database,
    private readonly clinics: ClinicsService,
    private readonly decisions: MessageDecisions,
    private readonly batches: BatchesRepository,
    private readonly messages: MessageQueue,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    const system = systemActor(clinicId);
    let after: string | null = NO_ID;
    while (after !== null) {
      const from: string = after;
      after = await this.database.write(system, (tx) => this.#some(tx, from));
    }
  }

  /** The last patient looked at; null when there are no more. */
  async #some(tx: Tx, after: string): Promise<string | null> {
    const { automaticRecallFrom } = await this.clinics.settings(tx);
    if (automaticRecallFrom === null) return null;
    const on = dateIn(tx.now, 'UTC');
    const ids = await this.#becameDue(tx, on, automaticRecallFrom, after);
    const { decided } = await this.decisions.locked(tx, ids, {
      by: null,
      isAbout: ({ state, window }) =>
        state === 'due' && window.recommendedFrom !== null && window.recommendedFrom >= automaticRecallFrom,
    });
    const wanted = decided.filter(({ decision }) => decision.now !== 'withhold');
    if (wanted.length > 0) await this.messages.keep(tx, await this.batches.ofNight(tx, on), wanted);
    return ids.length < AT_ONCE ? null : (ids.at(-1) ?? null);
  }

  async #becameDue(tx: Tx, on: CalendarDate, from: CalendarDate, after: string): Promise<string[]> {
    const rows = await tx.rows<{ patientId: string }>(BECAME_DUE, [tx.clinicId, on, from, after]);
    return rows.map(({ patientId }) => patientId);
  }
}
