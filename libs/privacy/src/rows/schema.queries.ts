import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** How rows of one table refer to rows of another. */
export interface Reference {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly referenced: readonly string[];
  readonly types: readonly string[];
  /** One child a parent: the parent is as good as part of the child. */
  readonly single: boolean;
}

export interface TableFacts {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that hold an id and are no foreign key. */
  readonly loose: readonly { readonly name: string; readonly list: boolean }[];
  /** Columns whose bytes are not shown. */
  readonly binary: readonly string[];
}

export interface Schema {
  readonly tables: ReadonlyMap<string, TableFacts>;
  readonly references: readonly Reference[];
}

const REFERENCES = sql(`
  SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
         array_agg(a.attname::text ORDER BY k.n) AS columns, array_agg(f.attname::text ORDER BY k.n) AS referenced,
         array_agg(format_type(a.atttypid, NULL) ORDER BY k.n) AS types,
         EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisunique AND i.indpred IS NULL
                    AND i.indkey::int2[] <@ c.conkey) AS single
    FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (own, far, n)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.far
   WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
   GROUP BY c.oid, c.conrelid, c.confrelid, c.conkey ORDER BY 1, 2, 3`);

const TABLES = sql(`
  SELECT c.relname::text AS name,
         (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
           WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
         coalesce((SELECT json_agg(json_build_object('name', a.attname, 'list', a.atttypid = 'uuid[]'::regtype)) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype)
             AND a.attname NOT IN ('clinic_id', 'id')
             AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey))),
           '[]') AS loose,
         coalesce((SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
             AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype), '{}') AS binary
    FROM pg_class c
    JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'clinic_id' AND NOT t.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`);

/** What the database itself says of its tables: asked each time, so that a new one cannot be forgotten. */
@Injectable()
export class SchemaQueries {
  async read(tx: Tx): Promise<Schema> {
    const tables = await tx.rows<TableFacts>(TABLES);
    const references = await tx.rows<Reference>(REFERENCES);
    const known = new Map(tables.map((table) => [table.name, table]));
    return {
      tables: known,
      references: references.filter(({ child, parent }) => known.has(child) && known.has(parent)),
    };
  }
}
