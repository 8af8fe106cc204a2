import { Database, type Tx } from '#database';
import { addDays } from '#kernel';
import { Injectable } from '@nestjs/common';

import { tellsSmall } from '../domain/courses/small-cells.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { TimeUseReader } from '../time-use/time-use.reader.js';
import { toldDue, toldOverdue, type Due } from './domain/due-weeks.js';
import { expiringBeforeUse, stockByProduct } from './domain/expiring-stock.js';
import type {
  AskDueForecast,
  AskExpiringStock,
  DueForecastView,
  DueWeekView,
  ExpiringStockView,
} from './http/planning.dto.js';
import { PlanningQueries, type DueThen, type Standing } from './planning.queries.js';

const FORECAST =
  'Patients with a repeat-visit window that was open on asOf and whose target day lies in the week, each once however many ' +
  'areas; those already booked are told beside. Free visits are the minutes practitioners can be booked less those taken, ' +
  'as set up and booked by then, over the length of the middle treatment type with its buffers. Overdue: target reached, ' +
  'not lapsed, not booked. Who died or moved away is left out.';
const STOCK =
  'Units of each lot on hand on asOf (in use, in vials not discarded, less what was drawn or wasted) that would be left on ' +
  'the day it expires, if every patient of the due forecast came on the target day (overdue ones on asOf) and had what ' +
  'they had last time of the same product, and what expires first is taken first.';

/** The week of what was due by asOf. */
const OVERDUE = -1;
const inWeek = (due: readonly DueThen[], week: number): Due =>
  due.find((one) => one.week === week) ?? { patients: 0, booked: 0 };

/** What the weeks to come ask of the clinic. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly queries: PlanningQueries,
    private readonly time: TimeUseReader,
  ) {}

  /** Who is due in each week to come, beside the free time of that week. @throws AsOfInFuture, ReportLocationNotFound */
  dueForecast(actor: ReportActor, query: AskDueForecast): Promise<DueForecastView> {
    return this.database.read(actor, async (tx) => {
      const standing = await this.#standing(tx, query);
      const { asOf, locationId, before } = standing;
      const due = await this.queries.due(tx, standing, query.weeks);
      const all = tellsSmall(actor, { locationId })
        ? null
        : await this.queries.due(tx, { ...standing, locationId: undefined }, query.weeks);
      const visitMinutes = await this.queries.visitMinutes(tx, standing);
      const firstDays = Array.from({ length: query.weeks }, (_, week) => addDays(asOf, 1 + week * 7));
      const period = { asOf, from: addDays(asOf, 1), to: addDays(asOf, query.weeks * 7) };
      const use = await this.time.usedFrom(tx, { period, whose: { locationId }, before }, firstDays);
      const weeks = firstDays.map((firstDay, week): DueWeekView => {
        const { available = 0, booked: taken = 0 } = use[week] ?? {};
        const freeMinutes = Math.round(available - taken);
        const freeVisits = visitMinutes === null ? null : Math.floor(freeMinutes / visitMinutes);
        const dueThen = toldDue(inWeek(due, week), all && inWeek(all, week));
        const { toBook } = dueThen;
        const shortBy = freeVisits === null || toBook === null ? null : Math.max(0, toBook - freeVisits);
        return {
          firstDay,
          lastDay: addDays(firstDay, 6),
          ...dueThen,
          freeMinutes,
          freeVisits,
          shortBy,
        };
      });
      const overdue = toldOverdue(inWeek(due, OVERDUE), all && inWeek(all, OVERDUE));
      return { definition: FORECAST, asOf, locationId: locationId ?? null, visitMinutes, overdue, weeks };
    });
  }

  /** Stock that expires before planned use. @throws AsOfInFuture, ReportLocationNotFound */
  expiringStock(actor: ReportActor, query: AskExpiringStock): Promise<ExpiringStockView> {
    return this.database.read(actor, async (tx) => {
      const standing = await this.#standing(tx, query);
      const { asOf, locationId } = standing;
      const stock = await this.queries.stock(tx, standing);
      const outlook = expiringBeforeUse(stock, await this.queries.plan(tx, standing));
      const until = addDays(asOf, query.days);
      const lots = outlook.filter(({ expiresOn }) => expiresOn <= until);
      return {
        definition: STOCK,
        asOf,
        until,
        locationId: locationId ?? null,
        products: stockByProduct(lots),
        lots,
      };
    });
  }

  async #standing(tx: Tx, query: { asOf?: string; locationId?: string }): Promise<Standing> {
    const asOf = await this.frame.asOf(tx, query.asOf);
    const { locationId } = await this.frame.filter(tx, query);
    return { asOf, locationId, before: endOf(asOf, await this.frame.zone(tx)) };
  }
}
