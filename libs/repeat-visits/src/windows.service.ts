import { record } from '#audit';
import type { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import { type CalendarDate, dateIn } from '#kernel';
import { type PatientEvent, PatientsService } from '#patients';
import { type TreatmentEvent, TreatmentHistory } from '#treatments';
import { Injectable } from '@nestjs/common';

import { windowsToKeep } from './domain/kept-windows.js';
import { type Issued, type IssuedWindows, windowChanges } from './domain/window-changes.js';
import type { WindowEvent } from './domain/window-status.js';
import { FiguresInForce } from './figures-in-force.js';
import { UnitedHistory } from './united-history.js';
import { WindowBasisRepository } from './window-basis.repository.js';
import { WindowEvents } from './window-events.port.js';
import { inColumns, newWindows, WindowsRepository } from './windows.repository.js';

/** Keeps one open window a patient and area, and every earlier one as it was given. */
@Injectable()
export class WindowsService {
  constructor(
    private readonly windows: WindowsRepository,
    private readonly bases: WindowBasisRepository,
    private readonly history: UnitedHistory,
    private readonly patients: PatientsService,
    private readonly inForce: FiguresInForce,
    private readonly events: WindowEvents,
  ) {}

  /**
   * Recomputes the windows of patients from all their signed treatments: one history query and bulk writes, whatever
   * their number. Doing it again changes nothing. `because` is what ends a window that has a successor. A record merged
   * into another has no windows of its own.
   */
  async issueFor(
    tx: Tx,
    patientIds: readonly string[],
    assessedOn: CalendarDate,
    because: WindowEvent = 'recomputed',
  ): Promise<Issued> {
    const { windows: _, ...counts } = await this.#issue(tx, patientIds, assessedOn, because);
    return counts;
  }

  /** The same, window by window. */
  async #issue(
    tx: Tx,
    patientIds: readonly string[],
    assessedOn: CalendarDate,
    because: WindowEvent,
  ): Promise<IssuedWindows> {
    const { ids, merged } = await this.#hold(tx, patientIds);
    await this.bases.raise(tx, ids);
    const { protocol, options } = await this.inForce.of(tx);
    const doses = await this.history.of(tx, ids);
    const computed = ids.flatMap((patientId) => {
      const own = merged.has(patientId) ? [] : (doses.get(patientId) ?? []);
      return newWindows(patientId, windowsToKeep(own, protocol, assessedOn, options));
    });
    const open = await this.windows.open(tx, ids);
    const changes = windowChanges(open, computed, because, (id) => (merged.has(id) ? 'merged' : 'withdrawn'));
    await this.windows.end(tx, changes.ended);
    await this.windows.issue(tx, inColumns(changes.issued, assessedOn));
    return {
      issued: changes.issued.length,
      ended: changes.ended.length,
      unchanged: changes.unchanged,
      windows: [
        ...changes.ended.map(({ id, patientId }) => ({ what: 'ended' as const, windowId: id, patientId })),
        ...changes.issued.map(({ id, patientId }) => ({ what: 'issued' as const, windowId: id, patientId })),
      ],
    };
  }

  /** Two treatments of one person signed at once: the second waits here and then sees the first. */
  async #hold(
    tx: Tx,
    patientIds: readonly string[],
  ): Promise<{ ids: readonly string[]; merged: ReadonlySet<string> }> {
    const asked = [...new Set(patientIds)];
    await this.patients.hold(tx, asked);
    // Read once they are held: a record merged meanwhile says so.
    const gone = (await this.patients.contacts(tx, asked)).filter(({ mergedIntoId }) => mergedIntoId);
    const merged = new Set(gone.map(({ id }) => id));
    // A treatment may stand under a record merged since: the windows are the survivor's.
    const survivors = new Set(gone.flatMap(({ mergedIntoId }) => mergedIntoId ?? [])).difference(
      new Set(asked),
    );
    if (survivors.size > 0) await this.patients.hold(tx, [...survivors]);
    return { ids: [...asked, ...survivors], merged };
  }

  /** What a treatment's signing, amendment or withdrawal means for the patient's windows, in the same transaction. */
  async answer(tx: Tx, { what, treatmentId, patientId, treatedOn }: TreatmentEvent): Promise<void> {
    const because = what === 'signed' ? 'treated-again' : 'recomputed';
    const { issued, ended, windows } = await this.#issue(tx, [patientId], treatedOn, because);
    if (issued + ended === 0) return;
    await record(tx, {
      action: 'repeat-visit-window.issue',
      entityId: treatmentId,
      patientId,
      detail: { issued, ended },
    });
    await this.events.publish(tx, windows);
  }

  /**
   * Records united or parted have united or parted windows, in the same transaction. A death or a transfer moves none:
   * it is a reason, read with every list.
   */
  async answerPatient(tx: Tx, event: PatientEvent): Promise<void> {
    if (event.verb !== 'merged' && event.verb !== 'unmerged') return;
    const { fromId, intoId } = event;
    const today = dateIn(tx.now, 'UTC');
    const { issued, ended, windows } = await this.#issue(tx, [fromId, intoId], today, 'merged');
    await record(tx, {
      action: 'repeat-visit-window.issue',
      entityId: intoId,
      patientId: intoId,
      detail: { issued, ended, [event.verb]: fromId },
    });
    await this.events.publish(tx, windows);
  }
}

/** The same without a container, for whoever fills a database. */
export const windowsOver = (patients: PatientsService, catalogue: CatalogueService): WindowsService =>
  new WindowsService(
    new WindowsRepository(),
    new WindowBasisRepository(),
    new UnitedHistory(patients, new TreatmentHistory()),
    patients,
    new FiguresInForce(catalogue, new ClinicsService()),
    new WindowEvents(),
  );
