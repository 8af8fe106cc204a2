import type { Tx } from '#database';
import { addDays, type CalendarDate } from '#kernel';
import { WorkingTimeReader } from '#scheduling';
import { Injectable } from '@nestjs/common';

import type { Asked } from '../figures/asked.js';
import { endOf } from '../report-frame.js';
import { ReportFrameQueries } from '../report-frame.queries.js';
import { timeUseByPart, type TimeUse } from './domain/minutes.js';
import { TakenTimeQueries } from './taken-time.queries.js';

/** When people could be booked, and how much of it was taken, as known on a day. */
@Injectable()
export class TimeUseReader {
  constructor(
    private readonly locations: ReportFrameQueries,
    private readonly visits: TakenTimeQueries,
    private readonly workingTime: WorkingTimeReader,
  ) {}

  /** Minutes of a period, everybody asked for together. */
  async used(tx: Tx, asked: Asked): Promise<TimeUse> {
    const [use = NONE] = await this.usedFrom(tx, asked, [asked.period.from]);
    return use;
  }

  /** The same for each part of the period; `firstDays` says where each begins, ascending, the first with the period. */
  async usedFrom(tx: Tx, asked: Asked, firstDays: readonly CalendarDate[]): Promise<TimeUse[]> {
    const { period, whose } = asked;
    const taken = await this.visits.taken(tx, asked);
    const sums = firstDays.map(() => ({ ...NONE }));
    for (const { locationId, zone } of await this.locations.locations(tx)) {
      if (whose.locationId !== undefined && whose.locationId !== locationId) continue;
      const begins = firstDays.map((day) => endOf(addDays(day, -1), zone).getTime());
      const ends = [...begins.slice(1), endOf(period.to, zone).getTime()];
      const parts = begins.map((start, i) => ({ start, end: ends[i] ?? start }));
      const working = await this.workingTime.of(tx, {
        locationId,
        from: period.from,
        to: period.to,
        knownBefore: endOf(period.asOf, zone),
      });
      for (const [practitionerId, spans] of working) {
        if (whose.practitionerId !== undefined && whose.practitionerId !== practitionerId) continue;
        const visits = taken.find(
          (one) => one.practitionerId === practitionerId && one.locationId === locationId,
        );
        for (const [i, { available, booked }] of timeUseByPart(spans, visits?.spans ?? [], parts).entries()) {
          const sum = sums[i];
          if (!sum) continue;
          sum.available += available;
          sum.booked += booked;
        }
      }
    }
    return sums;
  }
}

const NONE: TimeUse & { available: number; booked: number } = { available: 0, booked: 0 };
