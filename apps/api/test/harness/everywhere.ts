import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

import { ERASURE_POLICY } from '#privacy';
import { newId } from '#kernel';
import { unzipSync } from 'fflate';
import type pg from 'pg';

import type { TestApi } from './test-api.js';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
  readonly given: boolean;
  /** Of a column people write in: text, texts, json, jsonb. */
  readonly written: string | null;
  /** The first word a rule of the table allows. */
  readonly word: string | null;
}

interface Link {
  readonly parent: string;
  readonly columns: readonly string[];
  readonly referenced: readonly string[];
}

const COLUMNS = `
  SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS needed, a.atthasdef AS given, w.kind AS written,
         (SELECT (regexp_match(pg_get_constraintdef(c.oid), '\\m' || a.attname || '\\M[^=<]*(?:= ANY|<@) \\(*ARRAY\\[''([^'']+)'''))[1]
            FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND a.attnum = ANY (c.conkey)
           ORDER BY 1 NULLS LAST LIMIT 1) AS word
    FROM pg_attribute a LEFT JOIN written_columns($1::regclass) w ON w.name = a.attname
   WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`;
const LINKS = `
  SELECT c.confrelid::regclass::text AS parent, array_agg(a.attname::text ORDER BY k.n) AS columns, array_agg(f.attname::text ORDER BY k.n) AS referenced
    FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (own, far, n)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.far
   WHERE c.contype = 'f' AND c.conrelid = $1::regclass GROUP BY c.oid`;

/** Of the register itself, filled as the desk does; `sex` takes a word of a list. */
const WHO_IT_IS: ReadonlySet<string> = new Set(
  ['given_name', 'family_name', 'preferred_name', 'email', 'phone', 'sex', 'search_text'].map(
    (column) => `patient.${column}`,
  ),
);
/** Of the whole clinic, though an erasure knows of them. */
const OF_NOBODY: ReadonlySet<string> = new Set(['window_figures', 'window_recompute']);

/**
 * Writes a text into every column people can write in, of a row of every table an erasure knows of: rows a patient has
 * already are written over, for the other tables one is made from what the database says of them. Whoever adds a column or
 * a table adds it here by that alone.
 * @returns `table.column` of each
 */
export async function writeEverywhere(
  { db, clinic }: TestApi,
  patientId: string,
  said: string,
): Promise<{ written: string[]; made: string[] }> {
  const owner = await db.admin.connect();
  try {
    await owner.query('SET session_replication_role = replica');
    const planting = new Planting(owner, clinic.clinicId, patientId, said);
    const tables = Object.entries(ERASURE_POLICY).flatMap(([table, { does }]) =>
      does === 'stay' || OF_NOBODY.has(table) ? [] : [table],
    );
    for (const table of tables) await planting.rowOf(table);
    for (const table of tables) await planting.write(table);
    return { written: planting.written.toSorted(), made: planting.made };
  } finally {
    await owner.query('RESET session_replication_role');
    owner.release();
  }
}

class Planting {
  readonly written: string[] = [];
  readonly made: string[] = [];
  readonly #under = new Set<string>();

  constructor(
    private readonly owner: pg.PoolClient,
    private readonly clinicId: string,
    private readonly patientId: string,
    private readonly said: string,
  ) {}

  /** A row of the table, made where there is none. */
  async rowOf(table: string): Promise<Record<string, unknown> | null> {
    const there = await this.owner.query<{ row: Record<string, unknown> }>(
      table === 'patient'
        ? `SELECT to_jsonb(t) AS row FROM patient t WHERE id = '${this.patientId}'`
        : `SELECT to_jsonb(t) AS row FROM "${table}" t ORDER BY t::text LIMIT 1`,
    );
    if (there.rows[0]) return there.rows[0].row;
    if (this.#under.has(table)) return null;
    this.#under.add(table);
    const columns = await this.#columns(table);
    const row: Record<string, unknown> = {};
    for (const column of columns) {
      const value = this.#valueOf(column);
      if (value !== undefined) row[column.name] = value;
    }
    for (const { parent, columns: own, referenced } of await this.#links(table)) {
      const parentRow = await this.rowOf(parent);
      if (parentRow) for (const [i, name] of own.entries()) row[name] = parentRow[referenced[i] ?? ''];
    }
    await this.#insert(table, row);
    this.made.push(table);
    return row;
  }

  /** Every column people can write in, of every row. */
  async write(table: string): Promise<void> {
    for (const { name, written } of await this.#columns(table)) {
      if (written === null || WHO_IT_IS.has(`${table}.${name}`) || /hash$|sha256$/.test(name)) continue;
      const value = {
        text: '$1::text',
        texts: 'ARRAY[$1::text]',
        jsonb: this.#json(name),
        json: `${this.#json(name)}::json`,
      }[written];
      await this.owner.query('BEGIN');
      await this.owner
        .query(
          `WITH w AS (UPDATE "${table}" t SET "${name}" = ${value ?? ''} RETURNING "${name}"::text AS says) SELECT FROM w WHERE strpos(says, left($1, 20)) > 0`,
          [this.said],
        )
        .then(({ rowCount }) => {
          if (rowCount) this.written.push(`${table}.${name}`);
          return this.owner.query('COMMIT');
        })
        // Some columns take no such text: a time of day, one of a few words by a rule over several columns.
        .catch(() => this.owner.query('ROLLBACK'));
    }
  }

  /** Beside what stands there, so that whoever reads it still can. */
  readonly #json = (name: string): string =>
    `(CASE WHEN jsonb_typeof(t."${name}"::jsonb) = 'object' THEN t."${name}"::jsonb || jsonb_build_object('said', $1::text, 'deep', jsonb_build_array($1::text))
           WHEN jsonb_typeof(t."${name}"::jsonb) = 'array' THEN t."${name}"::jsonb
           ELSE jsonb_build_object('said', $1::text) END)`;

  #valueOf({ name, type, needed, given, written, word }: Column): unknown {
    if (name === 'clinic_id') return this.clinicId;
    if (name === 'id' && type === 'uuid') return newId();
    if (name.endsWith('patient_id')) return this.patientId;
    if (word !== null) return type.endsWith('[]') ? [word] : word;
    if (written === 'jsonb' || written === 'json') return { said: this.said };
    if (!needed || given) return undefined;
    if (type.endsWith('[]')) return [];
    if (type === 'uuid') return newId();
    if (type === 'date') return '2026-02-03';
    if (type.startsWith('timestamp')) return '2026-02-03T10:00:00Z';
    if (type.startsWith('time')) return '10:00';
    if (type === 'boolean') return false;
    if (type === 'bytea') return '\\x00';
    if (/int|numeric|double|real/.test(type)) return 1;
    return 'x';
  }

  /** Rules over several columns are not guessed: the one that stands in the way of an invented row is dropped. */
  async #insert(table: string, row: Record<string, unknown>): Promise<void> {
    const names = Object.keys(row).map((name) => `"${name}"`);
    for (;;) {
      const problem = await this.owner
        .query(
          `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${names.join(', ')} FROM jsonb_populate_record(NULL::"${table}", $1)`,
          [JSON.stringify(row)],
        )
        .then(
          () => null,
          (error: pg.DatabaseError) => error,
        );
      if (problem === null) return;
      if (problem.code !== '23514' || problem.constraint === undefined) throw problem;
      await this.owner.query(`ALTER TABLE "${table}" DROP CONSTRAINT "${problem.constraint}"`);
    }
  }

  async #columns(table: string): Promise<Column[]> {
    return (await this.owner.query<Column>(COLUMNS, [table])).rows;
  }

  async #links(table: string): Promise<Link[]> {
    return (await this.owner.query<Link>(LINKS, [table])).rows;
  }
}

/** Files in which a word stands, also inside archives and the streams of PDF documents, by their names. */
export async function filesThatSay(folder: string, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (saysAny(await readFile(path), words)) found.push(entry.name);
  }
  return found;
}

/** Whether bytes say a word: as they are, unzipped, or inflated where a PDF keeps its text packed. */
export function saysAny(bytes: Uint8Array, words: readonly string[]): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  const isSaid = [text, Buffer.from(bytes).toString('utf8')].some((one) =>
    words.some((word) => one.toLowerCase().includes(word)),
  );
  if (isSaid) return true;
  if (text.startsWith('PK')) return Object.values(unzipSync(bytes)).some((part) => saysAny(part, words));
  for (const { 0: head, index } of text.matchAll(/stream\r?\n/g)) {
    const end = text.indexOf('endstream', index);
    if (end < 0) continue;
    try {
      if (saysAny(inflateSync(bytes.subarray(index + head.length, end)), words)) return true;
    } catch {
      // No packed stream: it was looked at as it is.
    }
  }
  return false;
}
