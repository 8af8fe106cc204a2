import type { PresentRecord, SignedSource } from '#audit';
import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { signedContent, type SignedContent } from '../domain/signed-content.js';
import { TREATMENT_ROWS, type TreatmentRow } from '../treatment-rows.queries.js';

const PAGE = sql(`
  ${TREATMENT_ROWS} WHERE t.clinic_id = $1 AND t.id > $2 AND t.status = 'signed' ORDER BY t.id LIMIT $3`);
const READ = sql(`
  ${TREATMENT_ROWS} WHERE t.clinic_id = $1 AND t.id = ANY ($2::uuid[]) AND t.status = 'signed' ORDER BY t.id`);
const AMONG = sql(
  `SELECT id FROM treatment WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) AND status = 'signed'`,
);

/** Treatments as signed records. */
@Injectable()
export class SignedTreatmentsRepository implements SignedSource {
  readonly kind = 'treatment';

  async page(tx: Tx, after: string, limit: number): Promise<PresentRecord[]> {
    return (await tx.rows<TreatmentRow>(PAGE, [tx.clinicId, after, limit])).map(presentOf);
  }

  async read(tx: Tx, ids: readonly string[]): Promise<PresentRecord[]> {
    return (await tx.rows<TreatmentRow>(READ, [tx.clinicId, ids])).map(presentOf);
  }

  async signedAmong(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return (await tx.rows<{ id: string }>(AMONG, [tx.clinicId, ids])).map(({ id }) => id);
  }
}

/** What the signature of a row stands for, as the row is now. */
export const contentOf = (row: TreatmentRow): SignedContent => ({
  ...row,
  record: { ...row.record },
  signedAt: row.signedAt?.toISOString() ?? '',
  signedBy: row.signedBy ?? '',
  signedName: row.signedName ?? '',
  signedMeaning: row.signedMeaning ?? '',
});

const presentOf = (row: TreatmentRow): PresentRecord => ({
  id: row.id,
  contentHash: row.contentHash ?? '',
  content: signedContent(contentOf(row)),
});
