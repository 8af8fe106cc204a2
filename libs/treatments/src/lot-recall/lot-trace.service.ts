import { record } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { LotNotFound } from '../domain/lots.errors.js';
import { LotsRepository } from '../stock/lots.repository.js';
import type { LotTraceView, TraceLot } from './http/lot-trace.dto.js';
import { LotTraceQueries } from './lot-trace.queries.js';

/** From a lot to everybody who had it. */
@Injectable()
export class LotTraceService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotsRepository,
    private readonly trace: LotTraceQueries,
  ) {}

  /** @throws LotNotFound */
  read(actor: RequestActor, lotId: string, { limit, after }: TraceLot): Promise<LotTraceView> {
    const [from] = readCursor(after, [Number.isSafeInteger]) ?? [0];
    return this.database.read(actor, async (tx) => {
      const [lot] = await this.lots.find(tx, [lotId]);
      if (!lot) throw new LotNotFound();
      const traced = await this.trace.trace(tx, lotId, Number(from), limit);
      const { items, next } = pageOf(traced.items, limit, ({ patientNumber }) => [patientNumber]);
      const detail = { patients: items.length };
      await record(tx, { action: 'lot.trace', entityId: lotId, patientId: null, detail });
      const { number, product, status } = lot;
      return { lotId, number, product, status, totals: traced.totals, items, next };
    });
  }
}
