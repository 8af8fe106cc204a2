import { asKnown, sql, type Tx } from '#database';
import { addDays, boundaryOf, type CalendarDate, type Interval, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { openingOf, patternOf } from './diaries.queries.js';
import { diariesOf } from './domain/diary.js';
import type { OpeningHours, WorkingPattern } from './domain/working-time.js';

const DAY_MS = 86_400_000;
const TABLES = [
  'location',
  'opening_hours',
  'closed_day',
  'extra_opening',
  'staff',
  'working_hours',
  'extra_hours',
  'absence',
] as const;
const SET_UP = sql(`
  WITH ${asKnown(TABLES, '$3')}
  SELECT
    (SELECT json_build_object('zone', l.zone, ${openingOf('$4', '$5')})
       FROM location l WHERE l.id = $2 AND l.active) AS location,
    (SELECT coalesce(json_agg(json_build_object('id', s.id, ${patternOf('= $2', ['$4', '$5'], ['$6', '$7'])}) ORDER BY s.id), '[]')
       FROM staff s WHERE s.active AND 'practitioner' = ANY (s.roles)) AS practitioners`);

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
    const bounds = [new Date(toEpochDay(first) * DAY_MS), new Date((toEpochDay(last) + 1) * DAY_MS)];
    const { location, practitioners } = await tx.one<{
      location: (OpeningHours & { readonly zone: string }) | null;
      practitioners: readonly (WorkingPattern & { readonly id: string })[];
    }>(SET_UP, [tx.clinicId, locationId, knownBefore, first, last, ...bounds]);
    if (location === null) return new Map();
    const range = {
      start: boundaryOf(addDays(from, -1), '24:00', location.zone).getTime(),
      end: boundaryOf(to, '24:00', location.zone).getTime(),
    };
    return diariesOf(location, practitioners, range).working;
  }
}
