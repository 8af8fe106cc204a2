import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { pageOf, type PageQuery, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { changedFields, withContactRules } from './domain/changes.js';
import { PatientLeftCare, PatientNotFound, PossibleDuplicate } from './domain/patients.errors.js';
import { assertBirthDate, isLikelyDuplicate } from './domain/register.js';
import { searchWords } from './domain/search.js';
import type { ChangePatient, FindPatients, RegisterPatient } from './http/patient.dto.js';
import type {
  Patient,
  PatientChangePage,
  PatientContact,
  PatientPage,
  PatientView,
} from './http/patient.views.js';
import { assertNotMerged, PatientRecords, type Reader, registerToday } from './patient-records.js';
import { PatientEventsPort } from './patients.ports.js';
import { type Found, PatientsRepository } from './patients.repository.js';

const CONTACT_FIELDS = new Set(
  'email phone contactChannels language quietHours doNotContact doNotContactReason'.split(' '),
);

/** What other contexts are told of a patient. */
export type KnownPatient = Patient & {
  readonly healthFacts: NonNullable<PatientView['healthFacts']>;
  readonly priorToxins: NonNullable<PatientView['priorToxins']>;
};

/** The register of patients. */
@Injectable()
export class PatientsService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsRepository,
    private readonly records: PatientRecords,
    private readonly events: PatientEventsPort,
  ) {}

  /** @throws PossibleDuplicate unless the desk said it is another person; BirthDateImpossible, and those of contact rules */
  register(actor: Reader, registration: RegisterPatient): Promise<PatientView> {
    return this.database.write(actor, async (tx) => {
      assertBirthDate(calendarDate(registration.birthDate), registerToday(tx));
      const fields = withContactRules({ doNotContact: false }, registration);
      // The number is taken first, so that of two who register the same person at once the second sees the first.
      const number = await this.patients.nextNumber(tx);
      if (!registration.notADuplicate) {
        const candidates = (await this.patients.alike(tx, registration)).filter(isLikelyDuplicate);
        if (candidates.length > 0) throw new PossibleDuplicate({ candidates });
      }
      const id = await this.patients.register(tx, number, fields);
      await record(tx, { action: 'patient.register', entityId: id, patientId: id });
      await this.events.publish(tx, { verb: 'registered', patientId: id });
      return this.records.view(tx, actor, id);
    });
  }

  /** A merged record too: it names the one it was merged into. @throws PatientNotFound */
  read(actor: Reader, id: string): Promise<PatientView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.records.view(tx, actor, id);
      await record(tx, { action: 'patient.read', entityId: id, patientId: id });
      return view;
    });
  }

  /** Patients by what the desk typed, best first; without words the whole register by name; page by page. */
  find(actor: RequestActor, { find = '', limit, after }: FindPatients): Promise<PatientPage> {
    const words = searchWords(find, actor.market);
    return this.database.read(actor, async (tx) => {
      if (words.length > 0) {
        const cursor = readCursor(after, [isFlag, isFinite, isFinite, isText, isText, isId]);
        const { items, next } = pageOf(await this.patients.find(tx, words, limit, cursor), limit, rank);
        return {
          items: items.map(({ forgiving: _f, exactness: _e, likeness: _l, ...summary }) => summary),
          next,
        };
      }
      const cursor = readCursor(after, [isText, isText, isId]);
      const rows = await this.patients.list(tx, cursor, limit);
      const { items, next } = pageOf(rows, limit, ({ familyName, givenName, id }) => [
        familyName,
        givenName,
        id,
      ]);
      return { items, next };
    });
  }

  /** @throws PatientNotFound, PatientMerged, StaleVersion, BirthDateImpossible, and those of contact rules */
  change(actor: Reader, id: string, change: ChangePatient, read: number | undefined): Promise<PatientView> {
    return this.records.changing(actor, id, read, 'patient.change', async (tx, open) => {
      if (change.birthDate !== undefined) assertBirthDate(calendarDate(change.birthDate), open.today);
      const { before, after } = changedFields(
        { ...open.record },
        { ...withContactRules(open.record, change) },
      );
      const fields = Object.keys(after);
      if (fields.length > 0) {
        await this.patients.change(tx, id, { verb: 'change', before, after });
        await this.events.publish(tx, { verb: 'changed', patientId: id });
      }
      if (fields.some((field) => CONTACT_FIELDS.has(field)))
        await this.events.publish(tx, { verb: 'contact-changed', patientId: id });
      return fields;
    });
  }

  /** Every change with who, when and what was before, newest first. @throws PatientNotFound */
  changes(actor: Actor, id: string, { limit, after }: PageQuery): Promise<PatientChangePage> {
    const [before = 2 ** 31 - 1] = readCursor(after, [Number.isSafeInteger]) ?? [];
    return this.database.read(actor, async (tx) => {
      if ((await this.patients.contacts(tx, [id])).length === 0) throw new PatientNotFound();
      const rows = await this.patients.changes(tx, id, Math.min(Number(before), 2 ** 31 - 1), limit);
      await record(tx, { action: 'patient.read-changes', entityId: id, patientId: id });
      const { items, next } = pageOf(rows, limit, ({ version }) => [version]);
      return { items, next };
    });
  }

  /**
   * For other contexts, inside their transaction; what is known of the person under any of their records.
   * @throws PatientNotFound
   */
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

  /** For other contexts: under which ids this person's rows stand, whichever of them is asked for; empty when absent. */
  recordsOf(tx: Tx, id: string): Promise<readonly string[]> {
    return this.patients.recordsOf(tx, id);
  }

  /** For other contexts: whether both ids are records of one person. */
  async isSamePerson(tx: Tx, one: string, other: string): Promise<boolean> {
    return one === other || (await this.recordsOf(tx, one)).includes(other);
  }

  /** For other contexts: until this transaction ends, whoever else recomputes something of these patients waits. */
  hold(tx: Tx, ids: readonly string[]): Promise<void> {
    return this.patients.hold(tx, ids);
  }

  /** For the contexts that talk to patients, in their transaction: the patient asked not to be contacted. @throws PatientNotFound */
  async stopContact(tx: Tx, id: string): Promise<void> {
    const [present] = await this.patients.lock(tx, [id]);
    if (!present) throw new PatientNotFound();
    if (present.doNotContact) return;
    const [before, after] = [{ doNotContact: false }, { doNotContact: true }];
    await this.patients.change(tx, id, { verb: 'change', before, after });
    await this.events.publish(tx, { verb: 'changed', patientId: id });
    await this.events.publish(tx, { verb: 'contact-changed', patientId: id });
    await record(tx, {
      action: 'patient.change',
      entityId: id,
      patientId: id,
      detail: { fields: ['doNotContact'] },
    });
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

const rank = ({ forgiving, exactness, likeness, familyName, givenName, id }: Found) => [
  Number(forgiving),
  exactness,
  likeness,
  familyName,
  givenName,
  id,
];
const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');
const isFinite = (part: unknown): boolean => Number.isFinite(part);
const isFlag = (part: unknown): boolean => part === 0 || part === 1;
