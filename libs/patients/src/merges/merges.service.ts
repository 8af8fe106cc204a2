import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh, cursorOf, pageOf, readCursor } from '#http';
import { Injectable } from '@nestjs/common';

import { PatientNotFound } from '../domain/patients.errors.js';
import type { PatientView } from '../http/patient.views.js';
import { assertNotMerged, PatientRecords, type Reader } from '../patient-records.js';
import { FutureVisitsPort, PatientEventsPort } from '../patients.ports.js';
import { type PatientRecord, PatientsRepository } from '../patients.repository.js';
import { assertMergeable, withConflicts } from './domain/merging.js';
import { NotMerged } from './domain/merging.errors.js';
import type {
  DuplicatePage,
  DuplicatePairPage,
  FindDuplicates,
  MergedView,
  MergeList,
  MergePatients,
  UnmergePatient,
} from './http/merge.dto.js';
import { MergesRepository, type OpenMerge } from './merges.repository.js';

/**
 * Two records of one person. Their rows stay as they were written, signed ones above all; what is united is the reading:
 * whoever reads the survivor reads both, and undoing gives back exactly what was.
 */
@Injectable()
export class MergesService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsRepository,
    private readonly records: PatientRecords,
    private readonly merges: MergesRepository,
    private readonly visits: FutureVisitsPort,
    private readonly events: PatientEventsPort,
  ) {}

  /** Who may be the same person. @throws PatientNotFound */
  duplicatesOf(actor: Actor, id: string, { limit, after }: FindDuplicates): Promise<DuplicatePage> {
    const beyond = numberIn(after);
    return this.database.read(actor, async (tx) => {
      await this.records.united(tx, id);
      await record(tx, { action: 'patient.find-duplicates', entityId: id, patientId: id });
      const rows = await this.merges.alike(tx, id, beyond, limit);
      const { items, next } = pageOf(rows, limit, ({ number }) => [number]);
      return { items, next };
    });
  }

  /** Pairs in the whole register, `limit` records of it a page. */
  duplicates(actor: Actor, { limit, after }: FindDuplicates): Promise<DuplicatePairPage> {
    const beyond = numberIn(after);
    return this.database.read(actor, async (tx) => {
      const { last, looked, pairs } = await this.merges.pairs(tx, beyond, limit);
      const next = looked < limit || last === null ? null : cursorOf([last]);
      return { items: pairs, next };
    });
  }

  /** Unites the duplicate with the survivor. @throws PatientNotFound, PatientMerged, StaleVersion, MergeRefused */
  merge(
    actor: Reader,
    survivorId: string,
    { duplicateId, reason }: MergePatients,
    read: number | undefined,
  ): Promise<MergedView> {
    return this.database.write(actor, async (tx) => {
      const [survivor, duplicate] = await this.#lock(tx, survivorId, duplicateId);
      assertFresh(survivor.version, read);
      assertNotMerged(survivor);
      assertNotMerged(duplicate);
      assertMergeable(survivor, duplicate);
      const takesRefusal = duplicate.doNotContact && !survivor.doNotContact;
      await this.merges.keep(tx, { of: duplicateId, to: survivorId, reason }, takesRefusal);
      await this.patients.change(tx, duplicateId, {
        verb: 'merge',
        reason,
        before: { status: duplicate.status, statusOn: duplicate.statusOn, mergedIntoId: null },
        after: { status: 'merged', statusOn: null, mergedIntoId: survivorId },
        besides: { statusRecordedAt: null },
      });
      await this.merges.follow(tx, { verb: 'merge', of: duplicateId, to: survivorId, reason });
      const refusal = { doNotContact: true, doNotContactReason: refusedIn(duplicate) };
      await this.patients.change(tx, survivorId, {
        verb: 'unite',
        reason,
        before: takesRefusal ? contactWish(survivor) : {},
        after: takesRefusal ? refusal : {},
      });
      const detail = { duplicateId };
      await record(tx, { action: 'patient.merge', entityId: survivorId, patientId: survivorId, detail });
      await this.events.publish(tx, { verb: 'merged', fromId: duplicateId, intoId: survivorId });
      const visits = await this.visits.list(tx, await this.records.united(tx, survivorId));
      return {
        ...(await this.records.view(tx, actor, survivorId)),
        futureAppointments: withConflicts(visits),
      };
    });
  }

  /** Takes a merge back: the record stands for itself again, as it did. @throws PatientNotFound, NotMerged, StaleVersion */
  unmerge(
    actor: Reader,
    id: string,
    { reason }: UnmergePatient,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.database.write(actor, async (tx) => {
      const open = await this.merges.open(tx, id);
      const [present, into] = await this.#lock(tx, id, open?.intoId ?? id);
      if (!open || present.status !== 'merged') throw new NotMerged({ patientId: id });
      assertFresh(present.version, read);
      await this.merges.undo(tx, open.id, reason);
      const { statusRecordedAt, ...before } = open.fromBefore;
      await this.patients.change(tx, id, {
        verb: 'unmerge',
        reason,
        before: { status: 'merged', statusOn: null, mergedIntoId: present.mergedIntoId },
        after: { ...before, mergedIntoId: null },
        besides: { statusRecordedAt },
      });
      await this.merges.return(tx, { verb: 'unmerge', of: id, reason });
      await this.#giveBack(tx, into, present, open, reason);
      const intoId = present.mergedIntoId ?? open.intoId;
      const detail = { survivorId: intoId };
      await record(tx, { action: 'patient.unmerge', entityId: id, patientId: id, detail });
      await this.events.publish(tx, { verb: 'unmerged', fromId: id, intoId });
      return this.records.view(tx, actor, id);
    });
  }

  /** Every merge of this record or into it. @throws PatientNotFound */
  history(actor: Actor, id: string): Promise<MergeList> {
    return this.database.read(actor, async (tx) => {
      const items = await this.merges.history(tx, await this.records.united(tx, id));
      await record(tx, { action: 'patient.read-merges', entityId: id, patientId: id });
      return { items };
    });
  }

  /** The survivor changes too; a wish not to be contacted that came with the merge goes with it, unless renewed since. */
  async #giveBack(
    tx: Tx,
    into: PatientRecord,
    from: PatientRecord,
    { tookRefusal }: OpenMerge,
    reason: string,
  ): Promise<void> {
    const gives = tookRefusal && into.doNotContact && into.doNotContactReason === refusedIn(from);
    await this.patients.change(tx, into.id, {
      verb: 'divide',
      reason,
      before: gives ? contactWish(into) : {},
      after: gives ? { doNotContact: false, doNotContactReason: null } : {},
    });
  }

  async #lock(tx: Tx, one: string, other: string): Promise<[PatientRecord, PatientRecord]> {
    const locked = new Map((await this.patients.lock(tx, [one, other])).map((row) => [row.id, row]));
    const [first, second] = [locked.get(one), locked.get(other)];
    if (!first || !second) throw new PatientNotFound();
    return [first, second];
  }
}

const refusedIn = ({ number }: PatientRecord): string => `Asked so in record ${number}`;
const contactWish = ({ doNotContact, doNotContactReason }: PatientRecord) => ({
  doNotContact,
  doNotContactReason,
});

/** The register number a page ends with; 0 before the first. */
function numberIn(after: string | undefined): number {
  const [number = 0] = readCursor(after, [Number.isSafeInteger]) ?? [];
  return Math.max(0, Math.min(Number(number), 2 ** 31 - 1));
}
