import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ExportView } from './http/export.dto.js';

const VIEW = `id, patient_id AS "patientId", status, requested_by AS "requestedBy", requested_at AS "requestedAt",
  made_at AS "madeAt", expires_at AS "expiresAt", rows, sha256`;

const REQUEST = sql(`
  INSERT INTO access_export (clinic_id, id, patient_id, requested_by, requested_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${VIEW}`);
const READ = sql(`SELECT ${VIEW} FROM access_export WHERE clinic_id = $1 AND id = $2`);
const FILE = sql(
  `SELECT zip FROM access_export WHERE clinic_id = $1 AND id = $2 AND status = 'ready' AND expires_at > $3`,
);
const HOLD = sql(`SELECT ${VIEW} FROM access_export WHERE clinic_id = $1 AND id = $2 FOR UPDATE`);
const MADE = sql(`
  UPDATE access_export SET status = 'ready', made_at = $3, rows = $4, sha256 = $5, zip = $6 WHERE clinic_id = $1 AND id = $2`);
const FORGET = sql(`
  UPDATE access_export SET status = 'expired', zip = NULL WHERE clinic_id = $1 AND expires_at <= $2 AND status <> 'expired'`);
const NAMES = sql(`
  SELECT id::text, display_name AS name FROM staff WHERE clinic_id = $1 UNION ALL
  SELECT id::text, name FROM location WHERE clinic_id = $1 UNION ALL
  SELECT id::text, name FROM room WHERE clinic_id = $1 UNION ALL
  SELECT id::text, name FROM appointment_type WHERE clinic_id = $1 UNION ALL
  SELECT id, name FROM area UNION ALL
  SELECT id, inn FROM product`);
const CLINIC = sql(`
  SELECT name AS clinic, coalesce((SELECT zone FROM location WHERE clinic_id = $1 ORDER BY id LIMIT 1), 'UTC') AS zone
    FROM clinic WHERE id = $1`);

@Injectable()
export class ExportsRepository {
  request(tx: Tx, patientId: string, staffId: string, expiresAt: Date): Promise<ExportView> {
    return tx.one<ExportView>(REQUEST, [
      tx.clinicId,
      newId(tx.now.getTime()),
      patientId,
      staffId,
      tx.now,
      expiresAt,
    ]);
  }

  read(tx: Tx, id: string): Promise<ExportView | null> {
    return tx.maybe<ExportView>(READ, [tx.clinicId, id]);
  }

  async file(tx: Tx, id: string): Promise<Buffer | null> {
    return (await tx.maybe<{ zip: Buffer }>(FILE, [tx.clinicId, id, tx.now]))?.zip ?? null;
  }

  /** Until this transaction ends, no other worker makes this one. */
  hold(tx: Tx, id: string): Promise<ExportView | null> {
    return tx.maybe<ExportView>(HOLD, [tx.clinicId, id]);
  }

  async made(tx: Tx, id: string, rows: number, sha256: string, zip: Uint8Array): Promise<void> {
    await tx.run(MADE, [tx.clinicId, id, tx.now, rows, sha256, Buffer.from(zip)]);
  }

  async forgetExpired(tx: Tx): Promise<void> {
    await tx.run(FORGET, [tx.clinicId, tx.now]);
  }

  async names(tx: Tx): Promise<Map<string, string>> {
    const rows = await tx.rows<{ id: string; name: string }>(NAMES, [tx.clinicId]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  clinic(tx: Tx): Promise<{ clinic: string; zone: string }> {
    return tx.one(CLINIC, [tx.clinicId]);
  }
}
