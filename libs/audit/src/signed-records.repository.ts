import { sql, type Tx } from '#database';

import type { SignedKind } from './signed-records.js';

/** What was kept of a record when it was signed. */
export interface KeptRecord {
  readonly id: string;
  readonly content: string;
  readonly contentHash: string;
}

const KEEP = sql(`
  INSERT INTO signed_record (clinic_id, kind, record_id, content, content_hash, signed_at) VALUES ($1, $2, $3, $4, $5, $6)`);
const KEPT = sql(`
  SELECT record_id AS id, content, content_hash AS "contentHash" FROM signed_record
   WHERE clinic_id = $1 AND kind = $2 AND record_id = ANY ($3::uuid[])`);
const SIGNINGS_AFTER = sql(`
  SELECT id::text AS place, entity_id AS id FROM audit_event
   WHERE clinic_id = $1 AND id > $3::bigint AND action = $2 AND outcome = 'done' AND entity_id IS NOT NULL ORDER BY audit_event.id LIMIT $4`);
const KEPT_AFTER = sql(`
  SELECT record_id AS id FROM signed_record
   WHERE clinic_id = $1 AND kind = $2 AND record_id > $3 ORDER BY record_id LIMIT $4`);

export function keepRecord(tx: Tx, kind: SignedKind, { id, content, contentHash }: KeptRecord): void {
  tx.later(KEEP, [tx.clinicId, kind, id, content, contentHash, tx.now]);
}

export const keptRecords = (tx: Tx, kind: SignedKind, ids: readonly string[]): Promise<KeptRecord[]> =>
  tx.rows<KeptRecord>(KEPT, [tx.clinicId, kind, ids]);

/** Ids of kept records after the one given, in order. */
export const keptAfter = (
  tx: Tx,
  kind: SignedKind,
  after: string,
  limit: number,
): Promise<{ id: string }[]> => tx.rows(KEPT_AFTER, [tx.clinicId, kind, after, limit]);

/** Signings the trail tells of after a place in it, in order. */
export const signingsAfter = (
  tx: Tx,
  kind: SignedKind,
  place: string,
  limit: number,
): Promise<{ place: string; id: string }[]> =>
  tx.rows(SIGNINGS_AFTER, [tx.clinicId, `${kind}.sign`, place, limit]);
