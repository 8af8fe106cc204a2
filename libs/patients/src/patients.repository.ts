import { sql, type Tx } from '#database';
import { FIRST_ID, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Fields } from './domain/changes.js';
import type { DuplicateCandidate } from './domain/register.js';
import type { RegisterPatient } from './http/patient.dto.js';
import type { PatientChangeView, PatientContact, PatientSummary, PatientView } from './http/patient.views.js';
import { FACTS, TOXINS } from './health/health.repository.js';

const SUMMARY = `p.id, p.number, p.given_name AS "givenName", p.family_name AS "familyName", p.preferred_name AS "preferredName",
  p.birth_date AS "birthDate", p.phone, p.email, p.status`;
const QUIET = `CASE WHEN p.quiet_from IS NOT NULL THEN json_build_object('from', p.quiet_from, 'to', p.quiet_to) END AS "quietHours"`;
const STANDING = `p.status_on AS "statusOn", p.merged_into_id AS "mergedIntoId", p.do_not_contact AS "doNotContact",
  p.contact_channels AS "contactChannels", p.language, ${QUIET}`;
const RECORD = `${SUMMARY}, ${STANDING}, p.sex, p.do_not_contact_reason AS "doNotContactReason",
  p.emergency_contact AS "emergencyContact", p.general_practitioner AS "generalPractitioner", p.note, p.version`;

const READ = sql(`
  SELECT ${RECORD}, coalesce(h.facts, '[]') AS "healthFacts", coalesce(t.toxins, '[]') AS "priorToxins"
    FROM patient p
    CROSS JOIN (SELECT person_records($2) AS ids) united
    CROSS JOIN LATERAL (${FACTS('united.ids', 'f.ended_on IS NULL AND f.error_at IS NULL')}) h
    CROSS JOIN LATERAL (${TOXINS('united.ids', 't.error_at IS NULL')}) t
   WHERE p.clinic_id = $1 AND p.id = $2`);

const CONTACTS = sql(
  `SELECT ${SUMMARY}, ${STANDING} FROM patient p WHERE p.clinic_id = $1 AND p.id = ANY ($2::uuid[])`,
);

// `merged_into_id` names the last survivor, however many merges lie between.
const UNITED = sql(`
  SELECT root, array_agg(id ORDER BY id <> root, id) AS ids
    FROM (SELECT id, id AS root FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[])
          UNION ALL
          SELECT id, merged_into_id FROM patient WHERE clinic_id = $1 AND merged_into_id = ANY ($2::uuid[])) united
   GROUP BY root`);

const PERSON = sql('SELECT person_records($1) AS ids');

// Weaker than FOR UPDATE, so that rows which only refer to the patient do not wait; in one order, so that none deadlock.
const HOLD = sql(
  'SELECT id FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE',
);
const LOCK = sql(
  `SELECT ${RECORD} FROM patient p WHERE p.clinic_id = $1 AND p.id = ANY ($2::uuid[]) ORDER BY p.id FOR NO KEY UPDATE`,
);

const NEXT_NUMBER = sql(
  'UPDATE clinic SET last_patient_number = last_patient_number + 1 WHERE id = $1 RETURNING last_patient_number AS number',
);

// What a change may touch; number, search text and stamps keep themselves.
const COLUMNS = (
  'given_name family_name preferred_name birth_date sex email phone contact_channels language quiet_from quiet_to ' +
  'do_not_contact do_not_contact_reason emergency_contact general_practitioner note status status_on status_recorded_at ' +
  'merged_into_id'
).split(' ');
const REGISTER = sql(`
  INSERT INTO patient (clinic_id, id, number, created_at, updated_at, version, ${COLUMNS.join(', ')})
  SELECT $1, $2, $3, $4, $4, 1, ${COLUMNS.map((column) => `n.${column}`).join(', ')} FROM jsonb_populate_record(NULL::patient, $5) n`);

// Columns that are not named keep what they hold; the line of history comes to be with the change.
const CHANGE = sql(`
  WITH changed AS (
    UPDATE patient p SET (updated_at, version, ${COLUMNS.join(', ')}) =
      (SELECT $3::timestamptz, p.version + 1, ${COLUMNS.map((column) => `n.${column}`).join(', ')} FROM jsonb_populate_record(p, $4) n)
     WHERE p.clinic_id = $1 AND p.id = $2 RETURNING p.version)
  INSERT INTO patient_change (clinic_id, patient_id, version, verb, at, staff_id, reason, before, after)
  SELECT $1, $2, version, $5, $3, $6, $7, $8, $9 FROM changed`);

const CHANGES = sql(`
  SELECT c.version, c.verb, c.at, c.staff_id AS "byId", s.display_name AS "byName", c.reason, c.before, c.after
    FROM patient_change c LEFT JOIN staff s ON s.clinic_id = c.clinic_id AND s.id = c.staff_id
   WHERE c.clinic_id = $1 AND c.patient_id = $2 AND c.version < $3 ORDER BY c.version DESC LIMIT $4`);

const LIST = sql(`
  SELECT ${SUMMARY} FROM patient p
   WHERE clinic_id = $1 AND status <> 'merged' AND (family_name, given_name, id) > ($2, $3, $4)
   ORDER BY family_name, given_name, id LIMIT $5`);

// Whoever registers a patient reads them all before saying that it is another person.
const MOST_ALIKE = 20;
const ALIKE = sql(`
  SELECT id, number, because FROM similar_patients($2, $3, $4, $5, $6, 0, ${MOST_ALIKE})
    JOIN patient ON clinic_id = $1 AND id = similar_id ORDER BY number`);

// A search nobody waits for any longer must not keep a connection from those who treat.
const HURRY = sql(`SELECT set_config('statement_timeout', '3000', true)`);
const FIND = sql(`
  SELECT ${SUMMARY}, f.forgiving, f.exactness, f.likeness
    FROM find_patients($2, $3, $4, $5, $6, $7, $8, $9) f JOIN patient p ON clinic_id = $1 AND id = found ORDER BY place`);

/** A patient's row, as the register's rules see it. */
export type PatientRecord = Omit<PatientView, 'healthFacts' | 'priorToxins'>;

/** A patient that was found, and by what they were ranked. */
export type Found = PatientSummary & { forgiving: boolean; exactness: number; likeness: number };

/** What one change does to a record, and what its line of history says. */
export interface RecordChange {
  readonly verb: string;
  readonly reason?: string;
  readonly before: Fields;
  readonly after: Fields;
  /** Columns the history need not show. */
  readonly besides?: Fields;
}

@Injectable()
export class PatientsRepository {
  /** Takes the next number; until this transaction ends, whoever else registers in this clinic waits. */
  async nextNumber(tx: Tx): Promise<number> {
    return (await tx.one<{ number: number }>(NEXT_NUMBER, [tx.clinicId])).number;
  }

  async register(tx: Tx, number: number, { notADuplicate: _, ...fields }: RegisterPatient): Promise<string> {
    const id = newId();
    const filled = { contactChannels: [], doNotContact: false, status: 'active', ...fields };
    await tx.run(REGISTER, [tx.clinicId, id, number, tx.now, columnsOf(filled)]);
    return id;
  }

  async read(tx: Tx, id: string): Promise<Chart | null> {
    const row = await tx.maybe<Chart>(READ, [tx.clinicId, id]);
    return row && { ...row, contactChannels: row.contactChannels ?? [] };
  }

  contacts(tx: Tx, ids: readonly string[]): Promise<PatientContact[]> {
    return tx.rows<PatientContact>(CONTACTS, [tx.clinicId, ids]);
  }

  async unitedIds(tx: Tx, ids: readonly string[]): Promise<Map<string, readonly string[]>> {
    const rows = await tx.rows<{ root: string; ids: string[] }>(UNITED, [tx.clinicId, ids]);
    return new Map(rows.map(({ root, ids: united }) => [root, united]));
  }

  async recordsOf(tx: Tx, id: string): Promise<readonly string[]> {
    return (await tx.one<{ ids: string[] }>(PERSON, [id])).ids;
  }

  async hold(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.run(HOLD, [tx.clinicId, ids]);
  }

  /** Reads patients and keeps others from changing them until the transaction ends. */
  lock(tx: Tx, ids: readonly string[]): Promise<PatientRecord[]> {
    return tx.rows<PatientRecord>(LOCK, [tx.clinicId, ids]);
  }

  /** Keeps a change and its line of history. */
  async change(tx: Tx, id: string, { verb, reason, before, after, besides }: RecordChange): Promise<void> {
    const columns = columnsOf({ ...after, ...besides });
    const line = [verb, tx.actor.staffId, reason ?? null, JSON.stringify(before), JSON.stringify(after)];
    await tx.run(CHANGE, [tx.clinicId, id, tx.now, columns, ...line]);
  }

  changes(tx: Tx, id: string, before: number, limit: number): Promise<PatientChangeView[]> {
    return tx.rows<PatientChangeView>(CHANGES, [tx.clinicId, id, before, limit + 1]);
  }

  list(tx: Tx, after: readonly (string | number)[] | null, limit: number): Promise<PatientSummary[]> {
    const [family, given, id] = after ?? ['', '', FIRST_ID];
    return tx.rows<PatientSummary>(LIST, [tx.clinicId, family, given, id, limit + 1]);
  }

  /** Patients in whom every word is found, best first; where there is none, those in whom every word nearly is. */
  find(
    tx: Tx,
    words: readonly string[],
    limit: number,
    after: readonly (string | number)[] | null = null,
  ): Promise<Found[]> {
    tx.later(HURRY);
    const [forgiving, ...key] = after ?? [null, null, null, null, null, null];
    const forgiven = forgiving === null ? null : forgiving === 1;
    return tx.rows<Found>(FIND, [tx.clinicId, words, limit + 1, forgiven, ...key]);
  }

  alike(
    tx: Tx,
    {
      givenName,
      familyName,
      birthDate,
      phone,
      email,
    }: Pick<PatientSummary, 'givenName' | 'familyName' | 'birthDate'> & {
      phone?: string | null;
      email?: string | null;
    },
  ): Promise<DuplicateCandidate[]> {
    return tx.rows(ALIKE, [tx.clinicId, givenName, familyName, birthDate, phone ?? null, email ?? null]);
  }
}

type Chart = PatientView & {
  healthFacts: NonNullable<PatientView['healthFacts']>;
  priorToxins: NonNullable<PatientView['priorToxins']>;
};

/** Fields of the API as columns of the row, for jsonb_populate_record. */
function columnsOf({ quietHours, ...fields }: Fields): string {
  const columns = Object.entries(fields).map(([field, value]) => [
    field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    value,
  ]);
  return JSON.stringify({ ...Object.fromEntries(columns), ...hoursOf(quietHours) });
}

function hoursOf(quietHours: unknown): { quiet_from?: unknown; quiet_to?: unknown } {
  if (quietHours === undefined) return {};
  if (typeof quietHours === 'object' && quietHours !== null && 'from' in quietHours && 'to' in quietHours)
    return { quiet_from: quietHours.from, quiet_to: quietHours.to };
  return { quiet_from: null, quiet_to: null };
}
