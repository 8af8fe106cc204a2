import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Place, Seal, TrailRow } from '../domain/seal.js';

/** Two workers of one clinic take turns: the second finds nothing left to seal. */
const ALONE = sql(`SELECT pg_advisory_xact_lock(hashtextextended('audit-seal ' || $1, 41))`);

const SEAL = `number, after_xact::text AS "afterXact", after_id::text AS "afterId", last_xact::text AS "lastXact",
  last_id::text AS "lastId", rows, rows_hash AS "rowsHash", previous_mac AS "previousMac", key_id AS "keyId", mac,
  sealed_at AS "sealedAt"`;
const LATEST = sql(`SELECT ${SEAL} FROM audit_seal WHERE clinic_id = $1 ORDER BY number DESC LIMIT 1`);
const SEALS = sql(
  `SELECT ${SEAL} FROM audit_seal WHERE clinic_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
);

const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS'`;
const ROW = `xact::text AS xact, id::text AS id, ARRAY[clinic_id::text, to_char(at AT TIME ZONE 'UTC', ${INSTANT}), staff_id::text,
  session_id::text, request_id, address, action, entity, entity_id::text, patient_id::text, outcome, detail::text] AS content`;
// Below the horizon every transaction has ended: no row can still come before one that is read here.
const FINAL = sql(`
  SELECT ${ROW} FROM audit_event
   WHERE clinic_id = $1 AND (xact, id) > ($2::bigint, $3::bigint) AND xact < audit_horizon()
   ORDER BY audit_event.xact, audit_event.id LIMIT $4`);
const BETWEEN = sql(`
  SELECT ${ROW} FROM audit_event
   WHERE clinic_id = $1 AND (xact, id) > ($2::bigint, $3::bigint) AND (xact, id) <= ($4::bigint, $5::bigint)
   ORDER BY audit_event.xact, audit_event.id LIMIT $6`);
const UNSEALED = sql(`
  SELECT count(*)::int AS rows FROM audit_event WHERE clinic_id = $1 AND (xact, id) > ($2::bigint, $3::bigint)`);

const KEEP = sql(`
  INSERT INTO audit_seal (clinic_id, number, after_xact, after_id, last_xact, last_id, rows, rows_hash, previous_mac, key_id, mac, sealed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`);

interface StoredSeal {
  number: number;
  afterXact: string;
  afterId: string;
  lastXact: string;
  lastId: string;
  rows: number;
  rowsHash: Buffer;
  previousMac: Buffer;
  keyId: string;
  mac: Buffer;
  sealedAt: Date;
}

@Injectable()
export class SealsRepository {
  /** Until this transaction ends, nobody else seals this clinic's trail. */
  async alone(tx: Tx): Promise<void> {
    await tx.run(ALONE, [tx.clinicId]);
  }

  async latest(tx: Tx): Promise<Seal | null> {
    const row = await tx.maybe<StoredSeal>(LATEST, [tx.clinicId]);
    return row && sealOf(tx.clinicId, row);
  }

  /** The seals after this number, in their order. */
  async after(tx: Tx, number: number, limit: number): Promise<Seal[]> {
    return (await tx.rows<StoredSeal>(SEALS, [tx.clinicId, number, limit])).map((row) =>
      sealOf(tx.clinicId, row),
    );
  }

  /** Rows after a place whose order is settled for good. */
  final(tx: Tx, after: Place, limit: number): Promise<TrailRow[]> {
    return tx.rows<TrailRow>(FINAL, [tx.clinicId, String(after.xact), String(after.id), limit]);
  }

  /** Rows after a place up to and including another. */
  between(tx: Tx, after: Place, last: Place, limit: number): Promise<TrailRow[]> {
    const places = [after.xact, after.id, last.xact, last.id].map(String);
    return tx.rows<TrailRow>(BETWEEN, [tx.clinicId, ...places, limit]);
  }

  /** How many rows wait for their seal. */
  async unsealed(tx: Tx, after: Place): Promise<number> {
    return (await tx.one<{ rows: number }>(UNSEALED, [tx.clinicId, String(after.xact), String(after.id)]))
      .rows;
  }

  async keep(tx: Tx, seal: Seal): Promise<void> {
    const { clinicId, number, after, last, rows, rowsHash, previousMac, keyId, mac, sealedAt } = seal;
    const places = [after.xact, after.id, last.xact, last.id].map(String);
    await tx.run(KEEP, [clinicId, number, ...places, rows, rowsHash, previousMac, keyId, mac, sealedAt]);
  }
}

const sealOf = (clinicId: string, row: StoredSeal): Seal => ({
  clinicId,
  number: row.number,
  after: { xact: BigInt(row.afterXact), id: BigInt(row.afterId) },
  last: { xact: BigInt(row.lastXact), id: BigInt(row.lastId) },
  rows: row.rows,
  rowsHash: row.rowsHash,
  previousMac: row.previousMac,
  keyId: row.keyId,
  mac: row.mac,
  sealedAt: row.sealedAt.toISOString(),
});
