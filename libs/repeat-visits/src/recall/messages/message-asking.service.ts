import { record } from '#audit';
import { Database, type Tx } from '#database';
import { InvalidInput } from '#http';
import type { RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Injectable } from '@nestjs/common';

import { RecallBatchNotFound } from '../domain/recall.errors.js';
import { placeAfter, RecallListService } from '../recall-list.service.js';
import { BatchesRepository } from './batches.repository.js';
import { type AskedBatchView, MOST_AT_ONCE, type SendMessages } from './http/messages.dto.js';
import { MessageDecisions } from './message-decisions.js';
import { MessageQueue } from './message-queue.js';
import { MessagesRepository } from './messages.repository.js';

const A_PAGE = 100;

interface Wanted {
  readonly patientIds: readonly string[];
  readonly next: string | null;
}

/** Asks for messages; a job sends each, and looks again whether it may. */
@Injectable()
export class MessageAskingService {
  constructor(
    private readonly database: Database,
    private readonly list: RecallListService,
    private readonly decisions: MessageDecisions,
    private readonly queue: MessageQueue,
    private readonly batches: BatchesRepository,
    private readonly messages: MessagesRepository,
  ) {}

  /**
   * One batch: a message to each patient, waiting or withheld with the reason; rows, audit entries and jobs come to be
   * together. @throws InvalidInput unless either patients or a filter are given; PatientNotFound
   */
  ask(actor: RequestActor, wanted: SendMessages): Promise<AskedBatchView> {
    if ((wanted.patientIds === undefined) === (wanted.filter === undefined)) {
      const detail = 'Give either patients or a filter';
      throw new InvalidInput([{ pointer: '/patientIds', in: 'body', detail }]);
    }
    const first = inBody('', () => placeAfter(wanted.after));
    return this.database.write(actor, async (tx) => {
      const { patientIds, next } = await this.#wanted(tx, wanted, first);
      const { decided } = await this.decisions.locked(tx, patientIds, { by: actor.staffId });
      if (decided.length < patientIds.length) throw new PatientNotFound();
      const id = await this.batches.add(tx, wanted.offerVisit);
      await this.queue.keep(tx, id, decided);
      const detail = { messages: decided.length };
      await record(tx, { action: 'recall-batch.ask', entityId: id, patientId: null, detail });
      const batch = await this.batches.read(tx, id);
      if (!batch) throw new RecallBatchNotFound();
      const all = { status: null, after: null };
      return { ...batch, items: await this.messages.ofBatch(tx, id, all, MOST_AT_ONCE), next };
    });
  }

  /** By name, or the first of the list; whoever should not be asked is not in it. */
  async #wanted(
    tx: Tx,
    { patientIds, filter, limit }: SendMessages,
    first: ReturnType<typeof placeAfter>,
  ): Promise<Wanted> {
    if (patientIds !== undefined) return { patientIds: patientIds.map((id) => id.toLowerCase()), next: null };
    const found: string[] = [];
    let [after, next] = [first, null as string | null];
    do {
      const page = await this.list
        .pageIn(tx, { ...filter, limit: Math.min(limit - found.length, A_PAGE) }, after)
        .catch((error: unknown) => inBody('/filter', () => raise(error)));
      found.push(...page.items.map(({ patientId }) => patientId));
      next = page.next;
      after = placeAfter(next ?? undefined);
    } while (after !== null && found.length < limit);
    return { patientIds: found, next };
  }
}

/** What is wrong with a list's query is here wrong with a part of the body. */
function inBody<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      error.errors.map((one) => ({ ...one, pointer: `${prefix}${one.pointer}`, in: 'body' as const })),
    );
  }
}

function raise(error: unknown): never {
  throw error;
}
