import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { namesAnyOf } from '../domain/identifiers.js';
import {
  AlreadyErased,
  ErasureOver,
  ErasurePlanned,
  PatientNotHere,
  ReasonNamesPatient,
  UnderLegalHold,
  VisitsAhead,
} from '../domain/privacy.errors.js';
import { LegalHoldsRepository } from '../holds/legal-holds.repository.js';
import { Erasing, planView } from './erasing.js';
import { ErasuresRepository } from './erasures.repository.js';
import type {
  AgainOutcome,
  EraseAgain,
  ErasedAgain,
  ErasedPatientPage,
  ErasurePage,
  ErasureReason,
  ErasureView,
  FindErasures,
} from './http/erasure.dto.js';
import type { PageQuery } from '#http';

/** Erasing a patient on request: planned and shown, then executed by an admin, then certified. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly erasing: Erasing,
    private readonly holds: LegalHoldsRepository,
  ) {}

  /** @throws PatientNotHere, UnderLegalHold, VisitsAhead, AlreadyErased, ErasurePlanned, ReasonNamesPatient */
  plan(actor: RequestActor, patientId: string, { reason }: ErasureReason): Promise<ErasureView> {
    return this.database.write(actor, async (tx) => {
      const prepared = await this.erasing.prepare(tx, patientId);
      if (namesAnyOf(reason, prepared.identifiers)) throw new ReasonNamesPatient();
      if (await this.holds.stands(tx, patientId)) throw new UnderLegalHold();
      if (await this.erasures.wasErased(tx, patientId)) throw new AlreadyErased();
      const visits = await this.erasures.visitsAhead(tx, prepared.patientIds);
      if (visits > 0) throw new VisitsAhead({ visits });
      if (await this.erasures.planned(tx, prepared.patientIds)) throw new ErasurePlanned();
      const planned = await this.erasures.plan(tx, patientId, 'request', reason, planView(prepared));
      if (!planned) throw new ErasurePlanned();
      await record(tx, { action: 'erasure.plan', entityId: planned.id, patientId });
      return planned;
    });
  }

  /** @throws PatientNotHere, StaleVersion, ErasureOver, UnderLegalHold, VisitsAhead, UndeclaredTables, CertificateKeyMissing */
  execute(actor: RequestActor, id: string, read: number | undefined): Promise<ErasureView> {
    return this.database.write(actor, async (tx) => {
      const erasure = await this.erasures.read(tx, id);
      if (!erasure) throw new PatientNotHere();
      const prepared = await this.erasing.prepare(tx, erasure.patientId);
      const present = await this.erasures.read(tx, id);
      if (present?.status !== 'planned') throw new ErasureOver();
      assertFresh(present.version, read);
      const visits = await this.erasures.visitsAhead(tx, prepared.patientIds);
      if (visits > 0) throw new VisitsAhead({ visits });
      return this.erasing.execute(tx, present, prepared);
    });
  }

  /** The patient thought better of it. @throws PatientNotHere, ErasureOver */
  withdraw(actor: RequestActor, id: string): Promise<ErasureView> {
    return this.database.write(actor, async (tx) => {
      const erasure = await this.erasures.read(tx, id);
      if (!erasure) throw new PatientNotHere();
      if (!(await this.erasures.move(tx, id, 'withdrawn'))) throw new ErasureOver();
      await record(tx, { action: 'erasure.withdraw', entityId: id, patientId: erasure.patientId });
      return { ...erasure, status: 'withdrawn', version: erasure.version + 1 };
    });
  }

  /** @throws PatientNotHere */
  read(actor: RequestActor, id: string): Promise<ErasureView> {
    return this.database.read(actor, async (tx) => {
      const erasure = await this.erasures.read(tx, id);
      if (!erasure) throw new PatientNotHere();
      await record(tx, { action: 'erasure.read', entityId: id, patientId: erasure.patientId });
      return erasure;
    });
  }

  find(actor: RequestActor, { patientId, limit, after }: FindErasures): Promise<ErasurePage> {
    const cursor = readCursor(after, [isId]);
    return this.database.read(actor, async (tx) => {
      const rows = await this.erasures.list(tx, patientId, cursor === null ? null : String(cursor[0]), limit);
      return pageOf(rows, limit, ({ id }) => [id]);
    });
  }

  /** Who was erased, by id: the list to keep beside the backups. */
  erased(actor: RequestActor, { limit, after }: PageQuery): Promise<ErasedPatientPage> {
    const cursor = readCursor(after, [isId]);
    return this.database.read(actor, async (tx) => {
      const rows = await this.erasures.erased(tx, cursor === null ? null : String(cursor[0]), limit);
      return pageOf(rows, limit, ({ patientId }) => [patientId]);
    });
  }

  /**
   * Erases again who was erased after the backup this database was restored from, each in a transaction of its own: what
   * stops one leaves the others erased, and whoever asks again goes on. @throws UndeclaredTables, CertificateKeyMissing
   */
  async again(actor: RequestActor, { patientIds }: EraseAgain): Promise<ErasedAgain> {
    const items: AgainOutcome[] = [];
    for (const patientId of new Set(patientIds)) {
      const outcome = await this.database.step(actor, (tx) => this.#againOne(tx, patientId));
      items.push({ patientId, outcome });
    }
    return this.database.write(actor, async (tx) => {
      const detail = Object.groupBy(items, ({ outcome }) => outcome);
      const counts = Object.fromEntries(Object.entries(detail).map(([outcome, of]) => [outcome, of.length]));
      await record(tx, { action: 'erasure.again', entityId: null, patientId: null, detail: counts });
      return { items };
    });
  }

  async #againOne(tx: Tx, patientId: string): Promise<AgainOutcome['outcome']> {
    const isHere = await this.holds.lockPerson(tx, patientId);
    if (await this.erasures.wasErased(tx, patientId)) return 'before';
    if (!isHere) return 'absent';
    if (await this.holds.stands(tx, patientId)) return 'held';
    const prepared = await this.erasing.look(tx, patientId);
    // A backup made between planning and executing brings the plan back.
    const planned =
      (await this.erasures.planned(tx, prepared.patientIds)) ??
      (await this.erasures.plan(tx, patientId, 'restore', 'A backup was restored', planView(prepared)));
    if (!planned) throw new ErasurePlanned();
    await this.erasing.execute(tx, planned, prepared);
    return 'erased';
  }
}
