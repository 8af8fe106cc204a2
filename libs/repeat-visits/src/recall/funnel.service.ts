import { Database, type Tx } from '#database';
import { InvalidInput } from '#http';
import type { RequestActor } from '#identity';
import { boundaryOf, calendarDate, dateIn, daysBetween } from '#kernel';
import { Injectable } from '@nestjs/common';

import { HeldPatients } from '../held-patients.js';
import { FunnelQueries } from './funnel.queries.js';
import type { FindFunnel, FunnelView } from './http/funnel.dto.js';

const LONGEST_DAYS = 366;

const DEFINITIONS = {
  due: 'Patients of whom an area became due in the period by asOf, each once, counted from that day; not those who had left care before it, nor those on hold',
  onHold:
    'Not among the due: neither contacted nor booked since, and pregnant, breastfeeding or with an active adverse event at asOf, so that nobody was to ask them',
  contacted: 'Of the due: called, written to or heard from at least once since',
  booked:
    'Of the contacted: a treatment of one of these areas was booked after the first contact, whatever became of it',
  attended: 'Of the booked: the visit took place',
  bookedUncontacted: 'Of the due: booked before or without any contact, and not again after one',
  attendedUncontacted: 'Of these: the visit took place',
};

/** Due, contacted, booked, attended. */
@Injectable()
export class FunnelService {
  constructor(
    private readonly database: Database,
    private readonly funnel: FunnelQueries,
    private readonly held: HeldPatients,
  ) {}

  /**
   * With `asOf` as it was known at the end of that day: what was recorded later changes nothing of it.
   * @throws InvalidInput for days in the wrong order, more than a year of them, or a day as of which nobody knows yet
   */
  of(actor: RequestActor, query: FindFunnel): Promise<FunnelView> {
    const { from, to, asOf } = query;
    const locationId = query.locationId ?? null;
    const days = daysBetween(calendarDate(from), calendarDate(to));
    if (days < 0 || days >= LONGEST_DAYS) {
      const detail = `Give a day from ${from} on, at most ${LONGEST_DAYS} days`;
      throw new InvalidInput([{ pointer: '/to', in: 'query', detail }]);
    }
    return this.database.read(actor, async (tx) => {
      const before = asOf === undefined ? null : await this.#endOf(tx, asOf, locationId);
      // The last moment of a day is the one it is counted for; its end belongs to the next.
      const at = before === null ? tx.now : new Date(before.getTime() - 1);
      const asked = { from, to, locationId, at, before };
      const { untouched, due, ...figures } = await this.funnel.counts(tx, asked);
      const onHold = await this.held.count(tx, untouched, before);
      return { from, to, asOf: at, due: due - onHold, onHold, ...figures, definitions: DEFINITIONS };
    });
  }

  async #endOf(tx: Tx, asOf: string, locationId: string | null): Promise<Date> {
    const zone = await this.funnel.zone(tx, locationId);
    if (asOf > dateIn(tx.now, zone)) {
      const detail = 'This day is still to come';
      throw new InvalidInput([{ pointer: '/asOf', in: 'query', detail }]);
    }
    return boundaryOf(calendarDate(asOf), '24:00', zone);
  }
}
