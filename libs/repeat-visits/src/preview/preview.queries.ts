import type { Tx } from '#database';
import { fromEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WindowInput } from '../domain/kept-windows.js';
import type { WindowDates } from '../domain/window-status.js';

/** An open window that a product's figures had a part in. */
export interface OpenComputation {
  /** Its dates, as `datesOf` reads them: very many windows have the same. */
  readonly dates: string;
  /** The WindowInput as text. */
  readonly input: string;
}

const DAY = (column: string): string => `${column} - '1970-01-01'::date`;

// One scan, whatever the number of windows: page by page each would look for its beginning anew. Texts and day numbers, because
// neither side has to take them apart; the product is looked for as JSON.stringify writes a key.
const OPEN = {
  text: `
  DECLARE computations NO SCROLL CURSOR FOR
  SELECT concat(${DAY('earliest')}, ' ', ${DAY('recommended_from')}, ' ', ${DAY('target')}, ' ', ${DAY('recommended_to')}, ' ',
                ${DAY('lapsed_after')}) AS dates, input::text AS input
    FROM repeat_visit_window
   WHERE clinic_id = $1 AND status = 'open' AND area_id = $2 AND strpos(input::text, $3) > 0`,
};
const NEXT = { text: 'FETCH 2000 FROM computations' };

@Injectable()
export class PreviewQueries {
  /** Piece by piece, so that a large clinic's windows are never all in memory; the next is read while one is computed. */
  async *openOf(tx: Tx, product: string, area: string): AsyncGenerator<OpenComputation[]> {
    await tx.run(OPEN, [tx.clinicId, area, `${JSON.stringify(product)}:"`]);
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

export function datesOf(days: string): WindowDates {
  const [earliest, recommendedFrom, target, recommendedTo, lapsedAfter] = days
    .split(' ')
    .map((day) => (day === '' ? null : fromEpochDay(Number(day))));
  return {
    earliest: earliest ?? null,
    recommendedFrom: recommendedFrom ?? null,
    target: target ?? null,
    recommendedTo: recommendedTo ?? null,
    lapsedAfter: lapsedAfter ?? null,
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as windows.repository.ts wrote it
export const inputOf = (text: string): WindowInput => JSON.parse(text) as WindowInput;
