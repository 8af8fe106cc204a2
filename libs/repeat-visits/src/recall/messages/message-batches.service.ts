import { record } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId, isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import { RecallBatchNotFound } from '../domain/recall.errors.js';
import { BatchesRepository } from './batches.repository.js';
import type { BatchPage, BatchView, FindBatches, FindMessages, MessagePage } from './http/messages.dto.js';
import { MessagesRepository } from './messages.repository.js';

/** Messages that were asked for at once, or by one night. */
@Injectable()
export class MessageBatchesService {
  constructor(
    private readonly database: Database,
    private readonly batches: BatchesRepository,
    private readonly messages: MessagesRepository,
  ) {}

  /** Newest first. */
  list(actor: RequestActor, { limit, after }: FindBatches): Promise<BatchPage> {
    const cursor = readCursor(after, [isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      const rows = await this.batches.list(tx, cursor, limit + 1);
      const { items, next } = pageOf(rows, limit, ({ requestedAt, id }) => [requestedAt.toISOString(), id]);
      return { items: [...items], next };
    });
  }

  /** @throws RecallBatchNotFound */
  read(actor: RequestActor, id: string): Promise<BatchView> {
    return this.database.read(actor, async (tx) => {
      const batch = await this.batches.read(tx, id);
      if (!batch) throw new RecallBatchNotFound();
      await record(tx, { action: 'recall-batch.read', entityId: id, patientId: null });
      return batch;
    });
  }

  /** In the order they were asked for. @throws RecallBatchNotFound */
  messagesOf(actor: RequestActor, id: string, { limit, after, status }: FindMessages): Promise<MessagePage> {
    const [from] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      if (!(await this.batches.read(tx, id))) throw new RecallBatchNotFound();
      await record(tx, { action: 'recall-batch.read', entityId: id, patientId: null });
      const place = from === undefined ? null : String(from);
      const rows = await this.messages.ofBatch(tx, id, { status: status ?? null, after: place }, limit + 1);
      const { items, next } = pageOf(rows, limit, (message) => [message.id]);
      return { items: [...items], next };
    });
  }

  /** Withholds what still waits; again changes nothing. @throws RecallBatchNotFound */
  stop(actor: RequestActor, id: string): Promise<BatchView> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.batches.lock(tx, id))) throw new RecallBatchNotFound();
      await this.batches.stop(tx, id);
      for (const { id: messageId, patientId } of await this.messages.stop(tx, id)) {
        const detail = { batchId: id, withheld: 'stopped' };
        await record(tx, { action: 'recall-message.stop', entityId: messageId, patientId, detail });
      }
      await record(tx, { action: 'recall-batch.stop', entityId: id, patientId: null });
      const batch = await this.batches.read(tx, id);
      if (!batch) throw new RecallBatchNotFound();
      return batch;
    });
  }
}
