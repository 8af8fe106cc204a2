import type { Tx } from '#database';
import { canonicalJson, FIRST_ID, textHash } from '#kernel';

import { recordDifferences } from './domain/record-differences.js';
import {
  keepRecord,
  keptAfter,
  keptRecords,
  type KeptRecord,
  signingsAfter,
} from './signed-records.repository.js';

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
  /** Those of these ids that are signed records, as they are now. */
  read(tx: Tx, ids: readonly string[]): Promise<readonly PresentRecord[]>;
  /** Which of these ids are signed records. */
  signedAmong(tx: Tx, ids: readonly string[]): Promise<readonly string[]>;
}

/** What the certificate of an erasure says of a signed record: all that may differ from what was signed, and nothing else. */
export interface CertifiedRedaction {
  readonly erasureId: string;
  /** What was signed. */
  readonly signedHash: string;
  /** What the erasure left of it; null when it left nothing. */
  readonly leftHash: string | null;
  /** Where it was not what was signed before anything was erased. */
  readonly differed: readonly string[];
}

/** By `<kind> <id>`. */
export type CertifiedRedactions = ReadonlyMap<string, CertifiedRedaction>;
export const NO_REDACTIONS: CertifiedRedactions = new Map();

export interface RecordFault {
  readonly kind: SignedKind;
  readonly id: string;
  /** Paths inside the record, without values. */
  readonly differs: readonly string[];
}

/** Keeps what a signature stands for beside the record, and answers the SHA-256 the signature locks. @throws NotHashable */
export function keepSigned(tx: Tx, kind: SignedKind, id: string, content: unknown): string {
  const text = canonicalJson(content);
  const hash = textHash(text);
  keepRecord(tx, kind, { id, content: text, contentHash: hash });
  return hash;
}

const PAGE = 200;

/** How many records were read, and how many of them an erasure took somebody out of. */
export interface RecordsRead {
  readonly read: number;
  readonly redacted: number;
}

/**
 * Reads every signed record of a kind in the clinic anew and compares it with its hash and with what was kept at signing,
 * page by page; a record of somebody erased with what the certificate says is left of it. Reports those that are not what
 * they should be, those that are gone, and signings the trail tells of whose record is nowhere.
 */
export async function verifySigned(
  inClinic: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  source: SignedSource,
  report: (fault: RecordFault) => void,
  certified: CertifiedRedactions = NO_REDACTIONS,
): Promise<RecordsRead> {
  const { kind } = source;
  const claimOf = (id: string): CertifiedRedaction | undefined => certified.get(`${kind} ${id}`);
  let [read, redacted] = [0, 0];
  await eachPage(FIRST_ID, async (after) => {
    const records = await inClinic(async (tx) => {
      const page = await source.page(tx, after, PAGE);
      return withDifferences(tx, kind, page, certified);
    });
    read += records.length;
    for (const { id, differs } of records) {
      if (claimOf(id)) redacted += 1;
      if (differs.length > 0) report({ kind, id, differs });
    }
    return records.at(-1)?.id;
  });
  const missing = new Set<string>();
  await eachPage(FIRST_ID, async (after) => {
    const ids = await inClinic(async (tx) => {
      const kept = await keptAfter(tx, kind, after, PAGE);
      return absent(tx, source, idsOf(kept));
    });
    for (const id of ids.absent) if (claimOf(id)?.leftHash !== null) missing.add(id);
    return ids.all.at(-1);
  });
  await eachPage('0', async (after) => {
    const signings = await inClinic(async (tx) => {
      const rows = await signingsAfter(tx, kind, after, PAGE);
      return { rows, ...(await absent(tx, source, idsOf(rows))) };
    });
    for (const id of signings.absent) if (claimOf(id)?.leftHash !== null) missing.add(id);
    return signings.rows.at(-1)?.place;
  });
  for (const id of missing) report({ kind, id, differs: ['record removed'] });
  return { read, redacted };
}

/** Signed records with the paths at which they are not what they should be. */
export async function withDifferences<Present extends PresentRecord>(
  tx: Tx,
  kind: SignedKind,
  records: readonly Present[],
  certified: CertifiedRedactions = NO_REDACTIONS,
): Promise<(Present & { differs: string[] })[]> {
  const kept = await keptRecords(tx, kind, idsOf(records));
  const byId = new Map(kept.map((one) => [one.id, one]));
  return records.map((one) => ({
    ...one,
    differs: differsFrom(byId.get(one.id), one, certified.get(`${kind} ${one.id}`)),
  }));
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

async function absent(
  tx: Tx,
  source: SignedSource,
  all: readonly string[],
): Promise<{ all: readonly string[]; absent: string[] }> {
  const present = new Set(await source.signedAmong(tx, all));
  return { all, absent: all.filter((id) => !present.has(id)) };
}

/** Goes on from the last place of each page until a page is empty. */
async function eachPage(first: string, page: (after: string) => Promise<string | undefined>): Promise<void> {
  let after: string | undefined = first;
  while (after !== undefined) after = await page(after);
}

/** Records signed before copies were kept have none; then the hash alone speaks. */
function differsFrom(
  kept: KeptRecord | undefined,
  { content, contentHash }: PresentRecord,
  claim: CertifiedRedaction | undefined,
): string[] {
  if (claim?.leftHash === null) return ['is there though its erasure was certified'];
  const signedHash = claim?.signedHash ?? kept?.contentHash ?? contentHash;
  const leftHash = claim?.leftHash ?? signedHash;
  const present = canonicalJson(content);
  const isLeft = textHash(present) === leftHash;
  const differs = [
    ...(claim?.differed ?? []).map((path) => `${path} before it was erased`),
    ...(contentHash === signedHash && (kept?.contentHash ?? signedHash) === signedHash
      ? []
      : ['contentHash changed']),
  ];
  if (kept === undefined) return [...differs, ...(isLeft ? [] : ['content changed'])];
  if (textHash(kept.content) !== leftHash)
    return [...differs, 'kept copy changed', ...(isLeft ? [] : ['content changed'])];
  return [...recordDifferences(JSON.parse(kept.content), JSON.parse(present)), ...differs];
}
