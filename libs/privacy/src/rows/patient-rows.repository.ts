import { sql, type Statement, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { SchemaQueries, type Reference, type Schema, type TableFacts } from './schema.queries.js';

export type Row = Readonly<Record<string, unknown>>;

/** Every row that names a patient, by table; and the tables so that each comes before those its rows refer to. */
export interface PatientRows {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly childrenFirst: readonly string[];
  readonly schema: Schema;
}

const EXISTS = sql('SELECT id FROM patient WHERE clinic_id = $1 AND id = $2');

/** Columns that hold the id of a member of staff: no row of a patient has such an id. */
const OF_STAFF = /(?:^|_)(?:by|staff_id|practitioner_ids?|prescriber_id|author_id|session_id)$/;
/** Of the trail only what names the patient itself: it is long, and every row that concerns a patient says so. */
const ONLY_BY: Readonly<Record<string, string>> = { audit_event: 'patient_id' };

/**
 * Finds every row that names a patient by walking the schema: from the patient's records (merged ones too) along foreign
 * keys, then over every column that holds an id, then over the text of tables nothing led to.
 */
@Injectable()
export class PatientRowsRepository {
  constructor(private readonly schemas: SchemaQueries) {}

  async knows(tx: Tx, patientId: string): Promise<boolean> {
    return (await tx.maybe(EXISTS, [tx.clinicId, patientId])) !== null;
  }

  /** @returns null when there is no such patient here. */
  async find(tx: Tx, patientId: string): Promise<PatientRows | null> {
    const schema = await this.schemas.read(tx);
    const walk = new Walk(tx, schema);
    const [named] = await walk.take('patient', 't.id = $2', [patientId]);
    if (!named) return null;
    if (typeof named['merged_into_id'] === 'string')
      await walk.take('patient', 't.id = $2', [named['merged_into_id']]);
    do {
      await walk.followReferences();
    } while (await walk.followMentions());
    await walk.searchTheRest();
    return {
      rows: walk.found(),
      childrenFirst: childrenFirst(schema.references, [...walk.found().keys()]),
      schema,
    };
  }
}

const QUOTES_ONE_OF = `EXISTS (
  SELECT FROM regexp_matches(to_jsonb(t)::text, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS q (id)
   WHERE q.id[1] = ANY ($2::text[]))`;

class Walk {
  readonly #rows = new Map<string, Map<string, Row>>();
  /** Rows whose references were not followed yet. */
  #fresh: [string, Row[]][] = [];
  readonly #mentioned = new Set<string>();

  constructor(
    private readonly tx: Tx,
    private readonly schema: Schema,
  ) {}

  found(): Map<string, Row[]> {
    const tables = [...this.#rows].filter(([, rows]) => rows.size > 0);
    return new Map(tables.map(([name, rows]) => [name, [...rows.values()]]));
  }

  /** The rows of a table that a condition finds and that were not found before. */
  async take(name: string, condition: string, values: readonly unknown[]): Promise<Row[]> {
    const table = this.#table(name);
    const statement: Statement = {
      text: `SELECT to_jsonb(t) - $1::text[] AS row FROM "${name}" t WHERE t.clinic_id = app_clinic() AND (${condition})`,
    };
    const found = await this.tx.rows<{ row: Row }>(statement, [table.binary, ...values]);
    const known = this.#rows.get(name) ?? new Map<string, Row>();
    this.#rows.set(name, known);
    const fresh: Row[] = [];
    for (const { row } of found) {
      const key = JSON.stringify(table.key.map((column) => row[column]));
      if (known.has(key)) continue;
      known.set(key, row);
      fresh.push(row);
    }
    if (fresh.length > 0) this.#fresh.push([name, fresh]);
    return fresh;
  }

  async followReferences(): Promise<void> {
    for (let next = this.#fresh.shift(); next; next = this.#fresh.shift()) {
      const [name, rows] = next;
      for (const reference of this.schema.references) {
        const { child, parent, columns, referenced } = reference;
        if (parent === name) await this.#along(child, columns, rows, referenced, reference);
        if (child === name && reference.single)
          await this.#along(parent, referenced, rows, columns, reference);
      }
    }
  }

  /** Rows that hold the id of a found one in a column no foreign key tells of. @returns whether any was new. */
  async followMentions(): Promise<boolean> {
    const ids = [...this.#rows.values()]
      .flatMap((rows) => [...rows.values()].map(({ id }) => id))
      .filter((id): id is string => typeof id === 'string' && !this.#mentioned.has(id));
    for (const id of ids) this.#mentioned.add(id);
    if (ids.length === 0) return false;
    for (const { name, loose } of this.schema.tables.values()) {
      for (const column of loose) {
        if (OF_STAFF.test(column.name) || (ONLY_BY[name] ?? column.name) !== column.name) continue;
        await this.take(name, `t."${column.name}" ${column.list ? '&&' : '= ANY'} ($2::uuid[])`, [ids]);
      }
    }
    return this.#fresh.length > 0;
  }

  /** Tables that nothing can lead to may still quote an id in a text: the patient's, or that of a visit or treatment. */
  async searchTheRest(): Promise<void> {
    const ids = [...this.#rows]
      .filter(([name]) => name !== 'audit_event')
      .flatMap(([, rows]) => [...rows.values()].map(({ id }) => id))
      .filter((id) => typeof id === 'string');
    const led = reachable(this.schema);
    for (const { name } of this.schema.tables.values())
      if (!led.has(name)) await this.take(name, QUOTES_ONE_OF, [ids]);
    this.#fresh = [];
  }

  async #along(
    to: string,
    columns: readonly string[],
    rows: readonly Row[],
    from: readonly string[],
    { types }: Reference,
  ): Promise<void> {
    const whole = rows.filter((row) => from.every((column) => row[column] !== null));
    if (whole.length === 0) return;
    const lists = types.map((type, i) => `$${i + 2}::${type}[]`).join(', ');
    const left = columns.map((column) => `t."${column}"`).join(', ');
    const values = from.map((column) => whole.map((row) => row[column]));
    await this.take(to, `(${left}) IN (SELECT * FROM unnest(${lists}))`, values);
  }

  #table(name: string): TableFacts {
    const table = this.schema.tables.get(name);
    if (!table) throw new Error(`No table ${name}`);
    return table;
  }
}

/** Tables some chain of columns leads to from a patient, whether or not one has rows. */
function reachable({ tables, references }: Schema): Set<string> {
  const led = new Set(['patient']);
  for (const { name, loose } of tables.values())
    if (loose.some((column) => column.name.endsWith('patient_id'))) led.add(name);
  for (let size = 0; size < led.size;) {
    size = led.size;
    for (const { child, parent, single } of references) {
      if (led.has(parent)) led.add(child);
      if (single && led.has(child)) led.add(parent);
    }
  }
  return led;
}

/** Orders tables so that rows can be deleted table by table: whoever refers goes before whom it refers to. */
export function childrenFirst(references: readonly Reference[], names: readonly string[]): string[] {
  const ordered: string[] = [];
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.includes(name) || visiting.has(name)) return;
    visiting.add(name);
    for (const { child, parent } of references) if (parent === name && names.includes(child)) visit(child);
    ordered.push(name);
  };
  for (const name of names.toSorted()) visit(name);
  return ordered;
}
