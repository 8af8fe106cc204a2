import { createHash } from 'node:crypto';

import { record } from '#audit';
import { Database, systemActor, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Jobs } from '#jobs';
import { Injectable } from '@nestjs/common';

import { ExportNotReady, PatientNotHere } from '../domain/privacy.errors.js';
import { PatientRowsRepository } from '../rows/patient-rows.repository.js';
import { archiveOf, type ExportContent } from './archive.js';
import { ExportsRepository } from './exports.repository.js';
import type { ExportView } from './http/export.dto.js';
import { PatientFiles } from './patient-files.js';

const KEPT_MS = 7 * 86_400_000;

/** Everything that names a patient, handed over as a file. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportsRepository,
    private readonly patients: PatientRowsRepository,
    private readonly files: PatientFiles,
    private readonly jobs: Jobs,
  ) {}

  /** @throws PatientNotHere */
  request(actor: RequestActor, patientId: string): Promise<ExportView> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.patients.knows(tx, patientId))) throw new PatientNotHere();
      const view = await this.exports.request(
        tx,
        patientId,
        actor.staffId,
        new Date(tx.now.getTime() + KEPT_MS),
      );
      await record(tx, { action: 'export.request', entityId: view.id, patientId });
      await this.jobs.enqueue(tx, 'privacy-export', { clinicId: tx.clinicId, exportId: view.id });
      return view;
    });
  }

  /** @throws PatientNotHere */
  read(actor: RequestActor, id: string): Promise<ExportView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.exports.read(tx, id);
      if (!view) throw new PatientNotHere();
      await record(tx, { action: 'export.read', entityId: id, patientId: view.patientId });
      return view;
    });
  }

  /** The zip. @throws PatientNotHere, ExportNotReady */
  download(actor: RequestActor, id: string): Promise<Buffer> {
    return this.database.read(actor, async (tx) => {
      const view = await this.exports.read(tx, id);
      if (!view) throw new PatientNotHere();
      const zip = await this.exports.file(tx, id);
      if (!zip) throw new ExportNotReady({ presentStatus: view.status });
      await record(tx, { action: 'export.download', entityId: id, patientId: view.patientId });
      return zip;
    });
  }

  /**
   * Makes the file of a request; one that is made, forgotten or gone is left alone. Files are fetched and packed between two
   * transactions: many take longer than the database waits for one that does nothing.
   */
  async make(clinicId: string, id: string): Promise<void> {
    const system = systemActor(clinicId);
    const content = await this.database.read(system, (tx) => this.#content(tx, id));
    if (!content) return;
    const { rows, patientId } = content;
    const zip = archiveOf({ ...content, files: await this.files.read(rows) });
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const count = [...rows.values()].reduce((sum, all) => sum + all.length, 0);
    await this.database.write(system, async (tx) => {
      // Meanwhile it may have been made by another worker, or erased with the patient.
      if ((await this.exports.hold(tx, id))?.status !== 'waiting') return;
      await this.exports.made(tx, id, count, sha256, zip);
      await record(tx, { action: 'export.make', entityId: id, patientId, detail: { rows: count } });
    });
  }

  forgetExpired(clinicId: string): Promise<void> {
    return this.database.write(systemActor(clinicId), (tx) => this.exports.forgetExpired(tx));
  }

  async #content(tx: Tx, id: string): Promise<Omit<ExportContent, 'files'> | null> {
    const wanted = await this.exports.read(tx, id);
    const found = wanted?.status === 'waiting' ? await this.patients.find(tx, wanted.patientId) : null;
    if (!wanted || !found) return null;
    const names = await this.exports.names(tx);
    const clinic = await this.exports.clinic(tx);
    return { ...clinic, madeAt: tx.now, patientId: wanted.patientId, rows: found.rows, names };
  }
}
