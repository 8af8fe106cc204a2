import { recorder, sql, type Statement, type Tx } from '#database';
import { type CalendarDate, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AddHealthFact, AddPriorToxin } from './http/health.dto.js';
import type { HealthFactView, HealthView, PriorToxinView } from './http/health.views.js';

const FACT = `'id', f.id, 'kind', f.kind, 'text', f.text, 'codeSystem', f.code_system, 'code', f.code, 'notedOn', f.noted_on,
  'endedOn', f.ended_on, 'recordedById', f.recorded_by, 'version', f.version, 'errorReason', f.error_reason`;
const TOXIN = `'id', t.id, 'product', t.product_id, 'indication', t.indication, 'area', t.area, 'units', t.units,
  'givenOn', t.given_on, 'givenText', coalesce(t.given_text, t.given_on::text), 'recordedById', t.recorded_by,
  'version', t.version, 'errorReason', t.error_reason`;

/** Health facts of some patients as one list `facts`. */
export const FACTS = (ids: string, which: string): string => `
  SELECT json_agg(json_build_object(${FACT}) ORDER BY f.id) AS facts
    FROM health_fact f WHERE f.clinic_id = $1 AND f.patient_id = ANY (${ids}) AND ${which}`;
/** Their toxin given elsewhere as one list `toxins`. */
export const TOXINS = (ids: string, which: string): string => `
  SELECT json_agg(json_build_object(${TOXIN}) ORDER BY t.given_on, t.id) AS toxins
    FROM prior_toxin t WHERE t.clinic_id = $1 AND t.patient_id = ANY (${ids}) AND ${which}`;

const READ = sql(`
  SELECT coalesce((${FACTS('$2::uuid[]', 'true')}), '[]') AS "healthFacts",
         coalesce((${TOXINS('$2::uuid[]', 'true')}), '[]') AS "priorToxins"`);

const ADD_FACT = sql(`
  INSERT INTO health_fact (clinic_id, id, patient_id, kind, text, code_system, code, noted_on, recorded_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const ADD_TOXIN = sql(`
  INSERT INTO prior_toxin (clinic_id, id, patient_id, product_id, indication, area, units, given_on, given_text, recorded_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

const LOCK_FACT = sql(
  `SELECT json_build_object(${FACT}) AS item FROM health_fact f WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND id = $3 FOR UPDATE`,
);
const LOCK_TOXIN = sql(
  `SELECT json_build_object(${TOXIN}) AS item FROM prior_toxin t WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND id = $3 FOR UPDATE`,
);
const END_FACT = sql(
  'UPDATE health_fact SET ended_on = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2',
);

const withdraw = (table: string): Statement =>
  sql(
    `UPDATE ${table} SET error_at = $3, error_by = $4, error_reason = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2`,
  );
const WITHDRAW = { fact: withdraw('health_fact'), toxin: withdraw('prior_toxin') };

/** A day as far as it is known, and the last day it can have been. */
export interface GivenOn {
  readonly text: string;
  readonly latest: CalendarDate;
}

@Injectable()
export class HealthRepository {
  read(tx: Tx, patientIds: readonly string[]): Promise<HealthView> {
    return tx.one<HealthView>(READ, [tx.clinicId, patientIds]);
  }

  async addFact(tx: Tx, patientId: string, fact: AddHealthFact, on: CalendarDate): Promise<void> {
    const { kind, text, codeSystem = null, code = null } = fact;
    await tx.run(ADD_FACT, [tx.clinicId, newId(), patientId, kind, text, codeSystem, code, on, recorder(tx)]);
  }

  async addToxin(tx: Tx, patientId: string, prior: AddPriorToxin, given: GivenOn): Promise<void> {
    const { product = null, indication, area = null, units = null } = prior;
    const when = [given.latest, given.text];
    const values = [tx.clinicId, newId(), patientId, product, indication, area, units, ...when, recorder(tx)];
    await tx.run(ADD_TOXIN, values);
  }

  async lockFact(tx: Tx, patientIds: readonly string[], id: string): Promise<HealthFactView | null> {
    return (await tx.maybe<{ item: HealthFactView }>(LOCK_FACT, [tx.clinicId, patientIds, id]))?.item ?? null;
  }

  async lockToxin(tx: Tx, patientIds: readonly string[], id: string): Promise<PriorToxinView | null> {
    return (
      (await tx.maybe<{ item: PriorToxinView }>(LOCK_TOXIN, [tx.clinicId, patientIds, id]))?.item ?? null
    );
  }

  async endFact(tx: Tx, id: string, on: CalendarDate): Promise<void> {
    await tx.run(END_FACT, [tx.clinicId, id, on]);
  }

  async withdraw(tx: Tx, what: keyof typeof WITHDRAW, id: string, reason: string): Promise<void> {
    await tx.run(WITHDRAW[what], [tx.clinicId, id, tx.now, recorder(tx), reason]);
  }
}
