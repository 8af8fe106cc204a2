import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId } from '#kernel';
import { MessageGateway } from '#messages';
import { Injectable } from '@nestjs/common';

import { RECALL_MESSAGE_QUEUE } from '../message-queue.js';
import { MessageSending } from '../message-sending.js';

/** Hands one recall message over: said before and after in transactions of their own, so that none goes out twice. */
@Injectable()
export class SendRecallMessage extends JobHandler {
  readonly queue = RECALL_MESSAGE_QUEUE;

  constructor(
    private readonly database: Database,
    private readonly sending: MessageSending,
    private readonly gateway: MessageGateway,
  ) {
    super();
  }

  async work({ clinicId, messageId }: JobData): Promise<void> {
    if (!isId(messageId)) throw new Error('A recall message needs its id');
    const system = systemActor(clinicId);
    if (!this.gateway.isSetUp)
      return this.database.write(system, (tx) => this.sending.undeliverable(tx, messageId));
    const message = await this.database.write(system, (tx) => this.sending.begin(tx, messageId));
    if (!message) return;
    try {
      await this.gateway.send(message);
    } catch (error) {
      const again = await this.database.write(system, (tx) => this.sending.refused(tx, messageId));
      if (again) throw error;
      return;
    }
    await this.database.write(system, (tx) => this.sending.sent(tx, messageId));
  }
}
