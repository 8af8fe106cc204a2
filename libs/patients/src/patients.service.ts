import { record } from '#audit';
import { CatalogueService, productOf } from '#catalogue';
import { Database, type Actor, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, dateIn, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PatientLeftCare, PatientNotFound, PossibleDuplicate } from './domain/patients.errors.js';
import { assertBirthDate, assertInLifetime, isLikelyDuplicate } from './domain/register.js';
import { searchWords } from './domain/search.js';
import type {
  AddHealthFact,
  AddPriorToxin,
  ChangePatient,
  FindPatients,
  Patient,
  PatientContact,
  PatientPage,
  PatientView,
  RecordDeparture,
  RegisterPatient,
} from './http/patient.dto.js';
import { PatientEventsPort } from './patients.ports.js';
import { PatientsRepository } from './patients.repository.js';

const CONTACT_FIELDS = ['email', 'phone', 'contactChannels', 'doNotContact'] as const;
const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');

/** The register of patients. */
@Injectable()
export class PatientsService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsRepository,
    private readonly catalogue: CatalogueService,
    private readonly events: PatientEventsPort,
  ) {}

  /** @throws PossibleDuplicate unless the desk said it is another person; BirthDateImpossible */
  register(actor: Actor, registration: RegisterPatient): Promise<PatientView> {
    return this.database.write(actor, async (tx) => {
      assertBirthDate(calendarDate(registration.birthDate), today(tx));
      // The number is taken first, so that of two who register the same person at once the second sees the first.
      const number = await this.patients.nextNumber(tx);
      if (!registration.notADuplicate) {
        const candidates = (await this.patients.alike(tx, registration)).filter(isLikelyDuplicate);
        if (candidates.length > 0) throw new PossibleDuplicate({ candidates });
      }
      const id = await this.patients.register(tx, number, registration);
      await record(tx, { action: 'patient.register', entityId: id, patientId: id });
      return this.#view(tx, id);
    });
  }

  /** @throws PatientNotFound */
  read(actor: Actor, id: string): Promise<PatientView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.#view(tx, id);
      await record(tx, { action: 'patient.read', entityId: id, patientId: id });
      return view;
    });
  }

  /** Patients by what the desk typed, best first; without words the whole register by name, page by page. */
  find(actor: RequestActor, { find = '', limit, after }: FindPatients): Promise<PatientPage> {
    const words = searchWords(find, actor.market);
    const cursor = readCursor(after, [isText, isText, isId]);
    return this.database.read(actor, async (tx) => {
      if (words.length > 0) return { items: await this.patients.find(tx, words, limit), next: null };
      const rows = await this.patients.list(tx, cursor, limit);
      const { items, next } = pageOf(rows, limit, ({ familyName, givenName, id }) => [
        familyName,
        givenName,
        id,
      ]);
      return { items: [...items], next };
    });
  }

  /** @throws PatientNotFound, StaleVersion, BirthDateImpossible */
  change(actor: Actor, id: string, change: ChangePatient, read: number | undefined): Promise<PatientView> {
    return this.#changing(actor, id, read, 'patient.change', Object.keys(change), async (tx) => {
      if (change.birthDate !== undefined) assertBirthDate(calendarDate(change.birthDate), today(tx));
      await this.patients.change(tx, id, change);
      if (CONTACT_FIELDS.some((field) => change[field] !== undefined))
        await this.events.publish(tx, { verb: 'contact-changed', patientId: id });
    });
  }

  /** @throws PatientNotFound, StaleVersion, PatientLeftCare when a departure is recorded; RecordedDateImpossible */
  depart(
    actor: Actor,
    id: string,
    { cause, on }: RecordDeparture,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.#changing(actor, id, read, 'patient.depart', [cause], async (tx) => {
      const { birthDate } = await this.requireActive(tx, id);
      assertInLifetime(calendarDate(on), birthDate, today(tx));
      await this.patients.depart(tx, id, cause, calendarDate(on));
      await this.events.publish(tx, { verb: cause === 'deceased' ? 'died' : 'transferred', patientId: id });
    });
  }

  /** @throws PatientNotFound */
  addHealthFact(actor: Actor, id: string, fact: AddHealthFact): Promise<PatientView> {
    return this.#changing(actor, id, undefined, 'patient.add-health-fact', [fact.kind], async (tx) => {
      await this.patients.addHealthFact(tx, id, fact, today(tx));
    });
  }

  /** @throws PatientNotFound, UnknownProduct, RecordedDateImpossible */
  addPriorToxin(actor: Actor, id: string, prior: AddPriorToxin): Promise<PatientView> {
    return this.#changing(actor, id, undefined, 'patient.add-prior-toxin', [], async (tx) => {
      const { birthDate } = await this.require(tx, id);
      assertInLifetime(calendarDate(prior.givenOn), birthDate, today(tx));
      if (prior.product !== undefined) productOf(await this.catalogue.current(tx), prior.product);
      await this.patients.addPriorToxin(tx, id, prior);
    });
  }

  /** For other contexts, inside their transaction. @throws PatientNotFound */
  async require(tx: Tx, id: string): Promise<Patient & Pick<PatientView, 'healthFacts' | 'priorToxins'>> {
    const { birthDate, status, doNotContact, healthFacts, priorToxins } = await this.#view(tx, id);
    return {
      id,
      birthDate: calendarDate(birthDate),
      status,
      doNotContact,
      healthFacts,
      priorToxins,
    };
  }

  /** The same, refusing someone who left care. @throws PatientNotFound, PatientLeftCare */
  async requireActive(tx: Tx, id: string): ReturnType<PatientsService['require']> {
    const patient = await this.require(tx, id);
    if (patient.status !== 'active') throw new PatientLeftCare({ patientId: id, status: patient.status });
    return patient;
  }

  /** For other contexts' lists: who they are and how to reach them, in any order; absent and foreign ones are missing. */
  contacts(tx: Tx, ids: readonly string[]): Promise<PatientContact[]> {
    return this.patients.contacts(tx, ids);
  }

  /**
   * For other contexts, in one query: under each patient asked for, that patient first and then everyone merged into
   * them, however many merges ago. Rows of merged records keep the id they were written with, so whoever reads a
   * patient's history reads all of these; a merged record asked for stands for itself. Absent and foreign ones are missing.
   */
  unitedIds(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.patients.unitedIds(tx, patientIds);
  }

  /** For other contexts: until this transaction ends, whoever else recomputes something of these patients waits. */
  hold(tx: Tx, ids: readonly string[]): Promise<void> {
    return this.patients.hold(tx, ids);
  }

  /** For the contexts that talk to patients, in their transaction: the patient asked not to be contacted. @throws PatientNotFound */
  async stopContact(tx: Tx, id: string): Promise<void> {
    if ((await this.patients.lockVersion(tx, id)) === null) throw new PatientNotFound();
    await this.patients.change(tx, id, { doNotContact: true });
    await this.events.publish(tx, { verb: 'contact-changed', patientId: id });
    await record(tx, {
      action: 'patient.change',
      entityId: id,
      patientId: id,
      detail: { fields: ['doNotContact'] },
    });
  }

  #changing(
    actor: Actor,
    id: string,
    read: number | undefined,
    action: `patient.${string}`,
    fields: readonly string[],
    work: (tx: Tx) => Promise<void>,
  ): Promise<PatientView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.patients.lockVersion(tx, id);
      if (present === null) throw new PatientNotFound();
      assertFresh(present, read);
      await work(tx);
      await record(tx, { action, entityId: id, patientId: id, detail: { fields } });
      return this.#view(tx, id);
    });
  }

  async #view(tx: Tx, id: string): Promise<PatientView> {
    const view = await this.patients.read(tx, id);
    if (!view) throw new PatientNotFound();
    return view;
  }
}

// The register knows no location, so its "today" is the last place on earth to begin the day: UTC+14.
const today = (tx: Tx) => dateIn(tx.now, 'Pacific/Kiritimati');
