import { createHash } from 'node:crypto';

import { record } from '#audit';
import type { Tx } from '#database';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Rule } from '../domain/erasure-policy.js';
import { identifiersOf, patternOf, type Named } from '../domain/identifiers.js';
import { planErasure, type Plan } from '../domain/plan.js';
import { PatientNotHere, UndeclaredTables, UnderLegalHold } from '../domain/privacy.errors.js';
import { LegalHoldsRepository } from '../holds/legal-holds.repository.js';
import { PatientRowsRepository, type PatientRows, type Row } from '../rows/patient-rows.repository.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import type { ErasurePlan, ErasureView, TableOutcome } from './http/erasure.dto.js';

const KEYS_AT_ONCE = 1000;

/** What is known of a patient whose erasure is planned or executed. */
export interface Prepared {
  readonly found: PatientRows;
  /** All records of the person, merged ones too. */
  readonly patientIds: readonly string[];
  readonly identifiers: readonly string[];
  readonly plan: Plan;
  readonly retentionYears: number;
}

/** The work of an erasure, whoever asked for it: a person, the end of the duty to keep, or a backup put back. */
@Injectable()
export class Erasing {
  constructor(
    private readonly erasures: ErasuresRepository,
    private readonly patients: PatientRowsRepository,
    private readonly holds: LegalHoldsRepository,
    private readonly settings: SettingsRepository,
  ) {}

  /** @throws PatientNotHere */
  async prepare(tx: Tx, patientId: string): Promise<Prepared> {
    if (!(await this.holds.lockPatient(tx, patientId))) throw new PatientNotHere();
    const found = await this.patients.find(tx, patientId);
    if (!found) throw new PatientNotHere();
    const { retentionYears } = await this.settings.read(tx);
    const records = found.rows.get('patient') ?? [];
    return {
      found,
      patientIds: records.map(({ id }) => String(id)),
      identifiers: identifiersOf(records.map(namedOf)),
      plan: planErasure(found.rows, retentionYears, dateIn(tx.now, 'UTC')),
      retentionYears,
    };
  }

  /** Executes a planned erasure and certifies it. @throws UnderLegalHold, UndeclaredTables */
  async execute(tx: Tx, erasure: ErasureView, prepared: Prepared): Promise<ErasureView> {
    const { patientIds, plan } = prepared;
    const { id, patientId, kind, reason } = erasure;
    if (await this.holds.stands(tx, patientId)) throw new UnderLegalHold();
    if (plan.undeclared.length > 0) throw new UndeclaredTables({ tables: plan.undeclared });
    await this.erasures.move(tx, id, 'executing');
    const tables = await this.#work(tx, id, prepared);
    for (const one of patientIds) await this.erasures.remember(tx, one, id, plan.keptUntil);
    const certificate = JSON.stringify({
      clinicId: tx.clinicId,
      erasureId: id,
      patientIds,
      kind,
      reason,
      executedAt: tx.now.toISOString(),
      executedBy: tx.actor.staffId,
      lastEntryOn: plan.lastEntryOn,
      keptUntil: plan.keptUntil,
      tables,
    });
    const hash = createHash('sha256').update(certificate).digest('hex');
    // The trail is sealed, so the hash in it proves the certificate for as long as the trail stands.
    await record(tx, {
      action: 'erasure.execute',
      entityId: id,
      patientId,
      detail: { kind, certificateHash: hash },
    });
    return this.erasures.certify(tx, id, certificate, hash);
  }

  async #work(
    tx: Tx,
    id: string,
    { found, patientIds, identifiers, plan }: Prepared,
  ): Promise<TableOutcome[]> {
    const pattern = patternOf(identifiers);
    const rules = new Map(plan.tables.map(({ table, rule }) => [table, rule]));
    const done: TableOutcome[] = [];
    for (const table of found.childrenFirst) {
      const rule = rules.get(table);
      const rows = found.rows.get(table) ?? [];
      if (!rule) continue;
      const goes = rule.does === 'erase' || (rule.does === 'keep' && plan.keptUntil === null);
      let changed = 0;
      if (rule.does !== 'stay') {
        for (const keys of keysOf(
          found,
          table,
          goes && plan.keptUntil !== null ? staying(found, rule) : NONE,
        )) {
          if (goes) await this.erasures.erase(tx, id, table, keys);
          else if (table === 'patient') changed += await this.erasures.pseudonymise(tx, patientIds);
          else
            changed += await this.erasures.redact(
              tx,
              id,
              table,
              keys,
              pattern,
              rule.does === 'keep' ? (rule.clears ?? []) : [],
            );
        }
      }
      done.push({
        table,
        does: goes ? 'erase' : rule.does,
        rows: rows.length,
        changed,
        because: rule.because,
      });
    }
    return done;
  }
}

/** The plan as it is kept and shown. */
export const planView = ({ plan, retentionYears }: Prepared): ErasurePlan => ({
  retentionYears,
  lastEntryOn: plan.lastEntryOn,
  keptUntil: plan.keptUntil,
  tables: plan.tables.map(({ table, rule, rows }) => ({
    table,
    does: rule.does === 'keep' && plan.keptUntil === null ? 'erase' : rule.does,
    rows,
    changed: 0,
    because: rule.because,
  })),
  undeclared: [...plan.undeclared],
});

const NONE: ReadonlySet<unknown> = new Set();

/** Ids of rows that stay because what refers to them does. */
const staying = ({ rows }: PatientRows, rule: Rule): ReadonlySet<unknown> => {
  const { table, column } = (rule.does === 'erase' && rule.unlessOf) || { table: '', column: '' };
  return new Set((rows.get(table) ?? []).map((row) => row[column]));
};

/** The keys of a table's rows, in lists the database takes at once. */
function keysOf({ rows, schema }: PatientRows, table: string, without: ReadonlySet<unknown>): Row[][] {
  const key = schema.tables.get(table)?.key ?? [];
  const all = (rows.get(table) ?? [])
    .filter(({ id }) => !without.has(id))
    .map((row) => Object.fromEntries(key.map((column) => [column, row[column]])));
  const lists: Row[][] = [];
  for (let at = 0; at < all.length; at += KEYS_AT_ONCE) lists.push(all.slice(at, at + KEYS_AT_ONCE));
  return lists;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const namedOf = (row: Row): Named => ({
  givenName: text(row['given_name']) ?? '',
  familyName: text(row['family_name']) ?? '',
  preferredName: text(row['preferred_name']),
  email: text(row['email']),
  phone: text(row['phone']),
  birthDate: text(row['birth_date']) ?? '',
});
