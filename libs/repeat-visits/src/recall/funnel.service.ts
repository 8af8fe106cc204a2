import { Database } from '#database';
import { InvalidInput } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, daysBetween } from '#kernel';
import { Injectable } from '@nestjs/common';

import { HeldPatients } from '../held-patients.js';
import { FunnelQueries } from './funnel.queries.js';
import type { FindFunnel, FunnelView } from './http/funnel.dto.js';

const LONGEST_DAYS = 366;

const DEFINITIONS = {
  due: 'Patients of whom an area became due in the period and before now, each once, counted from that day; not those who had left care before it, nor those on hold',
  onHold:
    'Not among the due: neither contacted nor booked since, and pregnant, breastfeeding or with an active adverse event now, so that nobody was to ask them',
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

  /** @throws InvalidInput for days in the wrong order, or more than a year of them */
  of(actor: RequestActor, { from, to, locationId }: FindFunnel): Promise<FunnelView> {
    const days = daysBetween(calendarDate(from), calendarDate(to));
    if (days < 0 || days >= LONGEST_DAYS) {
      const detail = `Give a day from ${from} on, at most ${LONGEST_DAYS} days`;
      throw new InvalidInput([{ pointer: '/to', in: 'query', detail }]);
    }
    return this.database.read(actor, async (tx) => {
      const { untouched, due, ...figures } = await this.funnel.counts(tx, from, to, locationId ?? null);
      const onHold = await this.held.count(tx, untouched);
      return { from, to, asOf: tx.now, due: due - onHold, onHold, ...figures, definitions: DEFINITIONS };
    });
  }
}
