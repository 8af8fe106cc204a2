import { record } from '#audit';
import { type Database, systemActor, type Tx } from '#database';

import { Sealing } from './sealing.js';

/** A column of sealed secrets, named by the context whose table it is. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that with the clinic is the key of the row; null where the clinic alone is. */
  readonly key: string | null;
  readonly belongsTo: (clinicId: string, id: string) => string;
}

export interface Resealed {
  readonly resealed: number;
  /** Sealed with a key that is not among those given, or altered: left as they are. */
  readonly unreadable: readonly { readonly table: string; readonly id: string }[];
}

const ROWS_AT_ONCE = 100;

interface SealedRow {
  readonly id: string;
  readonly sealed: string;
}

/**
 * Seals every secret of a clinic in a column anew with the first key, some rows a transaction. Whoever is stopped runs it again:
 * what has the first key is left alone, and a secret that was changed meanwhile is sealed with it anyway.
 */
export async function resealColumn(
  database: Database,
  sealing: Sealing,
  clinicId: string,
  where: SealedColumn,
): Promise<Resealed> {
  const { table } = where;
  const unreadable: { table: string; id: string }[] = [];
  let resealed = 0;
  for (let after = ''; ;) {
    const from = after;
    const rows = await database.write(systemActor(clinicId), async (tx) => {
      const page = await old(tx, where, from, `${sealing.newestMark()}%`);
      const done: string[] = [];
      for (const { id, sealed } of page) {
        const anew = again(sealing, sealed, where.belongsTo(clinicId, id));
        if (anew === null) unreadable.push({ table, id });
        else if (await replace(tx, where, id, sealed, anew)) done.push(id);
      }
      resealed += done.length;
      const entry = { action: 'secret.reseal', entityId: null, patientId: null } as const;
      if (done.length > 0) await record(tx, { ...entry, detail: { table, ids: done } });
      return page;
    });
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return { resealed, unreadable };
    after = last.id;
  }
}

const idOf = ({ key }: SealedColumn): string => (key === null ? 'clinic_id::text' : `${key}::text`);

function old(tx: Tx, where: SealedColumn, after: string, newest: string): Promise<SealedRow[]> {
  const { table, column } = where;
  const text = `SELECT ${idOf(where)} AS id, ${column} AS sealed FROM ${table}
    WHERE clinic_id = $1 AND ${column} IS NOT NULL AND ${idOf(where)} > $2 AND ${column} NOT LIKE $3 ORDER BY 1 LIMIT ${ROWS_AT_ONCE}`;
  return tx.rows<SealedRow>({ text }, [tx.clinicId, after, newest]);
}

async function replace(tx: Tx, where: SealedColumn, id: string, was: string, now: string): Promise<boolean> {
  const { table, column } = where;
  const text = `UPDATE ${table} SET ${column} = $4 WHERE clinic_id = $1 AND ${idOf(where)} = $2 AND ${column} = $3`;
  return (await tx.run({ text }, [tx.clinicId, id, was, now])) === 1;
}

function again(sealing: Sealing, sealed: string, belongsTo: string): string | null {
  try {
    return sealing.seal(sealing.open(sealed, belongsTo), belongsTo);
  } catch {
    return null;
  }
}
