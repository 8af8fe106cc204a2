import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { DuplicateCandidate } from './domain/register.js';
import type {
  AddHealthFact,
  AddPriorToxin,
  ChangePatient,
  PatientContact,
  PatientSummary,
  PatientView,
  RegisterPatient,
} from './http/patient.dto.js';

const SUMMARY = `id, number, given_name AS "givenName", family_name AS "familyName", preferred_name AS "preferredName",
  birth_date AS "birthDate", phone, email, status`;

const READ = sql(`
  SELECT ${SUMMARY}, sex, status_on AS "statusOn", merged_into_id AS "mergedIntoId", do_not_contact AS "doNotContact",
         contact_channels AS "contactChannels", note, version,
         (SELECT coalesce(json_agg(json_build_object('id', f.id, 'kind', f.kind, 'text', f.text, 'codeSystem', f.code_system,
                   'code', f.code, 'notedOn', f.noted_on) ORDER BY f.id), '[]')
            FROM health_fact f WHERE f.clinic_id = p.clinic_id AND f.patient_id = p.id AND f.ended_on IS NULL) AS "healthFacts",
         (SELECT coalesce(json_agg(json_build_object('id', t.id, 'product', t.product_id, 'indication', t.indication,
                   'units', t.units, 'givenOn', t.given_on) ORDER BY t.given_on, t.id), '[]')
            FROM prior_toxin t WHERE t.clinic_id = p.clinic_id AND t.patient_id = p.id) AS "priorToxins"
    FROM patient p WHERE clinic_id = $1 AND id = $2`);

const CONTACTS = sql(`
  SELECT id, number, given_name AS "givenName", family_name AS "familyName", preferred_name AS "preferredName",
         birth_date AS "birthDate", phone, email, status, status_on AS "statusOn", merged_into_id AS "mergedIntoId",
         do_not_contact AS "doNotContact", contact_channels AS "contactChannels"
    FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

// `merged_into_id` names the last survivor, however many merges lie between.
const UNITED = sql(`
  SELECT root, array_agg(id ORDER BY id <> root, id) AS ids
    FROM (SELECT id, id AS root FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[])
          UNION ALL
          SELECT id, merged_into_id FROM patient WHERE clinic_id = $1 AND merged_into_id = ANY ($2::uuid[])) united
   GROUP BY root`);

// Weaker than FOR UPDATE, so that rows which only refer to the patient do not wait; in one order, so that none deadlock.
const HOLD = sql(
  'SELECT id FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE',
);

const LOCK_VERSION = sql('SELECT version FROM patient WHERE clinic_id = $1 AND id = $2 FOR UPDATE');
const NEXT_NUMBER = sql(
  'UPDATE clinic SET last_patient_number = last_patient_number + 1 WHERE id = $1 RETURNING last_patient_number AS number',
);

const LIST = sql(`
  SELECT ${SUMMARY} FROM patient
   WHERE clinic_id = $1 AND status <> 'merged' AND (family_name, given_name, id) > ($2, $3, $4)
   ORDER BY family_name, given_name, id LIMIT $5`);

const ALIKE = sql(`
  SELECT id, number, because FROM similar_patients($2, $3, $4, $5, $6)
    JOIN patient ON clinic_id = $1 AND id = similar_id ORDER BY number`);

// A search nobody waits for any longer must not keep a connection from those who treat.
const HURRY = sql(`SELECT set_config('statement_timeout', '3000', true)`);
const FIND = sql(`
  SELECT ${SUMMARY} FROM find_patients($2, $3) JOIN patient ON clinic_id = $1 AND id = found ORDER BY place`);

@Injectable()
export class PatientsRepository {
  /** Takes the next number; until this transaction ends, whoever else registers in this clinic waits. */
  async nextNumber(tx: Tx): Promise<number> {
    return (await tx.one<{ number: number }>(NEXT_NUMBER, [tx.clinicId])).number;
  }

  async register(
    tx: Tx,
    number: number,
    { notADuplicate: _, birthDate, ...fields }: RegisterPatient,
  ): Promise<string> {
    const prisma = await tx.prisma();
    const { id } = await prisma.patient.create({
      data: { ...fields, clinicId: tx.clinicId, id: newId(), number, birthDate: asDate(birthDate) },
      select: { id: true },
    });
    return id;
  }

  read(tx: Tx, id: string): Promise<PatientView | null> {
    return tx.maybe<PatientView>(READ, [tx.clinicId, id]);
  }

  contacts(tx: Tx, ids: readonly string[]): Promise<PatientContact[]> {
    return tx.rows<PatientContact>(CONTACTS, [tx.clinicId, ids]);
  }

  async unitedIds(tx: Tx, ids: readonly string[]): Promise<Map<string, readonly string[]>> {
    const rows = await tx.rows<{ root: string; ids: string[] }>(UNITED, [tx.clinicId, ids]);
    return new Map(rows.map(({ root, ids: united }) => [root, united]));
  }

  async hold(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.run(HOLD, [tx.clinicId, ids]);
  }

  /** Locks the patient's row and tells its version; null when there is none. */
  async lockVersion(tx: Tx, id: string): Promise<number | null> {
    return (await tx.maybe<{ version: number }>(LOCK_VERSION, [tx.clinicId, id]))?.version ?? null;
  }

  async change(tx: Tx, id: string, { birthDate, ...fields }: ChangePatient): Promise<void> {
    const born = birthDate === undefined ? {} : { birthDate: asDate(birthDate) };
    await this.#update(tx, id, { ...fields, ...born });
  }

  async depart(tx: Tx, id: string, cause: string, on: CalendarDate): Promise<void> {
    await this.#update(tx, id, { status: cause, statusOn: asDate(on), statusRecordedAt: tx.now });
  }

  async addHealthFact(tx: Tx, patientId: string, fact: AddHealthFact, today: CalendarDate): Promise<string> {
    const { clinicId } = tx;
    const data = {
      ...fact,
      clinicId,
      id: newId(),
      patientId,
      notedOn: asDate(today),
      recordedBy: recorder(tx),
    };
    return (await (await tx.prisma()).healthFact.create({ data, select: { id: true } })).id;
  }

  async addPriorToxin(
    tx: Tx,
    patientId: string,
    { product, givenOn, ...prior }: AddPriorToxin,
  ): Promise<string> {
    const { clinicId } = tx;
    const ids = { clinicId, id: newId(), patientId, productId: product ?? null, recordedBy: recorder(tx) };
    const data = { ...prior, ...ids, givenOn: asDate(givenOn) };
    return (await (await tx.prisma()).priorToxin.create({ data, select: { id: true } })).id;
  }

  list(tx: Tx, after: readonly (string | number)[] | null, limit: number): Promise<PatientSummary[]> {
    const [family, given, id] = after ?? ['', '', '00000000-0000-0000-0000-000000000000'];
    return tx.rows<PatientSummary>(LIST, [tx.clinicId, family, given, id, limit + 1]);
  }

  /** Patients in whom every word is found, best first; where there is none, those in whom every word nearly is. */
  find(tx: Tx, words: readonly string[], limit: number): Promise<PatientSummary[]> {
    tx.later(HURRY);
    return tx.rows<PatientSummary>(FIND, [tx.clinicId, words, limit]);
  }

  alike(
    tx: Tx,
    { givenName, familyName, birthDate, phone, email }: RegisterPatient,
  ): Promise<DuplicateCandidate[]> {
    return tx.rows(ALIKE, [tx.clinicId, givenName, familyName, birthDate, phone ?? null, email ?? null]);
  }

  async #update(tx: Tx, id: string, data: object): Promise<void> {
    await (
      await tx.prisma()
    ).patient.update({
      where: { clinicId_id: { clinicId: tx.clinicId, id } },
      data: { ...data, version: { increment: 1 }, updatedAt: tx.now },
      select: { id: true },
    });
  }
}

const asDate = (date: string): Date => new Date(`${date}T00:00:00Z`);

function recorder(tx: Tx): string {
  if (tx.actor.staffId === null) throw new Error('Only a person records in a chart');
  return tx.actor.staffId;
}
