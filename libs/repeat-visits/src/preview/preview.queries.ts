import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { WindowInput } from '../domain/kept-windows.js';
import type { WindowDates } from '../domain/window-status.js';

/** An open window that a product's figures had a part in. */
export interface OpenComputation extends WindowDates {
  readonly protocolVersion: string;
  readonly input: WindowInput & { readonly assessedOn: string };
}

// One scan, whatever the number of windows: page by page each would look for its beginning anew.
const OPEN = {
  text: `
  DECLARE computations NO SCROLL CURSOR FOR
  SELECT protocol_version AS "protocolVersion", input, earliest, recommended_from AS "recommendedFrom", target,
         recommended_to AS "recommendedTo", lapsed_after AS "lapsedAfter"
    FROM repeat_visit_window
   WHERE clinic_id = $1 AND status = 'open' AND area_id = $2 AND input -> 'figures' ->> $3 IS NOT NULL`,
};
const NEXT = { text: 'FETCH 2000 FROM computations' };

@Injectable()
export class PreviewQueries {
  /** Piece by piece, so that a large clinic's windows are never all in memory; the next is read while one is computed. */
  async *openOf(tx: Tx, product: string, area: string): AsyncGenerator<OpenComputation[]> {
    await tx.run(OPEN, [tx.clinicId, area, product]);
    let next = tx.rows<OpenComputation>(NEXT);
    for (;;) {
      const rows = await next;
      if (rows.length === 0) return;
      next = tx.rows<OpenComputation>(NEXT);
      next.catch(() => undefined); // looked at in the next turn
      yield rows;
    }
  }
}
