import { asKnown, sql, type Tx } from '#database';
import { type CalendarDate, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { openingOf, patternOf } from '../diaries.queries.js';
import type { OpeningHours, WorkingPattern } from '../domain/working-time.js';

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

/** When a location is open and who works there when. */
export interface KnownSetUp {
  readonly location: (OpeningHours & { readonly zone: string }) | null;
  readonly practitioners: readonly (WorkingPattern & { readonly id: string })[];
}

@Injectable()
export class WorkingTimeQueries {
  /** As it was set up before `knownBefore`, of the days from first to last. */
  setUp(
    tx: Tx,
    locationId: string,
    knownBefore: Date,
    first: CalendarDate,
    last: CalendarDate,
  ): Promise<KnownSetUp> {
    const bounds = [new Date(toEpochDay(first) * DAY_MS), new Date((toEpochDay(last) + 1) * DAY_MS)];
    return tx.one(SET_UP, [tx.clinicId, locationId, knownBefore, first, last, ...bounds]);
  }
}
