import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { WindowInput } from '../domain/kept-windows.js';
import type { WindowDates } from '../domain/window-status.js';

/** An open window that a product's figures had a part in. */
export interface OpenComputation extends WindowDates {
  readonly id: string;
  readonly protocolVersion: string;
  readonly input: WindowInput & { readonly assessedOn: string };
}

const PAGE = sql(`
  SELECT id, protocol_version AS "protocolVersion", input, earliest, recommended_from AS "recommendedFrom", target,
         recommended_to AS "recommendedTo", lapsed_after AS "lapsedAfter"
    FROM repeat_visit_window
   WHERE clinic_id = $1 AND status = 'open' AND area_id = $2 AND id > $3 AND input -> 'figures' ->> $4 IS NOT NULL
   ORDER BY id LIMIT $5`);

const FIGURES = sql('SELECT hash, figures FROM window_figures WHERE clinic_id = $1');

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const AT_ONCE = 2000;

@Injectable()
export class PreviewQueries {
  /** Page by page, so that a large clinic's windows are never all in memory. */
  async *openOf(tx: Tx, product: string, area: string): AsyncGenerator<OpenComputation> {
    let after = BEFORE_ALL;
    for (;;) {
      const rows = await tx.rows<OpenComputation>(PAGE, [tx.clinicId, area, after, product, AT_ONCE]);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < AT_ONCE) return;
      after = last.id;
    }
  }

  /** All sets of figures that windows of the clinic were ever computed from, as kept: a few hundred at most. */
  async figures(tx: Tx): Promise<Map<string, unknown>> {
    const rows = await tx.rows<{ hash: string; figures: unknown }>(FIGURES, [tx.clinicId]);
    return new Map(rows.map(({ hash, figures }) => [hash, figures]));
  }
}
