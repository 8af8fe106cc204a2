import { type Actor, Database, sql } from '#database';
import { timeIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { LocationNotFound } from './domain/scheduling.errors.js';
import type { DaySheetEntry, DaySheetView, ReadDaySheet } from './http/day-sheet.dto.js';

// The wide bounds hold the local day in every zone (UTC−12 to UTC+14) and keep it a walk along one index; which day an
// instant falls on is then exact. The location comes back even on a day without appointments.
const DAY = sql(`
  SELECT l.zone, a.* FROM location l
    LEFT JOIN LATERAL (
      SELECT a.id AS "appointmentId", a.starts_at AS "startsAt", a.ends_at AS "endsAt", p.id AS "patientId",
             p.number AS "patientNumber", concat_ws(' ', coalesce(p.preferred_name, p.given_name), p.family_name) AS "patientName",
             s.id AS "practitionerId", s.display_name AS "practitionerName", r.name AS "roomName", t.name AS "typeName", t.kind,
             a.status, a.override_reason IS NOT NULL AS overridden, a.version,
             CASE WHEN a.status IN ('booked', 'confirmed')
                  THEN greatest(0, floor(extract(epoch FROM $5::timestamptz - a.starts_at) / 60))::int ELSE 0 END AS "minutesLate"
        FROM appointment a
        JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
        JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.practitioner_id
        JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
        LEFT JOIN room r ON r.clinic_id = a.clinic_id AND r.id = a.room_id
       WHERE a.clinic_id = $1 AND a.location_id = $2 AND a.status <> 'entered-in-error'
         AND a.starts_at >= ($3::date)::timestamp AT TIME ZONE 'UTC' - interval '14 hours'
         AND a.starts_at < ($3::date)::timestamp AT TIME ZONE 'UTC' + interval '36 hours'
         AND (a.starts_at AT TIME ZONE l.zone)::date = $3::date
         AND ($4::uuid IS NULL OR a.practitioner_id = $4)) a ON true
   WHERE l.clinic_id = $1 AND l.id = $2
   ORDER BY a."startsAt", a."practitionerName", a."appointmentId"`);

/** On a day without appointments there is one row, of the location alone. */
type Row = { zone: string; appointmentId: string | null } & Omit<DaySheetEntry, 'time' | 'appointmentId'>;

/** Who comes today, who is here, who is late. */
@Injectable()
export class DaySheetQueries {
  constructor(private readonly database: Database) {}

  /** @throws LocationNotFound */
  day(actor: Actor, { locationId, on, practitionerId }: ReadDaySheet): Promise<DaySheetView> {
    return this.database.read(actor, async (tx) => {
      const rows = await tx.rows<Row>(DAY, [tx.clinicId, locationId, on, practitionerId ?? null, tx.now]);
      const zone = rows[0]?.zone;
      if (zone === undefined) throw new LocationNotFound();
      const items = rows.flatMap(({ zone: _, appointmentId, ...row }) =>
        appointmentId === null ? [] : [{ ...row, appointmentId, time: timeIn(row.startsAt, zone) }],
      );
      return { on, zone, items };
    });
  }
}
