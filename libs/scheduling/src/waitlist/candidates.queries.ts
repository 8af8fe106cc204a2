import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FreedTime } from '../scheduling.ports.js';
import type { Waiting } from './domain/waitlist-match.js';

/** Why somebody the time fits is not offered it by itself. */
export type HeldBack = 'do-not-contact' | 'thinking-about-another-offer' | 'had-it-offered';

/** Somebody who waits, and what the desk wants to see beside it; the windows are another context's. */
export interface Candidate extends Omit<Waiting, 'windows'> {
  readonly patientName: string;
  readonly heldBack: HeldBack | null;
}

const MOST_CONSIDERED = 500;

const BLOCKS = `(b.status IN ('booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') OR (b.status = 'held' AND b.hold_expires_at > $2))`;
const AROUND = (row: string): string => `${row}.starts_at > $3::timestamptz - interval '1 day'
       AND ${row}.starts_at < $4::timestamptz + interval '1 day' AND ${row}.busy_from < $4 AND ${row}.busy_to > $3`;
const millis = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

// A record that was merged is offered nothing, so whoever is considered goes on with their own and those merged into it.
const RECORDS = `array(SELECT e.patient_id UNION ALL SELECT m.id FROM patient m WHERE m.clinic_id = $1 AND m.merged_into_id = e.patient_id)`;

// Everybody who may fit, in the order of the list; what each patient already has comes along, so that no one is asked
// for on their own. Read-only joins into the register, as in the diaries.
const CANDIDATES = sql(`
  SELECT e.id, p.given_name || ' ' || p.family_name AS "patientName",
         json_build_object('id', p.id, 'birthDate', p.birth_date, 'standing', p.status) AS patient,
         json_build_object('id', t.id, 'kind', t.kind, 'durationMinutes', t.duration_minutes,
           'bufferBeforeMinutes', t.buffer_before_minutes, 'bufferAfterMinutes', t.buffer_after_minutes,
           'roomKind', t.room_kind, 'equipment', coalesce(t.equipment, '{}'), 'needsPrescriber', t.needs_prescriber,
           'practitionerIds', coalesce(t.practitioner_ids, '{}')) AS type,
         coalesce(e.practitioner_ids, '{}') AS "practitionerIds", coalesce(e.location_ids, '{}') AS "locationIds",
         coalesce(e.weekdays, '{}') AS weekdays, e.time_from AS "timeFrom", e.time_to AS "timeTo", e.from_day AS "from",
         e.to_day AS "to", coalesce(e.area_ids, '{}') AS "areaIds", e.priority, e.joined_at AS "joinedAt",
         CASE WHEN r.status IN ('booked', 'confirmed') THEN r.starts_at END AS "replacesAt",
         (SELECT coalesce(json_agg(json_build_object('start', ${millis('b.busy_from')}, 'end', ${millis('b.busy_to')})), '[]')
            FROM appointment b
           WHERE b.clinic_id = $1 AND b.patient_id = ANY (${RECORDS}) AND ${AROUND('b')} AND ${BLOCKS}) AS busy,
         CASE WHEN p.do_not_contact THEN 'do-not-contact'
              WHEN EXISTS (SELECT FROM waitlist_offer o WHERE o.clinic_id = $1 AND o.entry_id = e.id
                              AND o.status = 'open' AND o.expires_at > $2) THEN 'thinking-about-another-offer'
              WHEN EXISTS (SELECT FROM waitlist_offer o JOIN appointment h ON h.clinic_id = $1 AND h.id = o.hold_id
                            WHERE o.clinic_id = $1 AND o.entry_id = e.id AND h.practitioner_id = $5
                              AND h.busy_from < $4 AND h.busy_to > $3) THEN 'had-it-offered' END AS "heldBack"
    FROM waitlist_entry e
    JOIN patient p ON p.clinic_id = $1 AND p.id = e.patient_id
    JOIN appointment_type t ON t.clinic_id = $1 AND t.id = e.type_id AND t.active
    LEFT JOIN appointment r ON r.clinic_id = $1 AND r.id = e.replaces_id
   WHERE e.clinic_id = $1 AND e.status = 'waiting' AND e.from_day <= $8 AND e.to_day >= $7
     AND (cardinality(e.practitioner_ids) = 0 OR $5 = ANY (e.practitioner_ids))
     AND (cardinality(e.location_ids) = 0 OR $6 = ANY (e.location_ids))
     AND (t.duration_minutes + t.buffer_before_minutes + t.buffer_after_minutes) * interval '1 minute'
         <= $4::timestamptz - $3::timestamptz
   ORDER BY e.priority, e.joined_at, e.id LIMIT ${MOST_CONSIDERED}`);

const AWAITED = sql(`
  SELECT c.booking_horizon_days AS "horizonDays",
         (SELECT max(e.to_day) FROM waitlist_entry e
           WHERE e.clinic_id = $1 AND e.status = 'waiting' AND e.to_day >= $2) AS until,
         (SELECT coalesce(array_agg(l.id), '{}') FROM location l
           WHERE l.clinic_id = $1 AND ($3::uuid IS NULL OR l.id = $3)) AS "locationIds",
         (SELECT coalesce(array_agg(s.id), '{}') FROM staff s
           WHERE s.clinic_id = $1 AND 'practitioner' = ANY (s.roles) AND ($4::uuid IS NULL OR s.id = $4)) AS "practitionerIds"
    FROM clinic c WHERE c.id = $1`);

/** How far ahead anybody waits, and whose working time at which locations they may be given. */
export interface Awaited {
  readonly horizonDays: number;
  /** null: nobody waits. */
  readonly until: CalendarDate | null;
  readonly locationIds: readonly string[];
  readonly practitionerIds: readonly string[];
}

@Injectable()
export class CandidatesQueries {
  /** Of one location or practitioner, or of all. */
  awaited(
    tx: Tx,
    where: { readonly locationId?: string | undefined; readonly practitionerId?: string | undefined },
    from: CalendarDate,
  ): Promise<Awaited> {
    const { locationId = null, practitionerId = null } = where;
    return tx.one(AWAITED, [tx.clinicId, from, locationId, practitionerId]);
  }

  /** Those on the waitlist for whom the freed time may do, the first 500; the days are the location's. */
  read(
    tx: Tx,
    { start, end, practitionerId, locationId }: FreedTime,
    days: { readonly first: CalendarDate; readonly last: CalendarDate },
  ): Promise<Candidate[]> {
    const where = [practitionerId, locationId];
    return tx.rows<Candidate>(CANDIDATES, [tx.clinicId, tx.now, start, end, ...where, days.first, days.last]);
  }
}
