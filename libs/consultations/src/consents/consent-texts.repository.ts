import { isoText, sql, type Tx } from '#database';
import { newId, textHash } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { GiveConsent } from './http/consent.dto.js';
import type { ConsentTextView, KeepConsentText } from './http/consent-text.dto.js';

/** What a consent needs of the text it was given to. */
export type ConsentTextRow = Pick<ConsentTextView, 'id' | 'textHash' | 'covers'>;

const OF_VERSION = sql(`
  SELECT id, text_hash AS "textHash", covers FROM consent_text
   WHERE clinic_id = $1 AND kind = $2 AND version = $4 AND coalesce(area_id, '') IN (coalesce($3, ''), '')
   ORDER BY area_id NULLS LAST LIMIT 1`);
const OF_HASH = sql(`
  SELECT id, text_hash AS "textHash", covers FROM consent_text
   WHERE clinic_id = $1 AND kind = $2 AND version = $4 AND coalesce(area_id, '') IN (coalesce($3, ''), '') AND text_hash = $5
   ORDER BY area_id NULLS LAST LIMIT 1`);
const KEEP = sql(`
  INSERT INTO consent_text (clinic_id, id, kind, area_id, version, text, text_hash, covers, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (clinic_id, kind, coalesce(area_id, ''), version) DO NOTHING`);
const EXACT = sql(`
  SELECT id, text_hash AS "textHash", covers FROM consent_text
   WHERE clinic_id = $1 AND kind = $2 AND coalesce(area_id, '') = coalesce($3, '') AND version = $4`);
const VIEW = `id, kind, area_id AS area, version, text, text_hash AS "textHash", covers, created_by AS "createdBy",
         ${isoText('created_at')} AS "createdAt"`;
const READ = sql(`
  SELECT ${VIEW} FROM consent_text WHERE clinic_id = $1 AND id = $2`);
const LIST = sql(`
  SELECT ${VIEW}
    FROM consent_text WHERE clinic_id = $1 AND ($2::text IS NULL OR kind = $2) AND id < $3 ORDER BY id DESC LIMIT $4`);

const CONSENT = sql(`
  INSERT INTO consent (clinic_id, id, consultation_id, patient_id, kind, area_id, text_version, text_hash, signed_name, signed_at, taken_by,
                       text_id, covers, cost_amount, cost_currency)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`);

@Injectable()
export class ConsentTextsRepository {
  /** The area's own text of that version, or the one for all areas. */
  ofVersion(tx: Tx, kind: string, area: string | undefined, version: string): Promise<ConsentTextRow | null> {
    return tx.maybe<ConsentTextRow>(OF_VERSION, [tx.clinicId, kind, area ?? null, version]);
  }

  /** The same, if its words are those. */
  ofHash(
    tx: Tx,
    kind: string,
    area: string | undefined,
    version: string,
    hash: string,
  ): Promise<ConsentTextRow | null> {
    return tx.maybe<ConsentTextRow>(OF_HASH, [tx.clinicId, kind, area ?? null, version, hash]);
  }

  /** Keeps a text, or finds the one that has its kind, area and version; the caller compares. */
  async keep(tx: Tx, { kind, area, version, text, covers }: KeepConsentText): Promise<ConsentTextRow> {
    const values = [
      kind,
      area ?? null,
      version,
      text,
      textHash(text),
      covers ?? [],
      tx.actor.staffId,
      tx.now,
    ];
    await tx.run(KEEP, [tx.clinicId, newId(), ...values]);
    return tx.one<ConsentTextRow>(EXACT, [tx.clinicId, kind, area ?? null, version]);
  }

  /** Keeps that a patient consented to a text; the id of the consent. */
  async give(
    tx: Tx,
    { id, patientId }: { readonly id: string; readonly patientId: string },
    { kind, area, textVersion, signedName, covers = [], cost }: GiveConsent,
    text: ConsentTextRow,
  ): Promise<string> {
    const consentId = newId();
    const given = [kind, area ?? null, textVersion, text.textHash, signedName, tx.now, tx.actor.staffId];
    const told = [
      text.id,
      [...new Set([...text.covers, ...covers])],
      cost?.amount ?? null,
      cost?.currency ?? null,
    ];
    await tx.run(CONSENT, [tx.clinicId, consentId, id, patientId, ...given, ...told]);
    return consentId;
  }

  read(tx: Tx, id: string): Promise<ConsentTextView | null> {
    return tx.maybe<ConsentTextView>(READ, [tx.clinicId, id]);
  }

  /** Newest first. */
  list(tx: Tx, kind: string | undefined, before: string, limit: number): Promise<ConsentTextView[]> {
    return tx.rows<ConsentTextView>(LIST, [tx.clinicId, kind ?? null, before, limit + 1]);
  }
}
