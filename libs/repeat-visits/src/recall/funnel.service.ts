import { Database } from '#database';
import { InvalidInput } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, daysBetween } from '#kernel';
import { Injectable } from '@nestjs/common';

import { FunnelQueries } from './funnel.queries.js';
import type { FindFunnel, FunnelView } from './http/recall-list.dto.js';

const LONGEST_DAYS = 366;

const DEFINITIONS = {
  due: 'Patients of whom an area became due in the period, each once, counted from that day; not those who had left care before it',
  contacted: 'Of the due: reached for or heard from at least once since',
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
  ) {}

  /** @throws InvalidInput for days in the wrong order, or more than a year of them */
  of(actor: RequestActor, { from, to, locationId }: FindFunnel): Promise<FunnelView> {
    const days = daysBetween(calendarDate(from), calendarDate(to));
    if (days < 0 || days >= LONGEST_DAYS) {
      const detail = `Give a day from ${from} on, at most ${LONGEST_DAYS} days`;
      throw new InvalidInput([{ pointer: '/to', in: 'query', detail }]);
    }
    return this.database.read(actor, async (tx) => ({
      from,
      to,
      ...(await this.funnel.counts(tx, from, to, locationId ?? null)),
      definitions: DEFINITIONS,
    }));
  }
}
