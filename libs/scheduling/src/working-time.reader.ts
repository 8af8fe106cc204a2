import type { Tx } from '#database';
import { addDays, boundaryOf, type CalendarDate, type Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import { DiariesQueries } from './diaries.queries.js';
import { diariesOf } from './domain/diary.js';

const NO_TYPE = '00000000-0000-0000-0000-000000000000';

/** For contexts above: when people work, whether or not the time is taken. */
@Injectable()
export class WorkingTimeReader {
  constructor(private readonly diaries: DiariesQueries) {}

  /**
   * The spans each practitioner can be booked at a location on its days from `from` to `to`, both included: epoch ms,
   * sorted and disjoint, as set up now. Empty where the location is unknown or closed for good.
   */
  async of(
    tx: Tx,
    locationId: string,
    from: CalendarDate,
    to: CalendarDate,
  ): Promise<ReadonlyMap<string, readonly Interval[]>> {
    const { location, practitioners } = await this.diaries.setUp(tx, {
      locationId,
      typeId: NO_TYPE,
      practitionerId: null,
      patientId: null,
      from,
      to,
    });
    if (location === null) return new Map();
    const range = {
      start: boundaryOf(addDays(from, -1), '24:00', location.zone).getTime(),
      end: boundaryOf(to, '24:00', location.zone).getTime(),
    };
    return diariesOf(location, practitioners, range).working;
  }
}
