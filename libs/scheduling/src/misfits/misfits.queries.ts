import { sql, type Tx } from '#database';
import { addDays, type CalendarDate, dateIn, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { openingOf, patternOf } from '../diaries.queries.js';
import type { StandingSetUp, StandingVisit } from './domain/misfits.js';
import type { MisfitView } from './http/misfits.dto.js';

/** Whose visits; without any, the whole clinic's. */
export interface MisfitScope {
  readonly locationId?: string | undefined;
  readonly practitionerId?: string | undefined;
  readonly roomId?: string | undefined;
  readonly typeId?: string | undefined;
}

export interface Stretch {
  /** Days in whatever zone, both inclusive: a visit of the day before or after may come along. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The visit the page before ended with: later ones only. */
  readonly after: { readonly startsAt: Date; readonly id: string } | null;
  /** null: all of them. */
  readonly limit: number | null;
}

export type Ahead = StandingVisit & { readonly startsAt: Date; readonly zone: string };

// What is still to come, in the order of time along one index, and no further than the limit. A held slot ends by itself, so it needs no resolving. The
// rules set aside stand in the history, with the latest change that could set any aside; few visits have them.
const ahead = (whose: string): Required<ReturnType<typeof sql>> =>
  sql(`
  SELECT a.id, a.location_id AS "locationId", a.type_id AS "typeId", a.practitioner_id AS "practitionerId", a.room_id AS "roomId",
         l.zone, a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.busy_from AS "busyFrom", a.busy_to AS "busyTo",
         CASE WHEN a.override_reason IS NULL THEN '[]' ELSE (
           SELECT coalesce(json_agg(o ->> 'code'), '[]')
             FROM (SELECT c.detail FROM appointment_change c
                    WHERE c.clinic_id = a.clinic_id AND c.appointment_id = a.id
                      AND (jsonb_typeof(c.detail) = 'array' OR c.detail ? 'overridden')
                    ORDER BY c.version DESC LIMIT 1) latest,
                  jsonb_array_elements(CASE jsonb_typeof(latest.detail) WHEN 'array' THEN latest.detail
                                            ELSE latest.detail -> 'overridden' END) o) END AS "overriddenCodes"
    FROM appointment a JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND ${whose} AND a.status IN ('booked', 'confirmed', 'arrived')
     AND a.starts_at >= $3 AND (a.starts_at, a.id) > ($3::timestamptz, $4::uuid) AND a.starts_at < $5
   ORDER BY a.starts_at, a.id LIMIT $6::int`);
const OF_CLINIC = ahead('$2::uuid IS NULL');
const OF_LOCATION = ahead('a.location_id = $2');
const OF_ROOM = ahead('a.room_id = $2');
const OF_TYPE = ahead('a.type_id = $2');
const OF_PRACTITIONER = ahead('a.practitioner_id = $2');
const OF_BOTH = ahead('a.practitioner_id = $2 AND a.location_id = $7::uuid');

const SET_UP = sql(`
  SELECT
    (SELECT coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'zone', l.zone, 'active', l.active,
       ${openingOf('$5', '$6')},
       'rooms', (SELECT coalesce(json_agg(json_build_object('id', r.id, 'kind', r.kind, 'equipment', coalesce(r.equipment, '{}'),
                          'active', r.active)), '[]')
                   FROM room r WHERE r.clinic_id = $1 AND r.location_id = l.id))), '[]')
       FROM location l WHERE l.clinic_id = $1 AND l.id = ANY ($2::uuid[])) AS locations,
    (SELECT coalesce(json_agg(json_build_object('id', t.id, 'roomKind', t.room_kind, 'equipment', coalesce(t.equipment, '{}'),
       'needsPrescriber', t.needs_prescriber, 'practitionerIds', coalesce(t.practitioner_ids, '{}'), 'active', t.active)), '[]')
       FROM appointment_type t WHERE t.clinic_id = $1 AND t.id = ANY ($3::uuid[])) AS types,
    (SELECT coalesce(json_agg(json_build_object('id', s.id, 'isPrescriber', s.is_prescriber,
       'active', s.active AND 'practitioner' = ANY (s.roles),
       ${patternOf('= ANY ($2::uuid[])', ['$5', '$6'], ['$7', '$8'], true)})), '[]')
       FROM staff s WHERE s.clinic_id = $1 AND s.id = ANY ($4::uuid[])) AS practitioners`);

const DETAILS = sql(`
  SELECT a.id AS "appointmentId", a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.status, a.version, l.id AS "locationId",
         l.name AS "locationName", l.zone, p.id AS "patientId", p.number AS "patientNumber", p.name AS "patientName",
         s.id AS "practitionerId", s.display_name AS "practitionerName", r.id AS "roomId", r.name AS "roomName",
         t.id AS "typeId", t.name AS "typeName", t.kind, a.override_reason AS "overrideReason"
    FROM appointment a
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
    JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    LEFT JOIN room r ON r.clinic_id = a.clinic_id AND r.id = a.room_id
   CROSS JOIN LATERAL (
     SELECT p.id, p.number, concat_ws(' ', coalesce(p.preferred_name, p.given_name), p.family_name) AS name
       FROM patient p WHERE p.clinic_id = a.clinic_id AND p.id = a.patient_id LIMIT 1) p
   WHERE a.clinic_id = $1 AND a.id = ANY ($2::uuid[]) ORDER BY a.starts_at, a.id`);

const IS_THERE = sql(`
  SELECT ($2::uuid IS NULL OR EXISTS (SELECT FROM location WHERE clinic_id = $1 AND id = $2)) AS location,
         ($3::uuid IS NULL OR EXISTS (SELECT FROM staff WHERE clinic_id = $1 AND id = $3)) AS practitioner`);

const NOBODY = '00000000-0000-0000-0000-000000000000';
const DAY_MS = 86_400_000;
/** The local day in every zone (UTC−12 to UTC+14) is over by then. */
const DAY_OVER_MS = 36 * 3_600_000;
const DAY_BEGUN_MS = 14 * 3_600_000;

type Row = Omit<Ahead, 'span'> & {
  readonly endsAt: Date;
  readonly busyFrom: Date;
  readonly busyTo: Date;
};
type Details = Omit<MisfitView, 'localTime' | 'reasons' | 'overridden'>;

/** Visits still to come, and what is set up around them. */
@Injectable()
export class MisfitsQueries {
  async isThere(tx: Tx, { locationId, practitionerId }: MisfitScope) {
    const wanted = [tx.clinicId, locationId ?? null, practitionerId ?? null];
    return tx.one<{ location: boolean; practitioner: boolean }>(IS_THERE, wanted);
  }

  /** Those that start from now on, by time. */
  async ahead(tx: Tx, scope: MisfitScope, { from, to, after, limit }: Stretch): Promise<Ahead[]> {
    const { locationId, practitionerId, roomId, typeId } = scope;
    const first = Math.max(tx.now.getTime(), toEpochDay(from) * DAY_MS - DAY_BEGUN_MS);
    const [startsAt, id] = after ? [after.startsAt, after.id] : [new Date(first), NOBODY];
    const end = new Date(toEpochDay(to) * DAY_MS + DAY_OVER_MS);
    const rest = [startsAt, id, end, limit];
    const [statement, whose, beside]: [typeof OF_CLINIC, string | null, string[]] =
      roomId !== undefined
        ? [OF_ROOM, roomId, []]
        : typeId !== undefined
          ? [OF_TYPE, typeId, []]
          : practitionerId === undefined
            ? [locationId === undefined ? OF_CLINIC : OF_LOCATION, locationId ?? null, []]
            : locationId === undefined
              ? [OF_PRACTITIONER, practitionerId, []]
              : [OF_BOTH, practitionerId, [locationId]];
    const rows = await tx.rows<Row>(statement, [tx.clinicId, whose, ...rest, ...beside]);
    return rows.map(({ endsAt, busyFrom, busyTo, ...row }) => ({
      ...row,
      span: {
        visit: { start: row.startsAt.getTime(), end: endsAt.getTime() },
        busy: { start: busyFrom.getTime(), end: busyTo.getTime() },
      },
    }));
  }

  /** For visits in the order of time; there must be one. */
  setUpAround(tx: Tx, visits: readonly Ahead[]): Promise<StandingSetUp> {
    const starts = visits.map(({ startsAt }) => startsAt);
    // Two days either side hold every zone and every shift over midnight.
    const first = addDays(dateIn(starts.at(0) ?? tx.now, 'UTC'), -2);
    const last = addDays(dateIn(starts.at(-1) ?? tx.now, 'UTC'), 3);
    const bounds = [new Date(toEpochDay(first) * DAY_MS), new Date((toEpochDay(last) + 1) * DAY_MS)];
    const ids = (['locationId', 'typeId', 'practitionerId'] as const).map((key) => [
      ...new Set(visits.map((visit) => visit[key])),
    ]);
    return tx.one(SET_UP, [tx.clinicId, ...ids, first, last, ...bounds]);
  }

  /** What the desk is shown of them, by time. */
  details(tx: Tx, ids: readonly string[]): Promise<Details[]> {
    return tx.rows(DETAILS, [tx.clinicId, ids]);
  }
}
