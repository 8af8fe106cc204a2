import { systemActor, type Database, type Tx } from '#database';

import { BEGINNING, forgedBecause, RowsHash, type Place, type Seal, type SealKeys } from '../domain/seal.js';
import { SealsRepository } from './seals.repository.js';
import { anchorOf, type Anchor } from './seals.service.js';

const ROWS_AT_ONCE = 2000;
const SEALS_AT_ONCE = 100;
const MOST_FINDINGS = 20;

/** What a look over one clinic's whole trail found. */
export interface Verdict {
  readonly clinicId: string;
  readonly seals: number;
  /** Rows under a seal that holds. */
  readonly rows: number;
  /** Rows that wait for their seal: nothing can be said of them yet. */
  readonly unsealed: number;
  /** Each in a sentence; none when the trail is as it was written. */
  readonly findings: readonly string[];
  readonly anchor: Anchor | null;
}

/**
 * Reads a clinic's trail again, a few thousand rows at a time, and holds it to its seals; `anchor` is a seal kept
 * elsewhere, without which a tail cut off together with its seals cannot be told from a trail that ended there.
 */
export async function verifyTrail(
  database: Database,
  clinicId: string,
  keys: SealKeys,
  anchor: Anchor | null,
): Promise<Verdict> {
  const seals = new SealsRepository();
  const reading = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.read(systemActor(clinicId), work);
  const findings: string[] = [];
  let before: Seal | null = null;
  let [count, held] = [0, 0];
  let anchored = anchor === null;
  for (;;) {
    const number: number = before?.number ?? 0;
    const page: Seal[] = await reading((tx) => seals.after(tx, number, SEALS_AT_ONCE));
    for (const seal of page) {
      const forged = forgedBecause(seal, before, keys);
      if (forged !== null) findings.push(`Seal ${seal.number} is not ours: ${forged}`);
      const { rows, hash } = await rehash(reading, seals, seal);
      if (rows !== seal.rows)
        findings.push(
          `Seal ${seal.number} covers ${seal.rows} rows, there are ${rows}: rows were deleted or inserted`,
        );
      else if (!hash.equals(seal.rowsHash))
        findings.push(
          `The ${rows} rows under seal ${seal.number} are not what was sealed: one was changed or moved`,
        );
      else if (forged === null) held += rows;
      if (anchor !== null && seal.number === anchor.number) {
        anchored = true;
        if (seal.mac.toString('hex') !== anchor.mac)
          findings.push(`Seal ${seal.number} is another than the anchor's`);
      }
      count += 1;
      before = seal;
    }
    if (page.length < SEALS_AT_ONCE || findings.length >= MOST_FINDINGS) break;
  }
  if (!anchored) findings.push(`Seal ${anchor?.number} of the anchor is gone: the tail was cut off`);
  const last: Place = before?.last ?? BEGINNING;
  const unsealed = await reading((tx) => seals.unsealed(tx, last));
  return { clinicId, seals: count, rows: held, unsealed, findings, anchor: anchorOf(before) };
}

async function rehash(
  reading: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  seals: SealsRepository,
  { after, last, rows: claimed }: Seal,
): Promise<{ rows: number; hash: Buffer }> {
  const hash = new RowsHash();
  let place = after;
  for (;;) {
    const from = place;
    const rows = await reading((tx) => seals.between(tx, from, last, ROWS_AT_ONCE));
    for (const row of rows) hash.add(row);
    const end = rows.at(-1);
    if (!end || rows.length < ROWS_AT_ONCE || hash.rows > claimed)
      return { rows: hash.rows, hash: hash.digest() };
    place = { xact: BigInt(end.xact), id: BigInt(end.id) };
  }
}
