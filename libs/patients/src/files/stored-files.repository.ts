import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { PreparedFile } from './prepared-file.js';

const KEEP = sql(`
  INSERT INTO stored_file (clinic_id, id, key, thumb_key, media_type, bytes, sha256, sent_sha256, width, height, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`);
const KNOWN = sql('SELECT key FROM stored_file WHERE clinic_id = $1 AND key = ANY ($2::text[])');

/** A file that lies in the store already. */
export interface StoredFile extends Omit<PreparedFile, 'bytes' | 'thumb'> {
  readonly id: string;
  readonly key: string;
  readonly thumbKey: string | null;
  readonly bytes: number;
  /** Of what was sent, before anything was stripped. */
  readonly sentSha256: string;
}

@Injectable()
export class StoredFilesRepository {
  async keep(tx: Tx, file: StoredFile): Promise<void> {
    const { id, key, thumbKey, mediaType, bytes, sha256, sentSha256, width, height } = file;
    const values = [id, key, thumbKey, mediaType, bytes, sha256, sentSha256, width, height, tx.now];
    await tx.run(KEEP, [tx.clinicId, ...values]);
  }

  /** Which of these keys a record refers to. */
  async known(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ key: string }>(KNOWN, [tx.clinicId, keys]);
    return new Set(rows.map(({ key }) => key));
  }
}
