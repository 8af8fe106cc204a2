import { Database, type Tx } from '#database';
import { addDays, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { FEWEST_PATIENTS } from '../domain/courses/small-cells.js';
import { ReportFrame, type ReportActor } from '../report-frame.js';
import { expiringBeforeUse } from './domain/expiring-stock.js';
import type {
  AskDueForecast,
  AskExpiringStock,
  DueForecastView,
  DueWeekView,
  ExpiringStockView,
} from './http/planning.dto.js';
import { PlanningQueries } from './planning.queries.js';
import { TimeUseReader } from './time-use.reader.js';

const FORECAST =
  'Patients with an open repeat-visit window whose target day lies in the week, each once however many areas; those ' +
  'already booked are told beside. Free visits are the minutes practitioners can be booked less those taken, over the ' +
  'length of the middle treatment type with its buffers. Overdue: target reached, not lapsed, not booked.';
const STOCK =
  'Units of each lot that would be left on the day it expires, if every patient with an open window came on the target ' +
  'day (overdue ones today) and had what they had last time of the same product, and what expires first is taken first.';

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
      const asOf = await this.frame.asOf(tx, query.asOf);
      const { locationId } = await this.frame.filter(tx, query);
      const due = await this.queries.due(tx, asOf, locationId, query.weeks);
      const visitMinutes = await this.queries.visitMinutes(tx);
      const tellsSmall = actor.permissions.has('charts:read') || locationId === undefined;
      const told = (patients: number): number | null =>
        tellsSmall || patients === 0 || patients >= FEWEST_PATIENTS ? patients : null;
      const weeks: DueWeekView[] = [];
      for (let week = 0; week < query.weeks; week += 1) {
        const { patients = 0, booked = 0 } = due.find((one) => one.week === week) ?? {};
        const first = addDays(asOf, 1 + week * 7);
        const freeMinutes = await this.#free(tx, asOf, first, locationId);
        const freeVisits = visitMinutes === null ? null : Math.floor(freeMinutes / visitMinutes);
        const toBook = told(patients - booked);
        weeks.push({
          firstDay: first,
          lastDay: addDays(first, 6),
          due: told(patients),
          booked: told(booked),
          toBook,
          freeMinutes,
          freeVisits,
          shortBy: freeVisits === null || toBook === null ? null : Math.max(0, toBook - freeVisits),
        });
      }
      const { patients: late = 0, booked: lateBooked = 0 } = due.find((one) => one.week === -1) ?? {};
      const overdue = told(late - lateBooked);
      return { definition: FORECAST, asOf, locationId: locationId ?? null, visitMinutes, overdue, weeks };
    });
  }

  /** Stock that expires before planned use. @throws ReportLocationNotFound */
  expiringStock(actor: ReportActor, query: AskExpiringStock): Promise<ExpiringStockView> {
    return this.database.read(actor, async (tx) => {
      const asOf = await this.frame.asOf(tx, undefined);
      const { locationId } = await this.frame.filter(tx, query);
      const stock = await this.queries.stock(tx, locationId);
      const said = { definition: STOCK, asOf, locationId: locationId ?? null };
      const outlook = expiringBeforeUse(
        stock.filter(({ expiresOn }) => expiresOn >= asOf),
        await this.queries.plan(tx, asOf, locationId),
      );
      const until = addDays(asOf, query.days);
      return { ...said, lots: outlook.filter(({ expiresOn }) => expiresOn <= until) };
    });
  }

  async #free(
    tx: Tx,
    asOf: CalendarDate,
    first: CalendarDate,
    locationId: string | undefined,
  ): Promise<number> {
    const week = { asOf, from: first, to: addDays(first, 6) };
    const { available, booked } = await this.time.used(tx, week, { locationId });
    return Math.round(available - booked);
  }
}
