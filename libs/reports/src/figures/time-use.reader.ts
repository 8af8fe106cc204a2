import type { Tx } from '#database';
import { WorkingTimeReader } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { ReportFrameQueries } from '../report-frame.queries.js';
import type { Period } from './domain/figure-definitions.js';
import { timeUse, type TimeUse } from './domain/minutes.js';
import { VisitFiguresQueries, type Whose } from './visit-figures.queries.js';

/** When people could be booked, and how much of it is taken. */
@Injectable()
export class TimeUseReader {
  constructor(
    private readonly locations: ReportFrameQueries,
    private readonly visits: VisitFiguresQueries,
    private readonly workingTime: WorkingTimeReader,
  ) {}

  /** Minutes of a period, everybody asked for together. */
  async used(tx: Tx, period: Period, whose: Whose): Promise<TimeUse> {
    const taken = await this.visits.taken(tx, period, whose);
    const sum = { available: 0, booked: 0 };
    for (const { locationId } of await this.locations.locations(tx)) {
      if (whose.locationId !== undefined && whose.locationId !== locationId) continue;
      const working = await this.workingTime.of(tx, locationId, period.from, period.to);
      for (const [practitionerId, spans] of working) {
        if (whose.practitionerId !== undefined && whose.practitionerId !== practitionerId) continue;
        const visits = taken.find(
          (one) => one.practitionerId === practitionerId && one.locationId === locationId,
        );
        const use = timeUse(spans, visits?.spans ?? []);
        sum.available += use.available;
        sum.booked += use.booked;
      }
    }
    return sum;
  }
}
