import { sql, type Tx } from '#database';
import { addDays, type CalendarDate, type Interval, toEpochDay, union } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentTiming } from './domain/appointment.js';
import type { AppointmentKind, BookingRequest, RoomNeeds } from './domain/booking-rules.js';
import type { LocationSetUp, PractitionerSetUp } from './domain/diary.js';

/** All that is set up around one type at one location, as far as it bears on the days asked for. */
export interface SetUp {
  readonly market: BookingRequest['market'];
  readonly horizonDays: number;
  readonly noticeMinutes: number;
  readonly lateCancelHours: number;
  /** null: none such, or no longer active. */
  readonly location: LocationSetUp | null;
  readonly type: TypeSetUp | null;
  readonly practitioners: readonly PractitionerSetUp[];
  readonly patient: BookingRequest['patient'] | null;
}

export interface TypeSetUp extends AppointmentTiming, RoomNeeds {
  readonly id: string;
  readonly name: string;
  readonly kind: AppointmentKind;
  readonly needsPrescriber: boolean;
  readonly practitionerIds: readonly string[];
}

export interface SetUpWanted {
  readonly locationId: string;
  readonly typeId: string;
  /** null: everyone. */
  readonly practitionerId: string | null;
  readonly patientId: string | null;
  /** Calendar days at the location, both inclusive. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Whose time is taken: spans with buffers, epoch ms, in no order. */
export interface BusyTimes {
  readonly practitioners: ReadonlyMap<string, readonly Interval[]>;
  readonly rooms: ReadonlyMap<string, readonly Interval[]>;
  readonly patient: readonly Interval[];
}

interface BusyRow {
  readonly practitionerId: string | null;
  readonly roomId: string | null;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

// How working time is read, for a booking or a search here and for what is booked already beside it (misfits/). Dates and
// instants are parameters: the first and the last day, both inclusive, and the bounds around them.
const millis = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const weekly = (
  starts: string,
  ends: string,
  more: string,
): string => `coalesce(json_agg(json_build_object('weekday', w.weekday,
  'start', w.${starts}, 'end', w.${ends}, 'validFrom', w.valid_from, 'validTo', w.valid_to, 'everyWeeks', w.every_weeks,
  'anchorMonday', w.anchor_monday${more})), '[]')`;
const valid = (first: string, last: string): string =>
  `w.valid_from <= ${last} AND (w.valid_to IS NULL OR w.valid_to >= ${first})`;

/** When location `l` is open. */
export const openingOf = (first: string, last: string): string => `
       'weekly', (SELECT ${weekly('opens', 'closes', '')} FROM opening_hours w
                   WHERE w.clinic_id = $1 AND w.location_id = l.id AND ${valid(first, last)}),
       'closedDates', (SELECT coalesce(json_agg(d.day), '[]') FROM closed_day d
                        WHERE d.clinic_id = $1 AND d.location_id = l.id AND d.day BETWEEN ${first} AND ${last}),
       'extraOpenings', (SELECT coalesce(json_agg(json_build_object('day', e.day, 'start', e.opens, 'end', e.closes)), '[]')
                           FROM extra_opening e
                          WHERE e.clinic_id = $1 AND e.location_id = l.id AND e.day BETWEEN ${first} AND ${last})`;

/** When practitioner `s` works: at the one location, or at the several that `here` names, where each shift says which. */
export const patternOf = (
  here: string,
  [first, last]: readonly [string, string],
  [from, until]: readonly [string, string],
  atSeveral = false,
): string => {
  const which = (alias: string): string => (atSeveral ? `, 'locationId', ${alias}.location_id` : '');
  const spans = (table: string, more: string): string => `
         (SELECT coalesce(json_agg(json_build_object('start', ${millis('x.starts_at')}, 'end', ${millis('x.ends_at')}${more})), '[]')
            FROM ${table} x
           WHERE x.clinic_id = $1 AND x.practitioner_id = s.id AND x.ends_at > ${from} AND x.starts_at < ${until}`;
  return `
       'weekly', (SELECT ${weekly('starts', 'ends', which('w'))} FROM working_hours w
                   WHERE w.clinic_id = $1 AND w.practitioner_id = s.id AND w.location_id ${here} AND ${valid(first, last)}),
       'extraHours', ${spans('extra_hours', which('x'))} AND x.location_id ${here}),
       'absences', ${spans('absence', ", 'days', CASE WHEN x.starts_on IS NOT NULL THEN json_build_object('first', x.starts_on, 'last', x.ends_on) END")})`;
};

/** Whom patient `p` was merged into. */
export const SURVIVOR = `(SELECT json_build_object('id', s.id, 'birthDate', s.birth_date, 'standing', s.status)
         FROM patient s WHERE s.clinic_id = $1 AND s.id = p.merged_into_id)`;

// One round trip for everything a booking or a search must know; it reads, and never writes, names and dates of the
// patient and staff tables, because asking each context in turn would triple the time a ringing phone waits.
const SET_UP = sql(`
  SELECT c.market, c.booking_horizon_days AS "horizonDays", c.booking_notice_minutes AS "noticeMinutes",
         c.late_cancel_hours AS "lateCancelHours",
    (SELECT json_build_object('id', l.id, 'name', l.name, 'zone', l.zone,
       ${openingOf('$6', '$7')},
       'rooms', (SELECT coalesce(json_agg(json_build_object('id', r.id, 'name', r.name, 'kind', r.kind,
                          'equipment', coalesce(r.equipment, '{}')) ORDER BY r.name, r.id), '[]')
                   FROM room r WHERE r.clinic_id = $1 AND r.location_id = l.id AND r.active))
       FROM location l WHERE l.clinic_id = $1 AND l.id = $2 AND l.active) AS location,
    (SELECT json_build_object('id', t.id, 'name', t.name, 'kind', t.kind, 'durationMinutes', t.duration_minutes,
       'bufferBeforeMinutes', t.buffer_before_minutes, 'bufferAfterMinutes', t.buffer_after_minutes,
       'roomKind', t.room_kind, 'equipment', coalesce(t.equipment, '{}'), 'needsPrescriber', t.needs_prescriber,
       'practitionerIds', coalesce(t.practitioner_ids, '{}'))
       FROM appointment_type t WHERE t.clinic_id = $1 AND t.id = $3 AND t.active) AS type,
    (SELECT coalesce(json_agg(json_build_object('id', s.id, 'name', s.display_name, 'isPrescriber', s.is_prescriber,
       ${patternOf('= $2', ['$6', '$7'], ['$8', '$9'])}) ORDER BY s.display_name, s.id), '[]')
       FROM staff s WHERE s.clinic_id = $1 AND s.active AND 'practitioner' = ANY (s.roles)
                      AND ($4::uuid IS NULL OR s.id = $4)) AS practitioners,
    (SELECT json_build_object('id', p.id, 'birthDate', p.birth_date, 'standing', p.status, 'survivor', ${SURVIVOR})
       FROM patient p WHERE p.clinic_id = $1 AND p.id = $5) AS patient
    FROM clinic c WHERE c.id = $1`);

// An appointment lasts at most a day with its buffers (`appointment_within_a_day`), so one that reaches into the range starts
// at most a day before it: every branch is a short walk along an index, however old the clinic is. The list of statuses is
// that of the index of rooms.
const TAKES_TIME = `status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled')
     AND (status <> 'held' OR hold_expires_at > $7)`;
const reachesInto = (from: string, to: string): string =>
  `clinic_id = $1 AND busy_from < ${to} AND busy_to > ${from} AND ${TAKES_TIME}`;
const startsNear = (from: string, to: string): string =>
  `starts_at > ${from}::timestamptz - interval '1 day' AND starts_at < ${to}::timestamptz + interval '1 day'`;
// Thousands of spans come as two arrays a pair of practitioner and room: a row for each costs ten times as much to carry.
const instants = (column: string): string => `json_agg(round(date_part('epoch', ${column}) * 1000))`;
const SPANS = `${instants('busy_from')} AS starts, ${instants('busy_to')} AS ends`;
const busyWithin = (from: string, to: string): string => `
  SELECT practitioner_id AS "practitionerId", room_id AS "roomId", ${SPANS} FROM appointment
   WHERE ${reachesInto(from, to)} AND ${startsNear(from, to)} AND practitioner_id = ANY ($4::uuid[]) GROUP BY 1, 2
  UNION ALL
  SELECT NULL, room_id, ${SPANS} FROM appointment
   WHERE ${reachesInto(from, to)} AND busy_from > ${from}::timestamptz - interval '1 day' AND room_id = ANY ($5::uuid[])
     AND practitioner_id <> ALL ($4::uuid[]) GROUP BY 2
  UNION ALL
  SELECT NULL, NULL, ${SPANS} FROM appointment
   WHERE ${reachesInto(from, to)} AND ${startsNear(from, to)} AND patient_id = ANY ((SELECT person_records($6))::uuid[]) HAVING count(*) > 0`;
const BUSY = sql(busyWithin('$2', '$3'));
const BUSY_AROUND = sql(`
  SELECT b.* FROM unnest($2::timestamptz[], $3::timestamptz[]) around (lower, upper)
   CROSS JOIN LATERAL (${busyWithin('around.lower', 'around.upper')}) b`);

/** Each of many patients, by the parameter of their ids, with every record that is theirs: one walk along an index each. */
export const RECORDS_OF_MANY = (ids: string): string => `
  records AS MATERIALIZED (
    SELECT asked.id AS asked, r.id AS record
      FROM unnest(${ids}::uuid[]) AS asked (id) CROSS JOIN LATERAL unnest(person_records(asked.id)) AS r (id))`;
const BUSY_PATIENTS = sql(`
  WITH ${RECORDS_OF_MANY('$4')}
  SELECT asked AS "patientId", ${SPANS}
    FROM records JOIN appointment ON clinic_id = $1 AND patient_id = record
   WHERE busy_from < $3 AND busy_to > $2
     AND status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled')
     AND (status <> 'held' OR hold_expires_at > $5)
     AND ${startsNear('$2', '$3')} GROUP BY 1`);

const DAY_MS = 86_400_000;

/** What a booking or a search must know, in two queries whatever the range and the number of people. */
@Injectable()
export class DiariesQueries {
  setUp(tx: Tx, { locationId, typeId, practitionerId, patientId, from, to }: SetUpWanted): Promise<SetUp> {
    // Two days either side hold every zone and every shift over midnight.
    const [first, last] = [addDays(from, -2), addDays(to, 2)];
    const bounds = [new Date(toEpochDay(first) * DAY_MS), new Date((toEpochDay(last) + 1) * DAY_MS)];
    const wanted = [locationId, typeId, practitionerId, patientId, first, last];
    return tx.one<SetUp>(SET_UP, [tx.clinicId, ...wanted, ...bounds]);
  }

  async busy(tx: Tx, reach: Interval, whose: Whose): Promise<BusyTimes> {
    const range = [new Date(reach.start), new Date(reach.end)];
    return busyTimes(await tx.rows<BusyRow>(BUSY, [tx.clinicId, ...range, ...valuesOf(whose), tx.now]));
  }

  /** The same around several times far apart, without all that lies between, in one query. */
  async busyAround(tx: Tx, reaches: readonly Interval[], whose: Whose): Promise<BusyTimes> {
    const apart = union(reaches);
    const ranges = [apart.map(({ start }) => new Date(start)), apart.map(({ end }) => new Date(end))];
    return busyTimes(
      await tx.rows<BusyRow>(BUSY_AROUND, [tx.clinicId, ...ranges, ...valuesOf(whose), tx.now]),
    );
  }

  /** What each of the patients has in the range, in one query; those with nothing are missing. */
  async busyOfPatients(
    tx: Tx,
    reach: Interval,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Interval[]>> {
    const rows = await tx.rows<{ patientId: string; starts: number[]; ends: number[] }>(BUSY_PATIENTS, [
      tx.clinicId,
      new Date(reach.start),
      new Date(reach.end),
      patientIds,
      tx.now,
    ]);
    return new Map(
      rows.map(({ patientId, starts, ends }) => [
        patientId,
        starts.map((start, i) => ({ start, end: ends[i] ?? start })),
      ]),
    );
  }
}

/** Whose diaries are asked. */
export interface Whose {
  readonly practitionerIds: readonly string[];
  readonly roomIds: readonly string[];
  readonly patientId: string | null;
}

const valuesOf = ({ practitionerIds, roomIds, patientId }: Whose): unknown[] => [
  practitionerIds,
  roomIds,
  patientId,
];

function busyTimes(rows: readonly BusyRow[]): BusyTimes {
  const [practitioners, rooms] = [new Map<string, Interval[]>(), new Map<string, Interval[]>()];
  const patient: Interval[] = [];
  for (const { practitionerId, roomId, starts, ends } of rows) {
    const spans = starts.map((start, i) => ({ start, end: ends[i] ?? start }));
    if (practitionerId === null && roomId === null) patient.push(...spans);
    if (practitionerId !== null) add(practitioners, practitionerId, spans);
    if (roomId !== null) add(rooms, roomId, spans);
  }
  return { practitioners, rooms, patient };
}

function add(times: Map<string, Interval[]>, id: string, spans: Interval[]): void {
  const known = times.get(id);
  times.set(id, known ? [...known, ...spans] : spans);
}
