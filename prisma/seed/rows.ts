import { sql, type Tx } from '#database';

export type Row = Readonly<Record<string, unknown>>;

/** SQL: an id (UUID version 4 by its form) that is the same in every run, made of a word and of `of`. */
export const madeId = (word: string, of: string): string =>
  `overlay(overlay(md5('${word} ' || ${of}) placing '4' from 13) placing '8' from 17)::uuid`;

/**
 * Inserts rows of one table in one statement; PostgreSQL reads each column by its own type. Every row has the columns
 * of the first, and columns left out take their default.
 */
export async function insert(tx: Tx, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = ['clinic_id', ...Object.keys(first)].map((name) => `"${name}"`).join(', ');
  const own = rows.map((row) => ({ clinic_id: tx.clinicId, ...row }));
  await tx.run(
    sql(
      `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1)`,
    ),
    [JSON.stringify(own)],
  );
  // Row checks that follow would otherwise be planned as if the table were still empty.
  await tx.run(sql(`ANALYZE "${table}"`));
}

/** Everything a clinic's year leaves behind, in the order in which it can be inserted. */
export class Records {
  readonly #tables = new Map<string, Row[]>();

  add(table: string, row: Row): void {
    const rows = this.#tables.get(table);
    if (rows) rows.push(row);
    else this.#tables.set(table, [row]);
  }

  async insert(tx: Tx, tables: readonly string[]): Promise<void> {
    for (const table of tables) await insert(tx, table, this.#tables.get(table) ?? []);
  }

  of(table: string): readonly Row[] {
    return this.#tables.get(table) ?? [];
  }
}
