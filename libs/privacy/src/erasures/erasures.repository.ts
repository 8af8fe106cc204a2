import { sql, type Tx } from '#database';
import { FIRST_ID, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PATIENT_KEEPS } from '../domain/erasure-policy.js';
import { PSEUDONYM } from '../domain/pseudonym.js';
import type { KeptCertificate } from '../domain/certificate.js';
import type { Row } from '../rows/patient-rows.repository.js';
import type { ErasedPatientView, ErasurePlan, ErasureView } from './http/erasure.dto.js';

const VIEW = `id, patient_id AS "patientId", kind, status, reason, requested_by AS "requestedBy", requested_at AS "requestedAt",
  plan, executed_by AS "executedBy", executed_at AS "executedAt", certificate, certificate_hash AS "certificateHash", version`;

const PLAN = sql(`
  INSERT INTO erasure (clinic_id, id, patient_id, kind, reason, requested_by, requested_at, plan)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (clinic_id, patient_id) WHERE status = 'planned' DO NOTHING RETURNING ${VIEW}`);
const READ = sql(`SELECT ${VIEW} FROM erasure WHERE clinic_id = $1 AND id = $2`);
const PLANNED = sql(`
  SELECT ${VIEW} FROM erasure WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND status = 'planned' ORDER BY id LIMIT 1`);
const LIST = sql(`
  SELECT ${VIEW} FROM erasure WHERE clinic_id = $1 AND id < $2 AND ($3::uuid IS NULL OR patient_id = $3)
   ORDER BY id DESC LIMIT $4`);
const MOVE = sql(`
  UPDATE erasure SET status = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2 AND status = 'planned' RETURNING id`);
const CERTIFY = sql(`
  UPDATE erasure SET status = 'executed', executed_by = $3, executed_at = $4, certificate = $5, certificate_hash = $6,
         certificate_key_id = $7, certificate_mac = $8, version = version + 1
   WHERE clinic_id = $1 AND id = $2 AND status = 'executing' RETURNING ${VIEW}`);
const VISITS_AHEAD = sql(`
  SELECT count(*)::int AS visits FROM appointment
   WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND starts_at > $3
     AND status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress')`);
const ERASE = sql('SELECT erase_rows($1, $2::regclass, $3) AS rows');
const REDACT = sql('SELECT redact_rows($1, $2::regclass, $3, $4, $5) AS rows');
const REDACT_COPIES = sql(`
  SELECT redact_signed_copy($1, kind, id, content) AS rows FROM unnest($2::text[], $3::uuid[], $4::text[]) AS c (kind, id, content)`);
const WITHOUT_NAMES = sql(
  'SELECT redact_text(text, $2) AS text FROM unnest($1::text[]) WITH ORDINALITY AS u (text, n) ORDER BY n',
);
const NOTE_FILES = sql(`
  INSERT INTO erased_file (clinic_id, key, erasure_id, erased_at) SELECT $1, key, $2, $3 FROM unnest($4::text[]) AS k (key)
  ON CONFLICT (clinic_id, key) DO UPDATE SET erasure_id = $2, erased_at = $3, removed_at = NULL`);
const FILES_TO_REMOVE = sql(`
  SELECT key FROM erased_file WHERE clinic_id = $1 AND removed_at IS NULL AND key > $2 ORDER BY key LIMIT $3`);
const FILES_REMOVED = sql(`
  UPDATE erased_file SET removed_at = $3 WHERE clinic_id = $1 AND key = ANY ($2::text[])`);
const REMEMBER = sql(`
  INSERT INTO erased_patient (clinic_id, patient_id, erasure_id, kept_until, erased_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (clinic_id, patient_id) DO UPDATE SET erasure_id = $3, kept_until = $4, erased_at = $5`);
const ERASED = sql(`
  SELECT patient_id AS "patientId", erased_at AS "erasedAt", kept_until AS "keptUntil" FROM erased_patient
   WHERE clinic_id = $1 AND patient_id > $2 ORDER BY patient_id LIMIT $3`);
const WAS_ERASED = sql(`
  SELECT patient_id AS "patientId", erased_at AS "erasedAt", kept_until AS "keptUntil" FROM erased_patient
   WHERE clinic_id = $1 AND patient_id = $2`);
const PATIENT_COLUMNS = sql(`
  SELECT attname::text AS name, attnotnull AS needed FROM pg_attribute
   WHERE attrelid = 'patient'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`);

// A pseudonym for a person of the same year of birth; the number is a new one, since the old stands on letters.
const BECOMES: Readonly<Record<string, string>> = {
  given_name: `'${PSEUDONYM.givenName}'`,
  family_name: `'${PSEUDONYM.familyName}'`,
  number: `(SELECT n.number FROM taken n WHERE n.id = p.id)`,
  birth_date: `date_trunc('year', p.birth_date)::date`,
  contact_channels: `'{}'`,
  do_not_contact: 'true',
  version: 'p.version + 1',
};

/** Old enough to be due for all its own row and its visits tell; the walk over all rows has the last word. */
const PERHAPS_DUE = sql(`
  SELECT p.id FROM patient p
   WHERE p.clinic_id = $1 AND p.id > $2 AND p.merged_into_id IS NULL AND p.created_at < $3
     AND NOT EXISTS (SELECT FROM appointment a WHERE a.clinic_id = p.clinic_id AND a.patient_id = p.id AND a.starts_at >= $3)
     AND NOT EXISTS (SELECT FROM treatment t WHERE t.clinic_id = p.clinic_id AND t.patient_id = p.id AND t.treated_on >= $3::date)
   ORDER BY p.id LIMIT $4`);

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

@Injectable()
export class ErasuresRepository {
  /** null when one is planned already. */
  plan(
    tx: Tx,
    patientId: string,
    kind: ErasureView['kind'],
    reason: string,
    plan: ErasurePlan,
  ): Promise<ErasureView | null> {
    const id = newId(tx.now.getTime());
    const { clinicId, now, actor } = tx;
    return tx.maybe(PLAN, [clinicId, id, patientId, kind, reason, actor.staffId, now, JSON.stringify(plan)]);
  }

  read(tx: Tx, id: string): Promise<ErasureView | null> {
    return tx.maybe<ErasureView>(READ, [tx.clinicId, id]);
  }

  /** The one that is planned for any of these records. */
  planned(tx: Tx, patientIds: readonly string[]): Promise<ErasureView | null> {
    return tx.maybe<ErasureView>(PLANNED, [tx.clinicId, patientIds]);
  }

  /** Newest first. */
  list(tx: Tx, patientId: string | undefined, after: string | null, limit: number): Promise<ErasureView[]> {
    return tx.rows(LIST, [tx.clinicId, after ?? LAST_ID, patientId ?? null, limit + 1]);
  }

  /** Takes a planned erasure on; false when it is planned no more. */
  async move(tx: Tx, id: string, to: 'executing' | 'withdrawn'): Promise<boolean> {
    return (await tx.maybe(MOVE, [tx.clinicId, id, to])) !== null;
  }

  certify(
    tx: Tx,
    id: string,
    { text, hash, keyId, mac }: Pick<KeptCertificate, 'text' | 'hash' | 'keyId' | 'mac'>,
  ): Promise<ErasureView> {
    return tx.one<ErasureView>(CERTIFY, [tx.clinicId, id, tx.actor.staffId, tx.now, text, hash, keyId, mac]);
  }

  async visitsAhead(tx: Tx, patientIds: readonly string[]): Promise<number> {
    return (await tx.one<{ visits: number }>(VISITS_AHEAD, [tx.clinicId, patientIds, tx.now])).visits;
  }

  /** Deletes rows, locked ones too. @returns how many there were. */
  async erase(tx: Tx, erasureId: string, table: string, keys: readonly Row[]): Promise<number> {
    return (await tx.one<{ rows: number }>(ERASE, [erasureId, table, JSON.stringify(keys)])).rows;
  }

  /** Takes who it is out of rows, locked ones too. @returns how many told it. */
  async redact(
    tx: Tx,
    erasureId: string,
    table: string,
    keys: readonly Row[],
    pattern: string,
    clears: readonly string[],
  ): Promise<number> {
    return (await tx.one<{ rows: number }>(REDACT, [erasureId, table, JSON.stringify(keys), pattern, clears]))
      .rows;
  }

  /** The copies of signed records become what is left of the records. */
  async redactCopies(
    tx: Tx,
    erasureId: string,
    copies: readonly { readonly kind: string; readonly id: string; readonly content: string }[],
  ): Promise<void> {
    const [kinds, ids] = [copies.map(({ kind }) => kind), copies.map(({ id }) => id)];
    await tx.run(REDACT_COPIES, [erasureId, kinds, ids, copies.map(({ content }) => content)]);
  }

  /** Takes who it is out of lists of texts that are kept of the erasure itself. */
  async withoutNames(tx: Tx, lists: readonly (readonly string[])[], pattern: string): Promise<string[][]> {
    const rows = await tx.rows<{ text: string }>(WITHOUT_NAMES, [lists.flat(), pattern]);
    const texts = rows.map(({ text }) => text);
    return lists.map(({ length }) => texts.splice(0, length));
  }

  /** Notes which files an erasure took the rows of: their bytes go once it is committed. */
  async noteFiles(tx: Tx, erasureId: string, keys: readonly string[]): Promise<void> {
    await tx.run(NOTE_FILES, [tx.clinicId, erasureId, tx.now, keys]);
  }

  /** Keys of files whose bytes are still to go, in order, behind this one. */
  async filesToRemove(tx: Tx, after: string, limit: number): Promise<string[]> {
    const rows = await tx.rows<{ key: string }>(FILES_TO_REMOVE, [tx.clinicId, after, limit]);
    return rows.map(({ key }) => key);
  }

  async filesRemoved(tx: Tx, keys: readonly string[]): Promise<void> {
    await tx.run(FILES_REMOVED, [tx.clinicId, keys, tx.now]);
  }

  /** Leaves of the patient's rows what tells nobody who it was; columns nobody declared are emptied. */
  async pseudonymise(tx: Tx, patientIds: readonly string[]): Promise<number> {
    const columns = await tx.rows<{ name: string; needed: boolean }>(PATIENT_COLUMNS);
    const sets = columns.flatMap(({ name, needed }) =>
      PATIENT_KEEPS.has(name) ? [] : [`"${name}" = ${BECOMES[name] ?? (needed ? 'DEFAULT' : 'NULL')}`],
    );
    return tx.run(
      {
        text: `WITH counted AS (UPDATE clinic SET last_patient_number = last_patient_number + cardinality($2::uuid[]) WHERE id = $1
                                RETURNING last_patient_number),
                    taken AS (SELECT o.id, c.last_patient_number - o.n::int + 1 AS number
                                FROM counted c, unnest($2::uuid[]) WITH ORDINALITY AS o (id, n))
               UPDATE patient p SET ${sets.join(', ')} WHERE p.clinic_id = $1 AND p.id = ANY ($2::uuid[])`,
      },
      [tx.clinicId, patientIds],
    );
  }

  async remember(tx: Tx, patientId: string, erasureId: string, keptUntil: string | null): Promise<void> {
    await tx.run(REMEMBER, [tx.clinicId, patientId, erasureId, keptUntil, tx.now]);
  }

  wasErased(tx: Tx, patientId: string): Promise<ErasedPatientView | null> {
    return tx.maybe<ErasedPatientView>(WAS_ERASED, [tx.clinicId, patientId]);
  }

  erased(tx: Tx, after: string | null, limit: number): Promise<ErasedPatientView[]> {
    return tx.rows(ERASED, [tx.clinicId, after ?? FIRST_ID, limit + 1]);
  }

  async perhapsDue(tx: Tx, before: Date, after: string | null, limit: number): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(PERHAPS_DUE, [tx.clinicId, after ?? FIRST_ID, before, limit]);
    return rows.map(({ id }) => id);
  }
}
