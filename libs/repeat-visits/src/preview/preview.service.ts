import { ProtocolsService } from '#catalogue';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { knownFigures } from '../domain/kept-windows.js';
import { WindowFiguresQueries } from '../kept/window-figures.queries.js';
import { PreviewCount } from './preview-count.js';
import { PreviewQueries } from './preview.queries.js';
import type { PreviewProtocol, PreviewView } from './http/preview.dto.js';

/** What new figures would do to the open windows, before anybody decides on them. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly database: Database,
    private readonly protocols: ProtocolsService,
    private readonly open: PreviewQueries,
    private readonly figures: WindowFiguresQueries,
  ) {}

  /** Every open window with the product in its history is computed again with the figures, alike ones once; nothing is written. @throws ProtocolNotFound, ProtocolOutOfOrder */
  preview(actor: RequestActor, product: string, area: string, change: PreviewProtocol): Promise<PreviewView> {
    return this.database.read(actor, async (tx) => {
      const wanted = knownFigures(await this.protocols.changed(tx, actor.market, product, area, change));
      const kept = await this.figures.of(tx, null);
      kept.set(wanted.hash, wanted.figures);
      const on = dateIn(tx.now, 'UTC');
      const count = new PreviewCount({ product, area }, wanted, (hash) => kept.get(hash), on);
      for await (const windows of this.open.openOf(tx, product, area))
        for (const window of windows) count.add(window);
      const { dates, statesBefore, statesAfter, ...counts } = count.result;
      return {
        product,
        area,
        on,
        ...counts,
        dates: dates.map((date) => ({ ...date, byDays: date.byDays.map((one) => ({ ...one })) })),
        statesBefore: { ...statesBefore },
        statesAfter: { ...statesAfter },
      };
    });
  }
}
