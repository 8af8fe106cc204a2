import { record } from '#audit';
import type { Tx } from '#database';
import { Jobs } from '#jobs';
import { Injectable } from '@nestjs/common';

import type { Decided } from './message-decisions.js';
import { MessagesRepository, type NewMessage } from './messages.repository.js';

export const RECALL_MESSAGE_QUEUE = 'recall-message';

/** Keeps messages that were decided about, and the job that sends each, in the transaction of whoever asked. */
@Injectable()
export class MessageQueue {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly jobs: Jobs,
  ) {}

  async keep(tx: Tx, batchId: string, decided: readonly Decided[]): Promise<void> {
    const rows = decided.map((one) => rowOf(tx.now, one));
    const ids = await this.messages.add(tx, batchId, rows);
    for (const [i, { patientId, sendAfter, reason }] of rows.entries()) {
      const messageId = ids[i] ?? '';
      if (sendAfter !== null) await this.send(tx, messageId, sendAfter);
      const detail = { batchId, ...(reason === null ? {} : { withheld: reason }) };
      await record(tx, { action: 'recall-message.ask', entityId: messageId, patientId, detail });
    }
  }

  /** Not before `after`, and looked at anew then. */
  async send(tx: Tx, messageId: string, after: Date): Promise<void> {
    const at = after > tx.now ? { startAfter: after } : {};
    await this.jobs.enqueue(tx, RECALL_MESSAGE_QUEUE, { clinicId: tx.clinicId, messageId }, at);
  }
}

function rowOf(now: Date, { patientId, decision, bearing, about }: Decided): NewMessage {
  return {
    patientId,
    areas: about.map(({ window }) => window.area),
    onDay: bearing.on,
    sendAfter: decision.now === 'send' ? now : decision.now === 'wait' ? decision.until : null,
    reason: decision.now === 'withhold' ? decision.reason : null,
  };
}
