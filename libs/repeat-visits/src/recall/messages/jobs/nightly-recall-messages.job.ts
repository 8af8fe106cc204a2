import { Database, systemActor, type Tx } from '#database';
import { ClinicsService } from '#identity';
import { type JobData, JobHandler } from '#jobs';
import { dateIn, FIRST_ID } from '#kernel';
import { Injectable } from '@nestjs/common';

import { DueWindowsQueries } from '../../due-windows.queries.js';
import { BatchesRepository } from '../batches.repository.js';
import { MessageDecisions } from '../message-decisions.js';
import { MessageQueue } from '../message-queue.js';

export const NIGHTLY_RECALL_QUEUE = 'recall-messages-nightly';

const AT_ONCE = 200;

/** Every night, where the clinic wants it: a message to whoever became due, under the rules of every other. Twice is once. */
@Injectable()
export class NightlyRecallMessages extends JobHandler {
  readonly queue = NIGHTLY_RECALL_QUEUE;

  constructor(
    private readonly database: Database,
    private readonly clinics: ClinicsService,
    private readonly due: DueWindowsQueries,
    private readonly decisions: MessageDecisions,
    private readonly batches: BatchesRepository,
    private readonly messages: MessageQueue,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    const system = systemActor(clinicId);
    let after: string | null = FIRST_ID;
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
    const ids = await this.due.becameDue(tx, on, automaticRecallFrom, after, AT_ONCE);
    const { decided } = await this.decisions.locked(tx, ids, {
      by: null,
      isAbout: ({ state, window }) =>
        state === 'due' && window.recommendedFrom !== null && window.recommendedFrom >= automaticRecallFrom,
    });
    const wanted = decided.filter(({ decision }) => decision.now !== 'withhold');
    if (wanted.length > 0) await this.messages.keep(tx, await this.batches.ofNight(tx, on), wanted);
    return ids.length < AT_ONCE ? null : (ids.at(-1) ?? null);
  }
}
