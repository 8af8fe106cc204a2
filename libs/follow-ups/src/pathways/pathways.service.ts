import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { assertMayConclude, assertMayDecide, stepsLeft } from './domain/pathway.js';
import { PathwayNotFound } from './domain/pathways.errors.js';
import type { ConcludePathway, PathwaysOfPatient, PathwayView, RecordStep } from './http/pathway.dto.js';
import { type PathwayRow, PathwaysRepository } from './pathways.repository.js';

/** What a prescriber does about an area in which a treatment showed nothing. */
@Injectable()
export class PathwaysService {
  constructor(
    private readonly database: Database,
    private readonly pathways: PathwaysRepository,
    private readonly patients: PatientsService,
  ) {}

  /** Newest first, those of records merged into the patient's too. @throws PatientNotFound */
  ofPatient(actor: RequestActor, patientId: string): Promise<PathwaysOfPatient> {
    return this.database.read(actor, async (tx) => {
      const ids = (await this.patients.unitedIds(tx, [patientId])).get(patientId);
      await this.patients.require(tx, patientId);
      await record(tx, { action: 'non-response-pathway.list', entityId: null, patientId });
      return { items: (await this.pathways.ofPatients(tx, ids ?? [patientId])).map(pathwayView) };
    });
  }

  /** @throws PathwayNotFound */
  read(actor: RequestActor, id: string): Promise<PathwayView> {
    return this.database.read(actor, async (tx) => {
      const pathway = await this.pathways.read(tx, id);
      if (!pathway) throw new PathwayNotFound();
      await record(tx, { action: 'non-response-pathway.read', entityId: id, patientId: pathway.patientId });
      return pathwayView(pathway);
    });
  }

  /** @throws PathwayNotFound, StaleVersion, PathwayNeedsPrescriber, PathwayClosed */
  find(actor: RequestActor, id: string, found: RecordStep, read: number | undefined): Promise<PathwayView> {
    return this.#changing(actor, id, 'find', read, async (tx, pathway) => {
      assertMayDecide(pathway, actor.isPrescriber);
      await this.pathways.find(tx, id, found);
    });
  }

  /** @throws PathwayNotFound, StaleVersion, PathwayNeedsPrescriber, PathwayClosed, PathwayStepsMissing */
  conclude(
    actor: RequestActor,
    id: string,
    concluded: ConcludePathway,
    read: number | undefined,
  ): Promise<PathwayView> {
    return this.#changing(actor, id, 'conclude', read, async (tx, pathway) => {
      assertMayConclude(pathway, actor.isPrescriber);
      await this.pathways.close(tx, id, concluded);
    });
  }

  #changing(
    actor: RequestActor,
    id: string,
    verb: string,
    read: number | undefined,
    work: (tx: Tx, pathway: PathwayRow) => Promise<void>,
  ): Promise<PathwayView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.pathways.lock(tx, id);
      if (!present) throw new PathwayNotFound();
      assertFresh(present.version, read);
      await work(tx, present);
      const { patientId } = present;
      await record(tx, { action: `non-response-pathway.${verb}`, entityId: id, patientId });
      return pathwayView((await this.pathways.read(tx, id)) ?? present);
    });
  }
}

export const pathwayView = (row: PathwayRow): PathwayView => ({
  ...row,
  steps: row.steps.map((step) => ({ ...step })),
  left: row.status === 'open' ? stepsLeft(row) : [],
});
