import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One row of the trail as text, column by column, the same whoever reads it. */
export interface TrailRow {
  readonly xact: string;
  readonly id: string;
  /** Every other column in a fixed order, null where it is empty. */
  readonly content: readonly (string | null)[];
}

/** A place in the trail: rows are ordered by transaction, then id. */
export interface Place {
  readonly xact: bigint;
  readonly id: bigint;
}

/** A seal without its MAC: what it says of the rows after one place up to another, and of the seal before. */
export interface SealClaim {
  readonly clinicId: string;
  /** 1 for the first of a clinic, then one more each time. */
  readonly number: number;
  readonly after: Place;
  readonly last: Place;
  readonly rows: number;
  readonly rowsHash: Buffer;
  readonly previousMac: Buffer;
  readonly keyId: string;
  /** ISO instant with milliseconds. */
  readonly sealedAt: string;
}

export interface Seal extends SealClaim {
  readonly mac: Buffer;
}

/** The secrets seals are made with, by key id; the first makes new seals, the others still prove old ones. */
export type SealKeys = ReadonlyMap<string, Buffer>;

export const BEGINNING: Place = { xact: -1n, id: -1n };
/** What stands for the seal before the first. */
export const NO_MAC = Buffer.alloc(32);

/** SHA-256 over rows in the order of the trail; each row is one JSON line, so that no two trails read alike. */
export class RowsHash {
  readonly #hash = createHash('sha256');
  rows = 0;

  add({ xact, id, content }: TrailRow): void {
    this.#hash.update(`${JSON.stringify([xact, id, ...content])}\n`);
    this.rows += 1;
  }

  digest(): Buffer {
    return this.#hash.digest();
  }
}

/** HMAC-SHA-256 over all a seal claims. */
export function macOf(claim: SealClaim, key: Buffer): Buffer {
  const { clinicId, number, after, last, rows, rowsHash, previousMac, keyId, sealedAt } = claim;
  const said = [
    'revisit-audit-seal-1',
    clinicId,
    number,
    [after.xact, after.id, last.xact, last.id].map(String),
    rows,
    rowsHash.toString('hex'),
    previousMac.toString('hex'),
    keyId,
    sealedAt,
  ];
  return createHmac('sha256', key).update(JSON.stringify(said)).digest();
}

/** Why a seal cannot be the one this service made after `before`, or null when it can. */
export function forgedBecause(
  seal: Seal,
  before: Pick<Seal, 'number' | 'last' | 'mac'> | null,
  keys: SealKeys,
): string | null {
  const key = keys.get(seal.keyId);
  if (!key) return `its key "${seal.keyId}" is not among those given`;
  if (!timingSafeEqual(macOf(seal, key), seal.mac)) return 'its MAC was not made with the key';
  if (seal.number !== (before?.number ?? 0) + 1)
    return `no seal ${(before?.number ?? 0) + 1} stands before it`;
  if (!seal.previousMac.equals(before?.mac ?? NO_MAC))
    return 'it follows another seal than the one before it';
  const { xact, id } = before?.last ?? BEGINNING;
  if (seal.after.xact !== xact || seal.after.id !== id) return 'it leaves out rows after the seal before it';
  return null;
}
