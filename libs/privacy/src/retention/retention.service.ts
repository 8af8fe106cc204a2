import { record } from '#audit';
import { Database, systemActor, type Actor, type Tx } from '#database';
import { cursorOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { Jobs } from '#jobs';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { Erasing, planView, type Prepared } from '../erasures/erasing.js';
import { ErasuresRepository } from '../erasures/erasures.repository.js';
import type { ErasablePage, ErasableView, FindErasable, RunStarted } from '../erasures/http/erasure.dto.js';
import { LegalHoldsRepository } from '../holds/legal-holds.repository.js';
import { SettingsRepository } from '../settings/settings.repository.js';

const AT_ONCE = 25;

/** What is left of records whose duty to keep is over goes, whether or not the patient asked for erasure before. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly erasing: Erasing,
    private readonly holds: LegalHoldsRepository,
    private readonly settings: SettingsRepository,
    private readonly jobs: Jobs,
  ) {}

  /** What a run would erase now; nothing is changed. */
  due(actor: RequestActor, { limit, after }: FindErasable): Promise<ErasablePage> {
    const cursor = readCursor(after, [isId]);
    return this.database.read(actor, async (tx) => {
      const ids = await this.#perhapsDue(tx, cursor === null ? null : String(cursor[0]), limit);
      const items: ErasableView[] = [];
      for (const id of ids) {
        const due = await this.#dueOne(tx, id);
        if (due) items.push(due.view);
      }
      const last = ids.at(-1);
      return { items, next: ids.length === limit && last !== undefined ? cursorOf([last]) : null };
    });
  }

  /** Starts the run of the night now, also where the clinic does not let the night do it. */
  start(actor: RequestActor): Promise<RunStarted> {
    return this.database.write(actor, async (tx) => {
      await this.jobs.enqueue(
        tx,
        'retention-run',
        { clinicId: tx.clinicId, asked: true },
        { singletonKey: `${tx.clinicId} asked` },
      );
      await record(tx, { action: 'retention.start', entityId: null, patientId: null });
      return { started: true };
    });
  }

  /**
   * Erases every record whose time is over, each in a transaction of its own, and tells how many. What stops one stops no
   * other. @throws AggregateError at the end, with what stopped those that stay
   */
  async run(clinicId: string, asked: boolean): Promise<number> {
    const actor = systemActor(clinicId);
    const { retentionAutomatic } = await this.database.read(actor, (tx) => this.settings.read(tx));
    if (!asked && !retentionAutomatic) return 0;
    let erased = 0;
    const failures: unknown[] = [];
    let after: string | null = null;
    for (;;) {
      const from: string | null = after;
      const ids: string[] = await this.database.read(actor, (tx) => this.#perhapsDue(tx, from, AT_ONCE));
      for (const id of ids) {
        await this.#eraseOne(actor, id).then(
          (isErased) => (erased += Number(isErased)),
          (error: unknown) => failures.push(error),
        );
      }
      if (ids.length < AT_ONCE) break;
      after = ids.at(-1) ?? null;
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some records whose time is over stay');
    return erased;
  }

  async #perhapsDue(tx: Tx, after: string | null, limit: number): Promise<string[]> {
    const { retentionYears } = await this.settings.read(tx);
    const before = new Date(tx.now);
    before.setUTCFullYear(before.getUTCFullYear() - retentionYears);
    return this.erasures.perhapsDue(tx, before, after, limit);
  }

  async #dueOne(tx: Tx, patientId: string): Promise<{ view: ErasableView; prepared: Prepared } | null> {
    if (await this.holds.stands(tx, patientId)) return null;
    const prepared = await this.erasing.look(tx, patientId);
    const { plan } = prepared;
    if (plan.keptUntil !== null) return null;
    const rows = plan.tables.reduce((sum, table) => sum + (table.rule.does === 'stay' ? 0 : table.rows), 0);
    const { lastEntryOn, endedOn } = plan;
    return { view: { patientId, lastEntryOn, keptUntil: endedOn, rows }, prepared };
  }

  #eraseOne(actor: Actor, patientId: string): Promise<boolean> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.holds.lockPerson(tx, patientId))) return false;
      const due = await this.#dueOne(tx, patientId);
      if (!due) return false;
      const reason = `The duty to keep ended on ${due.view.keptUntil}`;
      const planned = await this.erasures.plan(tx, patientId, 'retention', reason, planView(due.prepared));
      // Somebody is planning it by hand: theirs goes first.
      if (!planned) return false;
      await this.erasing.execute(tx, planned, due.prepared);
      return true;
    });
  }
}
