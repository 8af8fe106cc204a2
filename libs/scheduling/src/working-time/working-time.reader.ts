import type { Tx } from '#database';
import { addDays, boundaryOf, type CalendarDate, type Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import { diariesOf } from '../domain/diary.js';
import { WorkingTimeQueries } from './working-time.queries.js';

/** Where and when, and from when on what was changed in the set-up does not count. */
export interface WorkingTimeWanted {
  readonly locationId: string;
  /** Calendar days at the location, both inclusive. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly knownBefore: Date;
}

/** For contexts above: when people work, whether or not the time is taken. */
@Injectable()
export class WorkingTimeReader {
  constructor(private readonly queries: WorkingTimeQueries) {}

  /**
   * The spans each practitioner could be booked at a location, as it was set up before `knownBefore`: epoch ms, sorted and
   * disjoint. Empty where the location was unknown or closed for good.
   */
  async of(
    tx: Tx,
    { locationId, from, to, knownBefore }: WorkingTimeWanted,
  ): Promise<ReadonlyMap<string, readonly Interval[]>> {
    // Two days either side hold every zone and every shift over midnight.
    const [first, last] = [addDays(from, -2), addDays(to, 2)];
    const { location, practitioners } = await this.queries.setUp(tx, locationId, knownBefore, first, last);
    if (location === null) return new Map();
    const range = {
      start: boundaryOf(addDays(from, -1), '24:00', location.zone).getTime(),
      end: boundaryOf(to, '24:00', location.zone).getTime(),
    };
    return diariesOf(location, practitioners, range).working;
  }
}
