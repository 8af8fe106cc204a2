import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { pageOf, type PageQuery, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { changedFields, withContactRules } from './domain/changes.js';
import { PatientNotFound, PossibleDuplicate } from './domain/patients.errors.js';
import { assertBirthDate, isLikelyDuplicate } from './domain/register.js';
import { searchWords } from './domain/search.js';
import type { ChangePatient, FindPatients, RegisterPatient } from './http/patient.dto.js';
import type { PatientChangePage, PatientPage, PatientView } from './http/patient.views.js';
import { PatientRecords, type Reader, registerToday } from './patient-records.js';
import { PatientEventsPort } from './patients.ports.js';
import { type Found, PatientsRepository } from './patients.repository.js';

const CONTACT_FIELDS = new Set(
  'email phone contactChannels language quietHours doNotContact doNotContactReason'.split(' '),
);

/** The register of patients, as whoever keeps it reads and changes it; each reading and change leaves its audit row. */
@Injectable()
export class RegisterService {
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
}

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
