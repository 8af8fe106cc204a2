import { areaOf, productOf, seedCatalogue } from '#catalogue';
import { Database, type Tx } from '#database';
import { InvalidInput } from '#http';
import { StaffNotFound, StaffService, type RequestActor } from '#identity';
import { calendarDate, dateIn, latest, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { AsOfInFuture, ReportLocationNotFound } from './domain/reports.errors.js';
import { returnRate } from './domain/return-cohorts.js';
import { returnCycles, type ReturnCycle, type ReturnQuestion } from './domain/return-cycles.js';
import { startsWith, type ReturnFilter } from './domain/return-filter.js';
import { RETURN_HORIZONS } from './domain/return-rate.js';
import { returnRateView, type AskReturnRate, type ReturnRateView } from './http/return-rate.dto.js';
import { ReturnRateQueries } from './return-rate.queries.js';

/** Whether patients come back, when, and how sure one can be. */
@Injectable()
export class ReturnRateService {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffService,
    private readonly queries: ReturnRateQueries,
  ) {}

  /**
   * The clinic's return rate as known at the end of `asOf` (default: today at the clinic's first location, UTC without
   * one). A treatment counts when it was signed by then and not withdrawn; of an amended one the version then in force.
   *
   * @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  async ask(actor: RequestActor, query: AskReturnRate): Promise<ReturnRateView> {
    const { scope, cohortBy, horizons = RETURN_HORIZONS } = query;
    const filter = filterOf(query);
    const { question, cycles } = await this.database.read(actor, async (tx) => {
      const asOf = await this.#asOf(tx, query.asOf);
      await this.#assertKnown(tx, filter);
      return { question: { scope, asOf }, cycles: await this.#cycles(tx, { scope, asOf }, filter) };
    });
    const days = [...horizons].toSorted((a, b) => a - b);
    return returnRateView(returnRate(cycles, { ...question, cohortBy, horizons: days }), cohortBy, filter);
  }

  async #cycles(tx: Tx, question: ReturnQuestion, filter: ReturnFilter): Promise<ReturnCycle[]> {
    const departures = await this.queries.departures(tx, await this.#zone(tx));
    const cycles: ReturnCycle[] = [];
    for await (const treatments of this.queries.treatments(tx, question.asOf)) {
      for (const cycle of returnCycles(treatments, departures, question)) {
        if (startsWith(filter, cycle)) cycles.push({ ...cycle, treatments: [] });
      }
    }
    return cycles;
  }

  async #asOf(tx: Tx, asked: string | undefined): Promise<CalendarDate> {
    if (asked === undefined) return dateIn(tx.now, await this.#zone(tx));
    const asOf = calendarDate(asked);
    const zones = (await this.queries.locations(tx)).map(({ zone }) => zone);
    const today = latest(dateIn(tx.now, 'UTC'), ...zones.map((zone) => dateIn(tx.now, zone)));
    if (asOf > today) throw new AsOfInFuture({ asOf, today });
    return asOf;
  }

  async #zone(tx: Tx): Promise<string> {
    return (await this.queries.locations(tx))[0]?.zone ?? 'UTC';
  }

  /** A mistyped filter would answer with an empty report that looks like a finding. */
  async #assertKnown(tx: Tx, { practitionerId, locationId, product, area }: ReturnFilter): Promise<void> {
    if (product !== undefined) productOf(seedCatalogue(), product);
    if (area !== undefined) areaOf(seedCatalogue(), area);
    if (practitionerId !== undefined && (await this.staff.find(tx, [practitionerId])).length === 0) {
      throw new StaffNotFound();
    }
    if (locationId !== undefined) {
      const known = (await this.queries.locations(tx)).some((location) => location.locationId === locationId);
      if (!known) throw new ReportLocationNotFound();
    }
  }
}

function filterOf({ practitionerId, locationId, product, area, from, to }: AskReturnRate): ReturnFilter {
  if (from !== undefined && to !== undefined && from > to) {
    throw new InvalidInput([{ pointer: '/to', in: 'query', detail: 'The last day lies before the first' }]);
  }
  return {
    ...(practitionerId === undefined ? {} : { practitionerId }),
    ...(locationId === undefined ? {} : { locationId }),
    ...(product === undefined ? {} : { product }),
    ...(area === undefined ? {} : { area }),
    ...(from === undefined ? {} : { from: calendarDate(from) }),
    ...(to === undefined ? {} : { to: calendarDate(to) }),
  };
}
