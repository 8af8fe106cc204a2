import { record } from '#audit';
import { CatalogueService, isLicensed, marketOf } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import type { CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import type { MinimumInterval, TreatmentWindow } from '#scheduling';
import { type TreatmentEvent, TreatmentHistory } from '#treatments';
import { Injectable } from '@nestjs/common';

import { windowsToKeep } from './domain/kept-windows.js';
import { statusAfter, type WindowEvent } from './domain/window-status.js';
import { type EndedWindow, hashOf, type NewWindow, WindowsRepository } from './windows.repository.js';

/** What a recompute did. */
export interface Issued {
  readonly issued: number;
  /** Windows that ended, superseded ones included. */
  readonly ended: number;
  /** Open windows whose doses and figures are the same as before: left as they are. */
  readonly unchanged: number;
}

/** Keeps one open window a patient and area, and every earlier one as it was given. */
@Injectable()
export class WindowsService {
  constructor(
    private readonly windows: WindowsRepository,
    private readonly history: TreatmentHistory,
    private readonly patients: PatientsService,
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
  ) {}

  /**
   * Recomputes the windows of patients from all their signed treatments: one history query and bulk writes, whatever
   * their number. Doing it again changes nothing. `because` is what ends a window that has a successor.
   */
  async issueFor(
    tx: Tx,
    patientIds: readonly string[],
    assessedOn: CalendarDate,
    because: WindowEvent = 'recomputed',
  ): Promise<Issued> {
    const ids = [...new Set(patientIds)];
    // Two treatments of one patient signed at once: the second waits here and then sees the first.
    await this.patients.hold(tx, ids);
    const { market } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const doses = Map.groupBy(await this.history.doses(tx, ids), ({ patientId }) => patientId);
    const open = new Map((await this.windows.open(tx, ids)).map((one) => [keyOf(one), one]));
    const issued: NewWindow[] = [];
    const ended: EndedWindow[] = [];
    let unchanged = 0;
    for (const patientId of ids) {
      for (const window of windowsToKeep(doses.get(patientId) ?? [], protocol, assessedOn)) {
        const key = keyOf({ patientId, area: window.forecast.area });
        const inputHash = hashOf(window);
        const present = open.get(key);
        open.delete(key);
        if (present?.inputHash === inputHash) {
          unchanged += 1;
          continue;
        }
        if (present)
          ended.push({ id: present.id, status: statusAfter(present.status, because), endedBy: because });
        issued.push({ ...window, patientId, inputHash });
      }
    }
    // What is left has no dose any more.
    for (const { id, status } of open.values())
      ended.push({ id, status: statusAfter(status, 'withdrawn'), endedBy: 'withdrawn' });
    await this.windows.end(tx, ended);
    await this.windows.issue(tx, issued, assessedOn);
    return { issued: issued.length, ended: ended.length, unchanged };
  }

  /** What a treatment's signing, amendment or withdrawal means for the patient's windows, in the same transaction. */
  async answer(tx: Tx, { what, treatmentId, patientId, treatedOn }: TreatmentEvent): Promise<void> {
    const because = what === 'signed' ? 'treated-again' : 'recomputed';
    const { issued, ended } = await this.issueFor(tx, [patientId], treatedOn, because);
    if (issued + ended === 0) return;
    await record(tx, {
      action: 'repeat-visit-window.issue',
      entityId: treatmentId,
      patientId,
      detail: { issued, ended },
    });
  }

  /** For scheduling: the open windows of the areas named, or of all when none are named. */
  async openOf(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<TreatmentWindow[]> {
    const open = await this.openOfMany(tx, [patientId]);
    return open
      .filter(({ areaId }) => areaIds.length === 0 || areaIds.includes(areaId))
      .map(({ patientId: _, ...window }) => window);
  }

  /** The open windows of many patients in one query. */
  async openOfMany(
    tx: Tx,
    patientIds: readonly string[],
  ): Promise<(TreatmentWindow & { readonly patientId: string })[]> {
    const open = await this.windows.open(tx, patientIds);
    return open.map(({ patientId, area, earliest, recommendedFrom, recommendedTo }) => ({
      patientId,
      areaId: area,
      earliest,
      recommendedFrom,
      recommendedTo,
    }));
  }

  /**
   * For scheduling: how far apart planned treatments of an area must lie. The product is the one the area had last; before
   * a first treatment any licensed in the market, so that only what is too early for all of them is held back.
   */
  async intervalsOf(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<MinimumInterval[]> {
    const open = await this.windows.open(tx, [patientId]);
    const { market } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const { products, areas } = await this.catalogue.current(tx);
    const licensed = products.filter((product) => isLicensed(product, marketOf(market))).map(({ id }) => id);
    const named = areaIds.length > 0 ? areaIds : open.map(({ area }) => area);
    return (named.length > 0 ? named : [ANY_AREA]).map((areaId) => {
      const last = open.find(({ area }) => area === areaId)?.product;
      // A product's interval is the same in every area unless the clinic decided otherwise, so any area answers for `any`.
      const area = areaId === ANY_AREA ? areas[0]?.id : areaId;
      const figures = (last === undefined ? licensed : [last]).map((product) =>
        area === undefined ? [] : protocol.figures(product, area).minIntervals,
      );
      const byProduct = figures
        .filter((intervals) => intervals.length > 0)
        .map((intervals) => intervals.map(({ offset }) => offset));
      return { areaId, byProduct };
    });
  }
}

const ANY_AREA = 'any';

const keyOf = ({ patientId, area }: { readonly patientId: string; readonly area: string }): string =>
  `${patientId} ${area}`;
