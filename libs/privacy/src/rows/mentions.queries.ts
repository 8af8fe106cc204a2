import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { ERASURE_POLICY, NEVER_OPENED } from '../domain/erasure-policy.js';
import type { Row } from './patient-rows.repository.js';
import type { Schema } from './schema.queries.js';

/** Rows of one table in which a name stands, by their keys. */
export interface Mention {
  readonly table: string;
  readonly keys: readonly Row[];
}

/** Answers kept for a repeat of a request: some name a patient without any id. */
const ANSWERS = 'idempotency_key';

/** Where people wrote of a patient in what is not about patients: why somebody is away, what is wrong with a room. */
@Injectable()
export class MentionsQueries {
  /** @param pattern a PostgreSQL regular expression; whatever the case */
  async find(tx: Tx, { tables }: Schema, pattern: string): Promise<Mention[]> {
    const found: Mention[] = [];
    for (const { name, key } of tables.values()) {
      if ((name in ERASURE_POLICY && name !== ANSWERS) || NEVER_OPENED.has(name)) continue;
      const members = key.map((column) => `'${column}', t."${column}"`).join(', ');
      const keys = await tx.rows<{ key: Row }>(
        {
          text: `SELECT jsonb_build_object(${members}) AS key FROM "${name}" t
                  WHERE t.clinic_id = app_clinic() AND to_jsonb(t)::text ~* $1`,
        },
        [pattern],
      );
      if (keys.length > 0) found.push({ table: name, keys: keys.map((row) => row.key) });
    }
    return found;
  }
}
