import { sql, type Statement, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { TimelineEntry } from './http/timeline.dto.js';
import type { TimelineSource } from './timeline.port.js';

const statementOf = (sources: readonly TimelineSource[]): Statement =>
  sql(`
  SELECT kind, id, at, day, title, status
    FROM (SELECT kind, id, date_trunc('milliseconds', at) AS at, day, title, status
            FROM (${sources.map(({ select }) => `(${select})`).join('\nUNION ALL\n')}) told) entry
   WHERE ($3::text[] IS NULL OR kind = ANY ($3))
     AND ($4::date IS NULL OR (day, at, kind, id) < ($4, $5::timestamptz, $6::text, $7::uuid))
   ORDER BY day DESC, at DESC, kind DESC, id DESC LIMIT $8`);

@Injectable()
export class TimelineQueries {
  /** One statement a set of sources, that is a set of permissions: it is prepared once. */
  readonly #statements = new Map<string, Statement>();

  read(
    tx: Tx,
    sources: readonly TimelineSource[],
    patientIds: readonly string[],
    { kinds, after, limit }: { kinds: readonly string[] | null; after: readonly unknown[]; limit: number },
  ): Promise<TimelineEntry[]> {
    const key = sources.map(({ select }) => select).join(';');
    const statement = this.#statements.get(key) ?? statementOf(sources);
    this.#statements.set(key, statement);
    return tx.rows<TimelineEntry>(statement, [tx.clinicId, patientIds, kinds, ...after, limit + 1]);
  }
}
