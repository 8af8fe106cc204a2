import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { StaffNotFound, StaffService, type RequestActor } from '#identity';
import { isCalendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import {
  ClinicalTaskEnded,
  ClinicalTaskNotFound,
  ReportReferenceMissing,
} from '../adverse-events/domain/adverse-events.errors.js';
import { ClinicalTasksRepository } from './clinical-tasks.repository.js';
import type {
  AssignClinicalTask,
  ClinicalTaskPage,
  ClinicalTaskView,
  CompleteClinicalTask,
  FindClinicalTasks,
} from './http/clinical-task.dto.js';

/** What has to be done about adverse events, by whom and by when. */
@Injectable()
export class ClinicalTasksService {
  constructor(
    private readonly database: Database,
    private readonly tasks: ClinicalTasksRepository,
    private readonly staff: StaffService,
  ) {}

  /** First due first. */
  list(actor: RequestActor, { limit, after, ...wanted }: FindClinicalTasks): Promise<ClinicalTaskPage> {
    const cursor = readCursor(after, [isCalendarDate, isId]);
    return this.database.read(actor, async (tx) => {
      const rows = await this.tasks.list(tx, wanted, cursor, limit);
      const { items, next } = pageOf(rows, limit, ({ dueOn, id }) => [dueOn, id]);
      await record(tx, { action: 'clinical-task.list', entityId: null, patientId: null });
      return { items, next };
    });
  }

  /** To a colleague, or back to nobody. @throws ClinicalTaskNotFound, ClinicalTaskEnded, StaffNotFound, StaleVersion */
  assign(
    actor: RequestActor,
    id: string,
    { staffId = null }: AssignClinicalTask,
    read: number | undefined,
  ): Promise<ClinicalTaskView> {
    return this.#changing(actor, id, read, 'assign', async (tx) => {
      if (staffId !== null && !(await this.staff.find(tx, [staffId]))[0]?.active) throw new StaffNotFound();
      await this.tasks.assign(tx, id, staffId);
    });
  }

  /** @throws ClinicalTaskNotFound, ClinicalTaskEnded, ReportReferenceMissing, StaleVersion */
  complete(
    actor: RequestActor,
    id: string,
    { reference, note }: CompleteClinicalTask,
    read: number | undefined,
  ): Promise<ClinicalTaskView> {
    return this.#changing(actor, id, read, 'complete', async (tx, kind) => {
      if (kind === 'report-to-regulator' && reference === undefined) throw new ReportReferenceMissing();
      await this.tasks.complete(tx, id, reference ?? null, note ?? null);
    });
  }

  #changing(
    actor: RequestActor,
    id: string,
    read: number | undefined,
    verb: 'assign' | 'complete',
    work: (tx: Tx, kind: string) => Promise<void>,
  ): Promise<ClinicalTaskView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.tasks.lock(tx, id);
      if (!present) throw new ClinicalTaskNotFound();
      assertFresh(present.version, read);
      if (present.status !== 'open') throw new ClinicalTaskEnded({ status: present.status });
      await work(tx, present.kind);
      const view = await this.tasks.read(tx, id);
      if (!view) throw new ClinicalTaskNotFound();
      await record(tx, { action: `clinical-task.${verb}`, entityId: id, patientId: view.patientId });
      return view;
    });
  }
}
