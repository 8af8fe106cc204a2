import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import type { Permission } from '#identity';
import { calendarDate, type CalendarDate, newestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PatientMerged, PatientNotFound } from './domain/patients.errors.js';
import type { PatientView } from './http/patient.views.js';
import { type PatientRecord, PatientsRepository } from './patients.repository.js';

/** Whoever reads: a person with permissions, or the service itself. */
export type Reader = Actor & { readonly permissions?: ReadonlySet<Permission> };

/** A record about to be changed: locked, fresh, and not merged into another. */
export interface OpenRecord {
  readonly record: PatientRecord;
  readonly birthDate: CalendarDate;
  readonly today: CalendarDate;
}

/** How every part of the register opens, changes and shows a patient's record. */
@Injectable()
export class PatientRecords {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsRepository,
  ) {}

  /** Changes a record, leaves its audit row and shows it. @throws PatientNotFound, PatientMerged, StaleVersion */
  changing(
    actor: Reader,
    id: string,
    read: number | undefined,
    action: `patient.${string}`,
    work: (tx: Tx, open: OpenRecord) => Promise<readonly string[]>,
  ): Promise<PatientView> {
    return this.database.write(actor, async (tx) => {
      const fields = await work(tx, await this.open(tx, id, read));
      await record(tx, { action, entityId: id, patientId: id, detail: { fields } });
      return this.view(tx, actor, id);
    });
  }

  /** @throws PatientNotFound, PatientMerged, StaleVersion */
  async open(tx: Tx, id: string, read?: number): Promise<OpenRecord> {
    const [present] = await this.patients.lock(tx, [id]);
    if (!present) throw new PatientNotFound();
    assertFresh(present.version, read);
    assertNotMerged(present);
    return { record: present, birthDate: calendarDate(present.birthDate), today: registerToday(tx) };
  }

  /** The ids under which a patient's rows stand: their own and those of records merged into it. @throws PatientNotFound */
  async united(tx: Tx, id: string): Promise<readonly string[]> {
    const ids = (await this.patients.unitedIds(tx, [id])).get(id);
    if (!ids) throw new PatientNotFound();
    return ids;
  }

  /** Between which days something recorded of a patient can have happened. @throws PatientNotFound */
  async life(tx: Tx, id: string): Promise<Pick<OpenRecord, 'birthDate' | 'today'>> {
    const [patient] = await this.patients.contacts(tx, [id]);
    if (!patient) throw new PatientNotFound();
    return { birthDate: calendarDate(patient.birthDate), today: registerToday(tx) };
  }

  /** @throws PatientNotFound */
  async view(tx: Tx, reader: Reader, id: string): Promise<PatientView> {
    const view = await this.patients.read(tx, id);
    if (!view) throw new PatientNotFound();
    return reader.permissions?.has('charts:read') ? view : { ...view, healthFacts: null, priorToxins: null };
  }
}

/** @throws PatientMerged */
export function assertNotMerged({ id, mergedIntoId }: Pick<PatientRecord, 'id' | 'mergedIntoId'>): void {
  if (mergedIntoId !== null) throw new PatientMerged({ patientId: id, survivorId: mergedIntoId });
}

/** The register knows no location, so its "today" has come when it has begun anywhere. */
export const registerToday = (tx: Tx): CalendarDate => newestDay(tx.now);
