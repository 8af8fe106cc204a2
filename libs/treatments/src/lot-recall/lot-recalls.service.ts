import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { lotAfter } from '../domain/lot.js';
import { LotNotFound } from '../domain/lots.errors.js';
import { LotsRepository } from '../stock/lots.repository.js';
import { LotRecallClosed, LotRecallNotFound, PatientNotInRecall } from './domain/lot-recall.errors.js';
import { progressOf } from './domain/recall-progress.js';
import type {
  ContactRecallPatient,
  FindLotRecalls,
  FindRecallPatients,
  LotRecallPage,
  LotRecallSummary,
  LotRecallView,
  OpenLotRecall,
  RecallPatientPage,
} from './http/lot-recall.dto.js';
import { LotRecallsRepository } from './lot-recalls.repository.js';
import { LotTraceQueries } from './lot-trace.queries.js';
import { recallFile } from './recall-file.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A lot is called back: nobody is given more of it, and everybody who had it is told. */
@Injectable()
export class LotRecallsService {
  constructor(
    private readonly database: Database,
    private readonly recalls: LotRecallsRepository,
    private readonly lots: LotsRepository,
    private readonly trace: LotTraceQueries,
  ) {}

  /** The lot is refused in charting from this moment on. @throws LotNotFound, LotStatusRefused */
  open(actor: RequestActor, lotId: string, opened: OpenLotRecall): Promise<LotRecallView> {
    return this.database.write(actor, async (tx) => {
      const lot = await this.lots.lock(tx, lotId);
      if (!lot) throw new LotNotFound();
      // A lot recalled before cases were kept gets its case late.
      const isLate = lot.status === 'recalled' && !(await this.recalls.isKnown(tx, lotId));
      if (!isLate) await this.lots.setStatus(tx, lotId, lotAfter(lot.status, 'recall'), opened.reason);
      const id = await this.recalls.open(tx, lotId, opened);
      const { reason } = opened;
      await record(tx, { action: 'lot.recall', entityId: lotId, patientId: null, detail: { reason } });
      return this.#view(tx, id);
    });
  }

  /** Newest first. */
  list(actor: RequestActor, { limit, after, status }: FindLotRecalls): Promise<LotRecallPage> {
    const [before] = readCursor(after, [isId]) ?? [LAST_ID];
    return this.database.read(actor, async (tx) => {
      const rows = await this.recalls.list(tx, status, String(before), limit);
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items, next };
    });
  }

  /** @throws LotRecallNotFound */
  read(actor: RequestActor, id: string): Promise<LotRecallView> {
    return this.database.read(actor, (tx) => this.#view(tx, id));
  }

  /** Who has to be told, by patient number. @throws LotRecallNotFound */
  patients(
    actor: RequestActor,
    id: string,
    { limit, after, state }: FindRecallPatients,
  ): Promise<RecallPatientPage> {
    const [from] = readCursor(after, [Number.isSafeInteger]) ?? [0];
    return this.database.read(actor, async (tx) => {
      const recall = await this.#require(tx, id);
      const rows = await this.recalls.patients(tx, recall, state, Number(from), limit);
      const { items, next } = pageOf(rows, limit, ({ patientNumber }) => [patientNumber]);
      await record(tx, { action: 'lot-recall.patients', entityId: id, patientId: null });
      return { items, next };
    });
  }

  /** An attempt to tell a patient, and what came of it. @throws LotRecallNotFound, LotRecallClosed, PatientNotInRecall */
  contact(actor: RequestActor, id: string, contacted: ContactRecallPatient): Promise<LotRecallView> {
    return this.#changing(actor, id, undefined, async (tx, { lotId }) => {
      const { patientId, channel, outcome } = contacted;
      if (!(await this.recalls.had(tx, lotId, patientId))) throw new PatientNotInRecall();
      await this.recalls.contact(tx, id, contacted);
      const detail = { channel, outcome };
      await record(tx, { action: 'lot-recall.contact', entityId: id, patientId, detail });
    });
  }

  /** @throws LotRecallNotFound, LotRecallClosed, StaleVersion */
  close(actor: RequestActor, id: string, reason: string, read: number | undefined): Promise<LotRecallView> {
    return this.#changing(actor, id, read, async (tx) => {
      await this.recalls.close(tx, id, reason);
      await record(tx, { action: 'lot-recall.close', entityId: id, patientId: null });
    });
  }

  /** The whole list as a file. @throws LotRecallNotFound */
  file(actor: RequestActor, id: string): Promise<string> {
    return this.database.read(actor, async (tx) => {
      const recall = await this.#require(tx, id);
      const lines = await this.trace.lines(tx, recall.lotId, id);
      const detail = { patients: lines.length };
      await record(tx, { action: 'lot-recall.file', entityId: id, patientId: null, detail });
      return recallFile(recall, lines);
    });
  }

  #changing(
    actor: RequestActor,
    id: string,
    read: number | undefined,
    work: (tx: Tx, recall: LotRecallSummary) => Promise<void>,
  ): Promise<LotRecallView> {
    return this.database.write(actor, async (tx) => {
      const recall = await this.recalls.lock(tx, id);
      if (!recall) throw new LotRecallNotFound();
      assertFresh(recall.version, read);
      if (recall.closedAt !== null) throw new LotRecallClosed({ closedAt: recall.closedAt.toISOString() });
      await work(tx, recall);
      return this.#view(tx, id);
    });
  }

  async #require(tx: Tx, id: string): Promise<LotRecallSummary> {
    const recall = await this.recalls.read(tx, id);
    if (!recall) throw new LotRecallNotFound();
    return recall;
  }

  async #view(tx: Tx, id: string): Promise<LotRecallView> {
    const recall = await this.#require(tx, id);
    return { ...recall, progress: progressOf(await this.recalls.counts(tx, recall)) };
  }
}
