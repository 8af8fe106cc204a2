import { recorder, sql, type Tx, violatedConstraint } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FileOfRecord } from '../files/patient-files.js';
import { PhotoUseAllowedAlready, PhotoVisitNotFound } from './domain/photos.errors.js';
import type { AddPhoto, PhotoConsent, PhotoUse, PhotoView } from './http/photo.dto.js';

const VIEW = `
  SELECT p.id, p.patient_id AS "patientId", p.taken_on AS "takenOn", p.view, p.expression, p.area_ids AS areas, p.phase,
         p.treatment_id AS "treatmentId", p.consultation_id AS "consultationId", p.note, f.media_type AS "mediaType", f.bytes,
         f.width, f.height, f.sha256, f.key, f.thumb_key AS "thumbKey", p.error_reason AS "errorReason",
         p.recorded_by AS "recordedById", p.version,
         (SELECT coalesce(json_agg(json_build_object('use', c.use, 'signedName', c.signed_name, 'givenOn', c.given_on,
                   'recordedById', c.recorded_by, 'withdrawnAt', c.withdrawn_at) ORDER BY c.recorded_at, c.use, c.id), '[]')
            FROM photo_consent c WHERE c.clinic_id = p.clinic_id AND c.photo_id = p.id) AS consents
    FROM photo p JOIN stored_file f ON f.clinic_id = p.clinic_id AND f.id = p.file_id`;
const LIST = sql(`${VIEW}
   WHERE p.clinic_id = $1 AND p.patient_id = ANY ($2::uuid[]) AND ($3::date IS NULL OR (p.taken_on, p.id) < ($3, $4::uuid))
   ORDER BY p.taken_on DESC, p.id DESC LIMIT $5`);
const READ = sql(`${VIEW} WHERE p.clinic_id = $1 AND p.id = $2`);
const LOCK = sql(`${VIEW} WHERE p.clinic_id = $1 AND p.id = $2 FOR UPDATE OF p`);
const SAME = sql(`
  SELECT p.id FROM photo p JOIN stored_file f ON f.clinic_id = p.clinic_id AND f.id = p.file_id
   WHERE p.clinic_id = $1 AND p.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND f.sent_sha256 = $3 AND p.error_at IS NULL LIMIT 1`);
const ADD = sql(`
  INSERT INTO photo (clinic_id, id, patient_id, file_id, taken_on, view, expression, area_ids, phase, treatment_id, consultation_id,
                     note, recorded_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`);
const ALLOW = sql(`
  INSERT INTO photo_consent (clinic_id, id, photo_id, use, signed_name, given_on, recorded_by, recorded_at)
  SELECT $1, id, $2, use, $5, $6, $7, $8 FROM unnest($3::uuid[], $4::text[]) AS c (id, use)`);
const WITHDRAW = sql(`
  UPDATE photo_consent SET withdrawn_at = $4, withdrawn_by = $5 WHERE clinic_id = $1 AND photo_id = $2 AND use = $3 AND withdrawn_at IS NULL`);
const CORRECT = sql(
  'UPDATE photo SET error_at = $3, error_by = $4, error_reason = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2',
);

/** A photo with where its file lies. */
export type PhotoRow = PhotoView & FileOfRecord;

@Injectable()
export class PhotosRepository {
  list(tx: Tx, patientIds: readonly string[], after: readonly unknown[], limit: number): Promise<PhotoRow[]> {
    return tx.rows<PhotoRow>(LIST, [tx.clinicId, patientIds, ...after, limit + 1]);
  }

  read(tx: Tx, id: string): Promise<PhotoRow | null> {
    return tx.maybe<PhotoRow>(READ, [tx.clinicId, id]);
  }

  lock(tx: Tx, id: string): Promise<PhotoRow | null> {
    return tx.maybe<PhotoRow>(LOCK, [tx.clinicId, id]);
  }

  /** A photo of this patient made of the same bytes, or null. */
  async same(tx: Tx, patientId: string, sentSha256: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(SAME, [tx.clinicId, patientId, sentSha256]))?.id ?? null;
  }

  /** @throws PhotoVisitNotFound when the treatment or consultation is not one of this patient */
  async add(tx: Tx, patientId: string, fileId: string, photo: AddPhoto): Promise<string> {
    const { takenOn, view, expression, areas, phase, treatmentId, consultationId, note } = photo;
    const id = newId();
    const visit = [treatmentId ?? null, consultationId ?? null];
    const values = [takenOn, view, expression, areas, phase, ...visit, note ?? null, recorder(tx)];
    await tx.run(ADD, [tx.clinicId, id, patientId, fileId, ...values]).catch((error: unknown) => {
      throw OF_ANOTHER.has(violatedConstraint(error) ?? '') ? new PhotoVisitNotFound() : error;
    });
    return id;
  }

  /** @throws PhotoUseAllowedAlready */
  async allow(tx: Tx, id: string, { uses, signedName, givenOn }: PhotoConsent): Promise<void> {
    const ids = uses.map(() => newId());
    const values = [tx.clinicId, id, ids, uses, signedName, givenOn, recorder(tx), tx.now];
    await tx.run(ALLOW, values).catch((error: unknown) => {
      throw violatedConstraint(error) === 'photo_consent_once' ? new PhotoUseAllowedAlready() : error;
    });
  }

  /** How many consents that takes back: none or one. */
  withdraw(tx: Tx, id: string, use: PhotoUse): Promise<number> {
    return tx.run(WITHDRAW, [tx.clinicId, id, use, tx.now, recorder(tx)]);
  }

  async correct(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.run(CORRECT, [tx.clinicId, id, tx.now, recorder(tx), reason]);
  }
}

const OF_ANOTHER = new Set(['photo_visit_of_patient', 'photo_treatment_known', 'photo_consultation_known']);
