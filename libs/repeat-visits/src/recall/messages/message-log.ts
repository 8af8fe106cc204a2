import { record } from '#audit';
import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { CardsRepository } from '../cards.repository.js';
import { ContactChecks } from '../contact-checks.js';
import { ContactsRepository } from '../contacts.repository.js';
import type { WithheldReason } from './domain/message-rules.js';
import { type FailedReason, type MessageRow, MessagesRepository } from './messages.repository.js';

/** What became of a message, in the transaction that knows it: for good. */
@Injectable()
export class MessageLog {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly contacts: ContactsRepository,
    private readonly cards: CardsRepository,
    private readonly checks: ContactChecks,
  ) {}

  /** An attempt like a call: in the contact log, and counted for the gap. */
  async keep(tx: Tx, message: MessageRow, status: 'sent' | 'unconfirmed'): Promise<void> {
    const { id, patientId, areas, requestedBy } = message;
    const on = await this.checks.today(tx, patientId);
    await this.cards.lockAll(tx, [patientId]);
    const contact = await this.contacts.add(
      tx,
      patientId,
      { initiatedBy: 'clinic', channel: 'email', outcome: 'messaged', areas, staffId: requestedBy },
      on,
    );
    await this.cards.messaged(tx, patientId, on);
    await this.messages.settle(tx, id, { status, contactId: contact.id });
    const detail = { contactId: contact.id, status };
    await record(tx, { action: 'recall-message.send', entityId: id, patientId, detail });
  }

  /** null, for whoever wanted a message to hand over. */
  async withhold(tx: Tx, { id, patientId }: MessageRow, reason: WithheldReason): Promise<null> {
    await this.messages.settle(tx, id, { status: 'withheld', reason });
    await record(tx, {
      action: 'recall-message.withhold',
      entityId: id,
      patientId,
      detail: { withheld: reason },
    });
    return null;
  }

  async fail(tx: Tx, { id, patientId }: MessageRow, reason: FailedReason): Promise<void> {
    await this.messages.settle(tx, id, { status: 'failed', reason });
    await record(tx, { action: 'recall-message.fail', entityId: id, patientId, detail: { failed: reason } });
  }
}
