import { CatalogueService, isLicensed, marketOf } from '#catalogue';
import type { Tx } from '#database';
import { NonResponses } from '#follow-ups';
import type { CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import type { MinimumInterval, TreatmentWindow } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { FiguresInForce } from './figures-in-force.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
import { WindowsRepository } from './windows.repository.js';

const ANY_AREA = 'any';

/** What scheduling asks of windows before it books. */
@Injectable()
export class WindowsForScheduling {
  constructor(
    private readonly windows: WindowsRepository,
    private readonly overrides: OverridesRepository,
    private readonly inForce: FiguresInForce,
    private readonly catalogue: CatalogueService,
    private readonly nonResponses: NonResponses,
    private readonly patients: PatientsService,
  ) {}

  /** The open windows of the areas named, or of all when none are named. */
  async openOf(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<TreatmentWindow[]> {
    const open = await this.openOfMany(tx, [patientId]);
    return open
      .filter(({ areaId }) => areaIds.length === 0 || areaIds.includes(areaId))
      .map(({ patientId: _, ...window }) => window);
  }

  /** Of many patients. A clinician's own first day moves what is recommended, never what is permitted. */
  async openOfMany(
    tx: Tx,
    patientIds: readonly string[],
  ): Promise<(TreatmentWindow & { readonly patientId: string })[]> {
    const open = await this.windows.open(tx, patientIds);
    const united = await this.patients.unitedIds(tx, patientIds);
    const decided = await this.overrides.inForce(tx, [...new Set([...united.values()].flat())]);
    const without = await this.nonResponses.of(tx, patientIds);
    return open.map(({ patientId, area, earliest, recommendedFrom, recommendedTo, lastTreatedOn }) => {
      const same = united.get(patientId) ?? [patientId];
      const notBefore = decided.find((one) => one.area === area && same.includes(one.patientId))?.notBefore;
      const unanswered = without.some(
        (one) => one.patientId === patientId && one.area === area && one.treatedOn >= (lastTreatedOn ?? ''),
      );
      return {
        patientId,
        areaId: area,
        earliest,
        recommendedFrom: later(recommendedFrom, notBefore),
        recommendedTo: later(recommendedTo, notBefore),
        ...(unanswered ? { withoutResponse: true } : {}),
      };
    });
  }

  /**
   * How far apart planned treatments of an area must lie. The product is the one the area had last; before a first
   * treatment any licensed in the market, so that only what is too early for all of them is held back.
   */
  async intervalsOf(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<MinimumInterval[]> {
    const open = await this.windows.open(tx, [patientId]);
    const { market, protocol } = await this.inForce.of(tx);
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

const later = (date: CalendarDate | null, notBefore: CalendarDate | undefined): CalendarDate | null =>
  date !== null && notBefore !== undefined && notBefore > date ? notBefore : date;
