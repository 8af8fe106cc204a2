import { sql, type Tx } from '#database';
import { type CalendarDate, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { SheetEntry } from './http/sheets.dto.js';

/** A visit as the database tells it; the rest of the entry is worked out. */
export type SheetRow = Omit<
  SheetEntry,
  'time' | 'minutesLate' | 'minutesWaiting' | 'delayMinutes' | 'alerts'
> & {
  readonly doNotContact: boolean;
  readonly busyFrom: Date;
  readonly busyTo: Date;
};

export interface SheetWanted {
  readonly locationId: string | null;
  readonly practitionerId: string | null;
  /** Days at the location of each visit, both inclusive. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Whose sheet it is; its zone is null for a practitioner, who may work in several. */
export interface Sheet {
  readonly zone: string | null;
  readonly rows: readonly SheetRow[];
}

// The wide bounds hold the local days in every zone (UTC−12 to UTC+14) and keep it a walk along one index; which day an
// instant falls on is then exact. A patient is looked up by key, one by one: the LIMIT keeps the planner from reading
// every patient of the clinic for the few of a day. The owner comes back even on a day without appointments.
const sheet = (owner: string, ownerZone: string, whose: string): string => `
  SELECT ${ownerZone} AS zone, v.* FROM ${owner} o
    LEFT JOIN LATERAL (
      SELECT a.id AS "appointmentId", (a.starts_at AT TIME ZONE l.zone)::date AS "on", a.starts_at AS "startsAt",
             a.ends_at AS "endsAt", a.busy_from AS "busyFrom", a.busy_to AS "busyTo", l.id AS "locationId",
             l.name AS "locationName", l.zone AS "visitZone", p.id AS "patientId", p.number AS "patientNumber",
             p.name AS "patientName", p.do_not_contact AS "doNotContact", s.id AS "practitionerId",
             s.display_name AS "practitionerName", r.id AS "roomId", r.name AS "roomName", t.name AS "typeName", t.kind,
             t.colour, a.status, coalesce(a.area_ids, '{}') AS "areaIds", a.arrived_at AS "arrivedAt",
             a.started_at AS "startedAt", a.completed_at AS "completedAt",
             a.override_reason IS NOT NULL AS overridden, a.overlap_allowed AS "doubleBooked",
             CASE WHEN a.status = 'held' THEN a.hold_expires_at END AS "heldUntil", a.version
        FROM appointment a
        JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
        JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
        JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
        LEFT JOIN room r ON r.clinic_id = a.clinic_id AND r.id = a.room_id
       CROSS JOIN LATERAL (
         SELECT p.id, p.number, p.do_not_contact,
                concat_ws(' ', coalesce(p.preferred_name, p.given_name), p.family_name) AS name
           FROM patient p WHERE p.clinic_id = a.clinic_id AND p.id = a.patient_id LIMIT 1) p
       WHERE a.clinic_id = $1 AND ${whose} AND a.status NOT IN ('entered-in-error', 'released')
         AND (a.status <> 'held' OR a.hold_expires_at > $7)
         AND a.starts_at >= $3 AND a.starts_at < $4
         AND (a.starts_at AT TIME ZONE l.zone)::date BETWEEN $5::date AND $6::date) v ON true
   WHERE o.clinic_id = $1 AND o.id = $2
   ORDER BY v."startsAt", v."practitionerName", v."appointmentId"`;
const OF_LOCATION = sql(
  sheet('location', 'o.zone', 'a.location_id = $2 AND ($8::uuid IS NULL OR a.practitioner_id = $8)'),
);
const OF_PRACTITIONER = sql(sheet('staff', 'NULL::text', 'a.practitioner_id = $2'));

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Row = { zone: string | null; visitZone: string; appointmentId: string | null } & Omit<
  SheetRow,
  'zone' | 'appointmentId'
>;

/** The visits of some days of a location or a practitioner. */
@Injectable()
export class SheetsQueries {
  /** One query; null when there is no such location or practitioner. */
  async read(tx: Tx, { locationId, practitionerId, from, to }: SheetWanted): Promise<Sheet | null> {
    const bounds = [
      new Date(toEpochDay(from) * DAY_MS - 14 * HOUR_MS),
      new Date(toEpochDay(to) * DAY_MS + 36 * HOUR_MS),
    ];
    const rows =
      locationId === null
        ? await tx.rows<Row>(OF_PRACTITIONER, [tx.clinicId, practitionerId, ...bounds, from, to, tx.now])
        : await tx.rows<Row>(OF_LOCATION, [
            tx.clinicId,
            locationId,
            ...bounds,
            from,
            to,
            tx.now,
            practitionerId,
          ]);
    const [first] = rows;
    if (!first) return null;
    return {
      zone: first.zone,
      rows: rows.flatMap(({ visitZone, appointmentId, ...row }) =>
        appointmentId === null ? [] : [{ ...row, appointmentId, zone: visitZone }],
      ),
    };
  }
}
