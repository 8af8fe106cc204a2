import { sql, type Tx } from '#database';
import type { Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PEOPLE } from '../figures/as-known.js';
import { valuesOf, type Asked } from '../figures/asked.js';
import { VISITS_THEN } from '../figures/visits/visits-then.js';

const millis = (instant: string): string => `json_agg(round(extract(epoch FROM ${instant}) * 1000))`;
const TAKEN = sql(`
  WITH ${PEOPLE}
  SELECT practitioner_id AS "practitionerId", location_id AS "locationId", ${millis('busy_from')} AS starts,
         ${millis('busy_to')} AS ends
    FROM (${VISITS_THEN}) v
   WHERE status IN ('booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled')
   GROUP BY 1, 2`);

export interface TakenTime {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly spans: readonly Interval[];
}

/** The time visits took, as they stood on a day. */
@Injectable()
export class TakenTimeQueries {
  /** Spans with buffers, epoch ms: a row a practitioner and location. */
  async taken(tx: Tx, asked: Asked): Promise<TakenTime[]> {
    const rows = await tx.rows<{
      practitionerId: string;
      locationId: string;
      starts: readonly number[];
      ends: readonly number[];
    }>(TAKEN, [tx.clinicId, ...valuesOf(asked)]);
    return rows.map(({ starts, ends, ...who }) => ({
      ...who,
      spans: starts.map((start, i) => ({ start, end: ends[i] ?? start })),
    }));
  }
}
