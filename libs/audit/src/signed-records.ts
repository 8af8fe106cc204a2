import { sql, type Tx } from '#database';
import { canonicalJson, textHash } from '#kernel';

import { recordDifferences } from './domain/record-differences.js';

export type SignedKind = 'consultation' | 'treatment';

/** A signed record as its tables have it now. */
export interface PresentRecord {
  readonly id: string;
  readonly contentHash: string;
  /** What its signature stands for, read anew. */
  readonly content: unknown;
}

/** Where signed records of a kind are read from. */
export interface SignedSource {
  readonly kind: SignedKind;
  /** At most `limit` signed records with an id after the one given, in order of id. */
  page(tx: Tx, after: string, limit: number): Promise<readonly PresentRecord[]>;
  /** Which of these ids are signed records. */
  signedAmong(tx: Tx, ids: readonly string[]): Promise<readonly string[]>;
}

export interface RecordFault {
  readonly kind: SignedKind;
  readonly id: string;
  /** Paths inside the record, without values. */
  readonly differs: readonly string[];
}

const KEEP = sql(`
  INSERT INTO signed_record (clinic_id, kind, record_id, content, content_hash, signed_at) VALUES ($1, $2, $3, $4, $5, $6)`);
const KEPT = sql(`
  SELECT record_id AS id, content, content_hash AS "contentHash" FROM signed_record
   WHERE clinic_id = $1 AND kind = $2 AND record_id = ANY ($3::uuid[])`);
const KEPT_AFTER = sql(`
  SELECT record_id AS id FROM signed_record
   WHERE clinic_id = $1 AND kind = $2 AND record_id > $3 ORDER BY record_id LIMIT $4`);

/** Keeps what a signature stands for beside the record, and answers the SHA-256 the signature locks. @throws NotHashable */
export function keepSigned(tx: Tx, kind: SignedKind, id: string, content: unknown): string {
  const text = canonicalJson(content);
  const hash = textHash(text);
  tx.later(KEEP, [tx.clinicId, kind, id, text, hash, tx.now]);
  return hash;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 200;

/**
 * Reads every signed record of a kind in the clinic anew and compares it with its hash and with what was kept at signing,
 * page by page. Answers how many were read and those that are not what was signed, missing ones included.
 */
export async function verifySigned(
  inClinic: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  source: SignedSource,
  report: (fault: RecordFault) => void,
): Promise<number> {
  let read = 0;
  await eachPage(async (after) => {
    const { last, faults } = await inClinic(async (tx) => {
      const records = await source.page(tx, after, PAGE);
      const ids = records.map(({ id }) => id);
      const kept = await tx.rows<Kept>(KEPT, [tx.clinicId, source.kind, ids]);
      const byId = new Map(kept.map((one) => [one.id, one]));
      read += records.length;
      return {
        last: ids.at(-1),
        faults: records.map((one) => ({ id: one.id, differs: differsFrom(byId.get(one.id), one) })),
      };
    });
    for (const { id, differs } of faults) if (differs.length > 0) report({ kind: source.kind, id, differs });
    return last;
  });
  await eachPage(async (after) => {
    const { last, missing } = await inClinic(async (tx) => {
      const kept = await tx.rows<{ id: string }>(KEPT_AFTER, [tx.clinicId, source.kind, after, PAGE]);
      const ids = kept.map(({ id }) => id);
      const present = new Set(await source.signedAmong(tx, ids));
      return { last: ids.at(-1), missing: ids.filter((id) => !present.has(id)) };
    });
    for (const id of missing) report({ kind: source.kind, id, differs: ['record removed'] });
    return last;
  });
  return read;
}

/** Goes on from the last id of each page until a page is empty. */
async function eachPage(page: (after: string) => Promise<string | undefined>): Promise<void> {
  let after: string | undefined = FIRST;
  while (after !== undefined) after = await page(after);
}

interface Kept {
  readonly id: string;
  readonly content: string;
  readonly contentHash: string;
}

/** Records signed before copies were kept have none; then the hash alone speaks. */
function differsFrom(kept: Kept | undefined, { content, contentHash }: PresentRecord): string[] {
  const isHashed = textHash(canonicalJson(content)) === contentHash;
  if (kept === undefined) return isHashed ? [] : ['content changed'];
  if (textHash(kept.content) !== kept.contentHash)
    return ['kept copy changed', ...(isHashed ? [] : ['content changed'])];
  const differs = recordDifferences(JSON.parse(kept.content), JSON.parse(canonicalJson(content)));
  return kept.contentHash === contentHash ? differs : [...differs, 'contentHash changed'];
}
