import type { Tx } from '#database';
import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PatientLeftCare, PatientNotFound } from './domain/patients.errors.js';
import type { Patient, PatientContact, PatientView } from './http/patient.views.js';
import { assertNotMerged } from './patient-records.js';
import { PatientsRepository } from './patients.repository.js';

/** What other contexts are told of a patient. */
export type KnownPatient = Patient & {
  readonly healthFacts: NonNullable<PatientView['healthFacts']>;
  readonly priorToxins: NonNullable<PatientView['priorToxins']>;
};

/** For other contexts, in their transaction: who their patients are, and under which records. */
@Injectable()
export class PatientsService {
  constructor(private readonly patients: PatientsRepository) {}

  /** What is known of the person under any of their records. @throws PatientNotFound */
  async require(tx: Tx, id: string): Promise<KnownPatient> {
    return known(await this.#load(tx, id));
  }

  /** The same, refusing someone who left care. @throws PatientNotFound, PatientLeftCare, PatientMerged */
  async requireActive(tx: Tx, id: string): Promise<KnownPatient> {
    const patient = await this.#load(tx, id);
    assertNotMerged(patient);
    if (patient.status !== 'active') throw new PatientLeftCare({ patientId: id, status: patient.status });
    return known(patient);
  }

  /** For lists: who they are and how to reach them, in any order; absent and foreign ones are missing. */
  contacts(tx: Tx, ids: readonly string[]): Promise<PatientContact[]> {
    return this.patients.contacts(tx, ids);
  }

  /**
   * In one query: under each patient asked for, that patient first and then everyone merged into
   * them, however many merges ago. Rows of merged records keep the id they were written with, so whoever reads a
   * patient's history reads all of these; a merged record asked for stands for itself. Absent and foreign ones are missing.
   */
  unitedIds(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.patients.unitedIds(tx, patientIds);
  }

  /** Under which ids this person's rows stand, whichever of them is asked for; empty when absent. */
  recordsOf(tx: Tx, id: string): Promise<readonly string[]> {
    return this.patients.recordsOf(tx, id);
  }

  /** Whether both ids are records of one person. */
  async isSamePerson(tx: Tx, one: string, other: string): Promise<boolean> {
    return one === other || (await this.recordsOf(tx, one)).includes(other);
  }

  /** Until this transaction ends, whoever else recomputes something of these patients waits. */
  hold(tx: Tx, ids: readonly string[]): Promise<void> {
    return this.patients.hold(tx, ids);
  }

  async #load(tx: Tx, id: string) {
    const patient = await this.patients.read(tx, id);
    if (!patient) throw new PatientNotFound();
    return patient;
  }
}

const known = ({
  id,
  birthDate,
  status,
  doNotContact,
  healthFacts,
  priorToxins,
}: LoadedPatient): KnownPatient => ({
  id,
  birthDate: calendarDate(birthDate),
  status,
  doNotContact,
  healthFacts,
  priorToxins,
});

type LoadedPatient = NonNullable<Awaited<ReturnType<PatientsRepository['read']>>>;
