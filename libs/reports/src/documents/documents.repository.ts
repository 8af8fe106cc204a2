import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { DocumentFormat, DocumentKind, DocumentQuestion } from './document-question.js';

export interface DocumentRow {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly format: DocumentFormat;
  readonly question: DocumentQuestion;
  readonly tellsSmall: boolean;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly sha256: string | null;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly doneAt: Date | null;
  readonly expiresAt: Date;
}

const COLUMNS = `id, kind, format, question, tells_small AS "tellsSmall", status, progress, sha256, asked_by AS "askedBy",
  asked_at AS "askedAt", done_at AS "doneAt", expires_at AS "expiresAt"`;

const ASK = sql(`
  INSERT INTO report_document (clinic_id, id, kind, format, question, tells_small, asked_by, asked_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const READ = sql(
  `SELECT ${COLUMNS} FROM report_document WHERE clinic_id = $1 AND id = $2 AND expires_at > $3`,
);
const LIST = sql(`
  SELECT ${COLUMNS} FROM report_document
   WHERE clinic_id = $1 AND asked_by = $2 AND expires_at > $3 AND ($4::uuid IS NULL OR id < $4) AND ($5 OR NOT tells_small)
   ORDER BY id DESC LIMIT $6`);
const CONTENT = sql(
  "SELECT content FROM report_document WHERE clinic_id = $1 AND id = $2 AND status = 'done'",
);
const ADVANCE = sql(`
  UPDATE report_document SET status = 'running', progress = $3 WHERE clinic_id = $1 AND id = $2 AND status IN ('waiting', 'running', 'failed')`);
const FINISH = sql(`
  UPDATE report_document SET status = 'done', progress = 100, content = $3, sha256 = $4, done_at = $5
   WHERE clinic_id = $1 AND id = $2 AND status <> 'done'`);
const FAIL = sql(
  `UPDATE report_document SET status = 'failed' WHERE clinic_id = $1 AND id = $2 AND status <> 'done'`,
);
const FORGET = sql('DELETE FROM report_document WHERE clinic_id = $1 AND expires_at <= $2');

/** Reports asked for as documents, each until it expires. */
@Injectable()
export class DocumentsRepository {
  async ask(
    tx: Tx,
    document: Pick<DocumentRow, 'kind' | 'format' | 'question' | 'tellsSmall' | 'askedBy' | 'expiresAt'>,
  ): Promise<string> {
    const { kind, format, question, tellsSmall, askedBy, expiresAt } = document;
    const id = newId(tx.now.getTime());
    await tx.run(ASK, [
      tx.clinicId,
      id,
      kind,
      format,
      JSON.stringify(question),
      tellsSmall,
      askedBy,
      tx.now,
      expiresAt,
    ]);
    return id;
  }

  read(tx: Tx, id: string): Promise<DocumentRow | null> {
    return tx.maybe<DocumentRow>(READ, [tx.clinicId, id, tx.now]);
  }

  /** Newest first, one more than the limit; those that tell small numbers only where wanted. */
  list(
    tx: Tx,
    askedBy: string,
    { tellingSmall, before, limit }: { tellingSmall: boolean; before: string | null; limit: number },
  ): Promise<DocumentRow[]> {
    return tx.rows<DocumentRow>(LIST, [tx.clinicId, askedBy, tx.now, before, tellingSmall, limit + 1]);
  }

  async content(tx: Tx, id: string): Promise<string | null> {
    return (await tx.maybe<{ content: string }>(CONTENT, [tx.clinicId, id]))?.content ?? null;
  }

  async advance(tx: Tx, id: string, progress: number): Promise<void> {
    await tx.run(ADVANCE, [tx.clinicId, id, progress]);
  }

  async finish(tx: Tx, id: string, content: string, sha256: string): Promise<void> {
    await tx.run(FINISH, [tx.clinicId, id, content, sha256, tx.now]);
  }

  async fail(tx: Tx, id: string): Promise<void> {
    await tx.run(FAIL, [tx.clinicId, id]);
  }

  async forgetExpired(tx: Tx): Promise<void> {
    await tx.run(FORGET, [tx.clinicId, tx.now]);
  }
}
