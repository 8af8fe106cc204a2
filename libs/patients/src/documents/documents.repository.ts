import { recorder, sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FileOfRecord } from '../files/patient-files.js';
import type { AddDocument, DocumentView } from './http/document.dto.js';

const VIEW = `
  SELECT d.id, d.patient_id AS "patientId", d.kind, d.title, d.dated_on AS "datedOn", f.media_type AS "mediaType", f.bytes, f.sha256,
         f.key, f.thumb_key AS "thumbKey", d.error_reason AS "errorReason", d.recorded_by AS "recordedById", d.version
    FROM patient_document d JOIN stored_file f ON f.clinic_id = d.clinic_id AND f.id = d.file_id`;
const LIST = sql(`${VIEW}
   WHERE d.clinic_id = $1 AND d.patient_id = ANY ($2::uuid[]) AND d.kind = ANY ($3::text[])
     AND ($4::date IS NULL OR (d.dated_on, d.id) < ($4, $5::uuid))
   ORDER BY d.dated_on DESC, d.id DESC LIMIT $6`);
const READ = sql(`${VIEW} WHERE d.clinic_id = $1 AND d.id = $2 AND d.kind = ANY ($3::text[])`);
const LOCK = sql(
  `${VIEW} WHERE d.clinic_id = $1 AND d.id = $2 AND d.kind = ANY ($3::text[]) FOR UPDATE OF d`,
);
const ADD = sql(`
  INSERT INTO patient_document (clinic_id, id, patient_id, file_id, kind, title, dated_on, recorded_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);
const CORRECT = sql(
  'UPDATE patient_document SET error_at = $3, error_by = $4, error_reason = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2',
);

/** A document with where its file lies. */
export type DocumentRow = DocumentView & FileOfRecord;

@Injectable()
export class DocumentsRepository {
  list(
    tx: Tx,
    patientIds: readonly string[],
    kinds: readonly string[],
    after: readonly unknown[],
    limit: number,
  ): Promise<DocumentRow[]> {
    return tx.rows<DocumentRow>(LIST, [tx.clinicId, patientIds, kinds, ...after, limit + 1]);
  }

  /** null also for a kind that is not among `kinds`. */
  read(tx: Tx, id: string, kinds: readonly string[]): Promise<DocumentRow | null> {
    return tx.maybe<DocumentRow>(READ, [tx.clinicId, id, kinds]);
  }

  lock(tx: Tx, id: string, kinds: readonly string[]): Promise<DocumentRow | null> {
    return tx.maybe<DocumentRow>(LOCK, [tx.clinicId, id, kinds]);
  }

  async add(
    tx: Tx,
    patientId: string,
    fileId: string,
    { kind, title, datedOn }: AddDocument,
  ): Promise<string> {
    const id = newId();
    await tx.run(ADD, [tx.clinicId, id, patientId, fileId, kind, title, datedOn, recorder(tx)]);
    return id;
  }

  async correct(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.run(CORRECT, [tx.clinicId, id, tx.now, recorder(tx), reason]);
  }
}
