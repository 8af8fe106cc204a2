import type { Tx } from '#database';
import type { Message } from '#messages';
import { Injectable } from '@nestjs/common';

import { MOST_TRIES } from './domain/message-rules.js';
import { MessageDecisions } from './message-decisions.js';
import { MessageLog } from './message-log.js';
import { MessageQueue } from './message-queue.js';
import { areaToSay, MessageWriter } from './message-writer.js';
import { MessagesRepository } from './messages.repository.js';

/** What the job does with one message in its transactions, before and after it is handed over. */
@Injectable()
export class MessageSending {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly decisions: MessageDecisions,
    private readonly writer: MessageWriter,
    private readonly queue: MessageQueue,
    private readonly log: MessageLog,
  ) {}

  /**
   * The message to hand over now; null when there is none (any more). Everything is judged anew, with the patient's card
   * locked: nobody who was booked, said no, left or opted out meanwhile gets it, and the message says why.
   */
  async begin(tx: Tx, id: string): Promise<Message | null> {
    const row = await this.messages.lock(tx, id);
    if (row?.status !== 'waiting') {
      // Whoever handed it over died before saying so: it may be out, and twice is worse than not at all.
      if (row?.status === 'sending') await this.log.keep(tx, row, 'unconfirmed');
      return null;
    }
    const { settings, decided } = await this.decisions.locked(tx, [row.patientId], {
      by: row.requestedBy,
      own: id,
      isAbout: ({ window }) => row.areas.includes(window.area),
    });
    const [one] = decided;
    if (!one) return null;
    const { decision, bearing } = one;
    if (decision.now === 'withhold') return this.log.withhold(tx, row, decision.reason);
    if (await this.messages.bookedSince(tx, row.patientId, row.requestedAt))
      return this.log.withhold(tx, row, 'booked');
    if (decision.now === 'wait') {
      await this.messages.wait(tx, id, decision.until);
      await this.queue.send(tx, id, decision.until);
      return null;
    }
    const area = areaToSay(one);
    const to = bearing.contact.email;
    if (area === null || to === null) return this.log.withhold(tx, row, 'not-due');
    const { medicines, language, templateVersion, subject, text } = await this.writer.write(
      tx,
      settings,
      bearing,
      area,
      row.offersVisit,
    );
    if (medicines.length > 0) return this.log.withhold(tx, row, 'unfit-words');
    await this.messages.sending(tx, id, language, templateVersion);
    return { id, to, subject, text };
  }

  /** It was handed over: the contact log, the card and the audit say so with it. */
  async sent(tx: Tx, id: string): Promise<void> {
    const row = await this.messages.lock(tx, id);
    if (row?.status === 'sending') await this.log.keep(tx, row, 'sent');
  }

  /** It was not taken; whether to try again. */
  async refused(tx: Tx, id: string): Promise<boolean> {
    const row = await this.messages.lock(tx, id);
    if (row?.status !== 'sending') return false;
    const again = row.tries < MOST_TRIES;
    if (again) await this.messages.wait(tx, id, tx.now);
    else await this.log.fail(tx, row, 'refused');
    return again;
  }

  /** There is no mail server: said at once instead of tried for ever. */
  async undeliverable(tx: Tx, id: string): Promise<void> {
    const row = await this.messages.lock(tx, id);
    if (row?.status === 'waiting') await this.log.fail(tx, row, 'no-mail-server');
    if (row?.status === 'sending') await this.log.keep(tx, row, 'unconfirmed');
  }
}
