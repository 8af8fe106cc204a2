import { record } from '#audit';
import { CONFIG, type Config } from '#config';
import type { Tx } from '#database';
import { thumbKey } from '#files';
import { Jobs } from '#jobs';
import { dateIn } from '#kernel';
import { PatientEventsPort } from '#patients';
import { Inject, Injectable } from '@nestjs/common';

import { certificateHash, certificateMac } from '../domain/certificate.js';
import type { Rule } from '../domain/erasure-policy.js';
import { identifiersOf, patternOf, unmistakable } from '../domain/identifiers.js';
import { namedIn } from '../domain/named.js';
import { planErasure, type Plan } from '../domain/plan.js';
import {
  CertificateKeyMissing,
  ErasureOver,
  PatientNotHere,
  UndeclaredTables,
  UnderLegalHold,
} from '../domain/privacy.errors.js';
import { LegalHoldsRepository } from '../holds/legal-holds.repository.js';
import { MentionsQueries } from '../rows/mentions.queries.js';
import { PatientRowsRepository, type PatientRows, type Row } from '../rows/patient-rows.repository.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import { CertificatesRepository } from './certificates.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import type { ErasurePlan, ErasureView, TableOutcome } from './http/erasure.dto.js';
import { SignedRecordsOfPatient } from './signed-records.js';

const KEYS_AT_ONCE = 1000;

/** What is known of a patient whose erasure is planned or executed. */
export interface Prepared {
  readonly found: PatientRows;
  /** All records of the person, merged ones too. */
  readonly patientIds: readonly string[];
  readonly identifiers: readonly string[];
  /** What is looked for also where nothing leads from the patient. */
  readonly unmistakable: readonly string[];
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
    private readonly signed: SignedRecordsOfPatient,
    private readonly certificates: CertificatesRepository,
    private readonly mentions: MentionsQueries,
    private readonly jobs: Jobs,
    private readonly events: PatientEventsPort,
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditKeys'>,
  ) {}

  /** Until the transaction ends nobody holds, merges or erases the patient. @throws PatientNotHere */
  async prepare(tx: Tx, patientId: string): Promise<Prepared> {
    if (!(await this.holds.lockPerson(tx, patientId))) throw new PatientNotHere();
    return this.look(tx, patientId);
  }

  /** The same without keeping anybody from anything: to show it. @throws PatientNotHere */
  async look(tx: Tx, patientId: string): Promise<Prepared> {
    const found = await this.patients.find(tx, patientId);
    if (!found) throw new PatientNotHere();
    const retention = await this.settings.retention(tx);
    const records = found.rows.get('patient') ?? [];
    const named = namedIn(found.rows);
    return {
      found,
      patientIds: records.map(({ id }) => String(id)),
      identifiers: identifiersOf(named),
      unmistakable: unmistakable(named),
      plan: planErasure(found.rows, retention, dateIn(tx.now, 'UTC')),
      retentionYears: retention.years,
    };
  }

  /** Executes a planned erasure and certifies it. @throws UnderLegalHold, UndeclaredTables, CertificateKeyMissing, ErasureOver */
  async execute(tx: Tx, erasure: ErasureView, prepared: Prepared): Promise<ErasureView> {
    const { patientIds, plan, found } = prepared;
    const { id, patientId, kind, reason } = erasure;
    const [newest] = this.config.auditKeys;
    if (!newest) throw new CertificateKeyMissing();
    if (await this.holds.stands(tx, patientId)) throw new UnderLegalHold();
    if (plan.undeclared.length > 0) throw new UndeclaredTables({ tables: plan.undeclared });
    if (!(await this.erasures.move(tx, id, 'executing'))) throw new ErasureOver();
    const earlier = await this.certificates.ofPatients(tx, patientIds, this.config.auditKeys);
    const signed = await this.signed.before(tx, found, earlier);
    const tables = [...(await this.#work(tx, id, prepared)), ...(await this.#elsewhere(tx, id, prepared))];
    const signedRecords = await this.signed.after(tx, id, signed, {
      pattern: patternOf(prepared.identifiers),
      gone: plan.keptUntil === null,
    });
    const files = await this.#files(tx, id, prepared);
    for (const one of patientIds) {
      await this.erasures.remember(tx, one, id, plan.keptUntil);
      await this.events.publish(tx, { verb: 'erased', patientId: one });
    }
    const text = JSON.stringify({
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
      signedRecords,
      files,
    });
    const [keyId, key] = newest;
    const hash = certificateHash(text);
    // The trail is sealed, so the hash in it proves when; the key proves that nobody else made it.
    await record(tx, {
      action: 'erasure.execute',
      entityId: id,
      patientId,
      detail: { kind, certificateHash: hash },
    });
    return this.erasures.certify(tx, id, { text, hash, keyId, mac: certificateMac(id, text, key) });
  }

  /** In the clinic's own affairs, which name no patient by reference, goes only what can mean nobody else. */
  async #elsewhere(
    tx: Tx,
    id: string,
    { found, identifiers, unmistakable: certain }: Prepared,
  ): Promise<TableOutcome[]> {
    if (certain.length === 0) return [];
    // A text that names nobody else may say more of them.
    const pattern = patternOf(identifiers);
    const done: TableOutcome[] = [];
    for (const { table, keys } of await this.mentions.find(tx, found.schema, patternOf(certain))) {
      const changed = await this.erasures.redact(tx, id, table, keys, pattern, []);
      done.push({ table, does: 'keep', rows: keys.length, changed, because: 'not about the patient' });
    }
    return done;
  }

  /** The bytes of files go after the commit: a transaction that is rolled back must find them again. */
  async #files(tx: Tx, id: string, { found, plan }: Prepared): Promise<number> {
    const rule = plan.tables.find(({ table }) => table === 'stored_file')?.rule;
    if (!rule) return 0;
    const stay = plan.keptUntil === null ? NONE : staying(found, rule);
    const gone = (found.rows.get('stored_file') ?? []).filter((file) => !stay.has(file['id']));
    const keys = gone.flatMap(({ key }) => [String(key), thumbKey(String(key))]);
    if (keys.length === 0) return 0;
    await this.erasures.noteFiles(tx, id, keys);
    await this.jobs.enqueue(tx, 'remove-erased-files', { clinicId: tx.clinicId });
    return gone.length;
  }

  async #work(tx: Tx, id: string, prepared: Prepared): Promise<TableOutcome[]> {
    const { found, plan } = prepared;
    const rules = new Map(plan.tables.map(({ table, rule }) => [table, rule]));
    const done: TableOutcome[] = [];
    for (const table of found.childrenFirst) {
      const rule = rules.get(table);
      if (!rule) continue;
      const does = rule.does === 'keep' && plan.keptUntil === null ? 'erase' : rule.does;
      const changed = await this.#treat(tx, id, prepared, { table, rule, does });
      const rows = found.rows.get(table)?.length ?? 0;
      done.push({ table, does, rows, changed, because: rule.because });
    }
    return done;
  }

  /** @returns how many rows that stay told who it was */
  async #treat(
    tx: Tx,
    id: string,
    { found, patientIds, identifiers, plan }: Prepared,
    { table, rule, does }: { table: string; rule: Rule; does: Rule['does'] },
  ): Promise<number> {
    if (does === 'stay') return 0;
    if (does === 'keep' && table === 'patient') return this.erasures.pseudonymise(tx, patientIds);
    const stay = plan.keptUntil === null ? NONE : staying(found, rule);
    const clears = rule.does === 'keep' ? (rule.clears ?? []) : [];
    const pattern = patternOf(identifiers);
    let changed = 0;
    for (const keys of keysOf(found, table, (row) => does === 'erase' && !stay.has(row['id'])))
      await this.erasures.erase(tx, id, table, keys);
    for (const keys of keysOf(found, table, (row) => does === 'keep' || stay.has(row['id'])))
      changed += await this.erasures.redact(tx, id, table, keys, pattern, clears);
    return changed;
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

/** The keys of those rows of a table, in lists the database takes at once. */
function keysOf({ rows, schema }: PatientRows, table: string, which: (row: Row) => boolean): Row[][] {
  const key = schema.tables.get(table)?.key ?? [];
  const all = (rows.get(table) ?? [])
    .filter(which)
    .map((row) => Object.fromEntries(key.map((column) => [column, row[column]])));
  const lists: Row[][] = [];
  for (let at = 0; at < all.length; at += KEYS_AT_ONCE) lists.push(all.slice(at, at + KEYS_AT_ONCE));
  return lists;
}
