import { ProtocolsService } from '#catalogue';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { calendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { knownFigures, replay } from '../domain/kept-windows.js';
import { ShiftCount } from '../domain/window-shifts.js';
import { WindowFiguresQueries } from '../kept/window-figures.queries.js';
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

  /** Every open window with the product in its history is computed again with the figures; nothing is written. @throws ProtocolNotFound, ProtocolOutOfOrder */
  preview(actor: RequestActor, product: string, area: string, change: PreviewProtocol): Promise<PreviewView> {
    return this.database.read(actor, async (tx) => {
      const wanted = knownFigures(await this.protocols.changed(tx, actor.market, product, area, change));
      const kept = await this.figures.of(tx, null);
      kept.set(wanted.hash, wanted.figures);
      const on = dateIn(tx.now, 'UTC');
      const shifts = new ShiftCount(on);
      for await (const windows of this.open.openOf(tx, product, area))
        for (const before of windows) {
          const { input, protocolVersion } = before;
          const changed = { ...input, figures: { ...input.figures, [product]: wanted.hash } };
          const computation = { area, protocolVersion, input: changed };
          shifts.add(
            before,
            replay(computation, (hash) => kept.get(hash), calendarDate(input.assessedOn)),
          );
        }
      const { dates, statesBefore, statesAfter, ...counts } = shifts.result;
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
