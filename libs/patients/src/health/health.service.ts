import { record } from '#audit';
import { CatalogueService, productOf } from '#catalogue';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { assertInLifetime } from '../domain/register.js';
import type { PatientView } from '../http/patient.views.js';
import { type OpenRecord, PatientRecords, type Reader } from '../patient-records.js';
import { assertCode } from './domain/code.js';
import { givenOn } from './domain/given-on.js';
import {
  AlreadyEnteredInError,
  HealthFactEnded,
  HealthFactNotFound,
  PriorToxinNotFound,
} from './domain/health.errors.js';
import { HealthRepository } from './health.repository.js';
import type {
  AddHealthFact,
  AddPriorToxin,
  CorrectHealthFact,
  CorrectPriorToxin,
  EndHealthFact,
} from './http/health.dto.js';
import type { HealthView } from './http/health.views.js';

/** What is known of a patient's health. Nothing is deleted: it ends, or it was entered in error. */
@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly health: HealthRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  /** All of it, ended and entered in error too. @throws PatientNotFound */
  read(actor: Actor, id: string): Promise<HealthView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.health.read(tx, await this.records.united(tx, id));
      await record(tx, { action: 'patient.read-health', entityId: id, patientId: id });
      return view;
    });
  }

  /** @throws PatientNotFound, PatientMerged, HealthCodeUnknown */
  addHealthFact(actor: Reader, id: string, fact: AddHealthFact): Promise<PatientView> {
    return this.records.changing(actor, id, undefined, 'patient.add-health-fact', async (tx, { today }) => {
      assertCode(fact);
      await this.health.addFact(tx, id, fact, today);
      return [fact.kind];
    });
  }

  /** @throws PatientNotFound, PatientMerged, HealthFactNotFound, StaleVersion, HealthFactEnded, AlreadyEnteredInError */
  endHealthFact(
    actor: Reader,
    id: string,
    factId: string,
    { endedOn }: EndHealthFact,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.records.changing(actor, id, undefined, 'patient.end-health-fact', async (tx, open) => {
      const fact = await this.health.lockFact(tx, await this.records.united(tx, id), factId);
      assertStands(fact, new HealthFactNotFound(), read);
      if (fact.endedOn !== null) throw new HealthFactEnded({ factId, endedOn: fact.endedOn });
      assertInLifetime(calendarDate(endedOn), open.birthDate, open.today);
      await this.health.endFact(tx, factId, calendarDate(endedOn));
      return [fact.kind];
    });
  }

  /** @throws PatientNotFound, PatientMerged, HealthFactNotFound, StaleVersion, AlreadyEnteredInError, HealthCodeUnknown */
  correctHealthFact(
    actor: Reader,
    id: string,
    factId: string,
    { reason, replacement }: CorrectHealthFact,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.records.changing(
      actor,
      id,
      undefined,
      'patient.correct-health-fact',
      async (tx, { today }) => {
        const fact = await this.health.lockFact(tx, await this.records.united(tx, id), factId);
        assertStands(fact, new HealthFactNotFound(), read);
        await this.health.withdraw(tx, 'fact', factId, reason);
        if (replacement) {
          assertCode(replacement);
          await this.health.addFact(tx, id, replacement, today);
        }
        return [fact.kind];
      },
    );
  }

  /** @throws PatientNotFound, PatientMerged, UnknownProduct, RecordedDateImpossible */
  addPriorToxin(actor: Reader, id: string, prior: AddPriorToxin): Promise<PatientView> {
    return this.records.changing(actor, id, undefined, 'patient.add-prior-toxin', async (tx, open) => {
      await this.#addToxin(tx, open, prior);
      return [];
    });
  }

  /** @throws PatientNotFound, PatientMerged, PriorToxinNotFound, StaleVersion, AlreadyEnteredInError, UnknownProduct, RecordedDateImpossible */
  correctPriorToxin(
    actor: Reader,
    id: string,
    toxinId: string,
    { reason, replacement }: CorrectPriorToxin,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.records.changing(actor, id, undefined, 'patient.correct-prior-toxin', async (tx, open) => {
      const toxin = await this.health.lockToxin(tx, await this.records.united(tx, id), toxinId);
      assertStands(toxin, new PriorToxinNotFound(), read);
      await this.health.withdraw(tx, 'toxin', toxinId, reason);
      if (replacement) await this.#addToxin(tx, open, replacement);
      return [];
    });
  }

  async #addToxin(
    tx: Tx,
    { record: { id }, birthDate, today }: OpenRecord,
    prior: AddPriorToxin,
  ): Promise<void> {
    const given = givenOn(prior.givenOn, today);
    assertInLifetime(given.latest, birthDate, today);
    if (prior.product !== undefined) productOf(await this.catalogue.current(tx), prior.product);
    await this.health.addToxin(tx, id, prior, given);
  }
}

function assertStands<Item extends { version: number; errorReason: string | null }>(
  item: Item | null,
  absent: Error,
  read: number | undefined,
): asserts item is Item {
  if (item === null) throw absent;
  assertFresh(item.version, read);
  if (item.errorReason !== null) throw new AlreadyEnteredInError();
}
