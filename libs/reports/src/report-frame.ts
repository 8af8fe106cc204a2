import { areaOf, productOf, seedCatalogue } from '#catalogue';
import type { Tx } from '#database';
import { InvalidInput } from '#http';
import { StaffNotFound, StaffService, type RequestActor } from '#identity';
import { boundaryOf, calendarDate, dateIn, latest, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { AsOfInFuture, ReportLocationNotFound } from './domain/reports.errors.js';
import type { ReturnFilter } from './domain/return-filter.js';
import type { FilterQuery } from './http/report-query.dto.js';
import { ReportFrameQueries } from './report-frame.queries.js';

/** What a report must know of whoever it is told to; a job has no more than this. */
export type ReportActor = Pick<RequestActor, 'clinicId' | 'staffId' | 'market' | 'permissions'>;

/** The instant a day is over. */
export const endOf = (day: CalendarDate, zone: string): Date => boundaryOf(day, '24:00', zone);

/** What every report is told within: the day it stands on, and filters that name what there is. */
@Injectable()
export class ReportFrame {
  constructor(
    private readonly staff: StaffService,
    private readonly queries: ReportFrameQueries,
  ) {}

  /** asOf as asked, else today at the clinic's first location (UTC without one). @throws AsOfInFuture */
  async asOf(tx: Tx, asked: string | undefined): Promise<CalendarDate> {
    if (asked === undefined) return dateIn(tx.now, await this.zone(tx));
    const asOf = calendarDate(asked);
    const zones = (await this.queries.locations(tx)).map(({ zone }) => zone);
    const today = latest(dateIn(tx.now, 'UTC'), ...zones.map((zone) => dateIn(tx.now, zone)));
    if (asOf > today) throw new AsOfInFuture({ asOf, today });
    return asOf;
  }

  async zone(tx: Tx): Promise<string> {
    return (await this.queries.locations(tx))[0]?.zone ?? 'UTC';
  }

  /**
   * A mistyped filter would answer with an empty report that looks like a finding.
   * @throws InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  async filter(tx: Tx, query: FilterQuery, where: 'query' | 'body' = 'query'): Promise<ReturnFilter> {
    const filter = filterOf(query, where);
    const { practitionerId, locationId, product, area } = filter;
    if (product !== undefined) productOf(seedCatalogue(), product);
    if (area !== undefined) areaOf(seedCatalogue(), area);
    if (practitionerId !== undefined && (await this.staff.find(tx, [practitionerId])).length === 0) {
      throw new StaffNotFound();
    }
    if (locationId !== undefined) {
      const known = (await this.queries.locations(tx)).some((location) => location.locationId === locationId);
      if (!known) throw new ReportLocationNotFound();
    }
    return filter;
  }
}

function filterOf(
  { practitionerId, locationId, product, area, from, to }: FilterQuery,
  where: 'query' | 'body',
): ReturnFilter {
  if (from !== undefined && to !== undefined && from > to) {
    throw new InvalidInput([{ pointer: '/to', in: where, detail: 'The last day lies before the first' }]);
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
