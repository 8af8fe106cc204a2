import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TracedPatient, TraceTotals } from './http/lot-trace.dto.js';

// Signed treatments in force, drafts too since what they chart may be given already, and draws outside a chart. A draft
// that amends repeats its earlier version. Whoever was merged is one with whom they were merged into.
/** The CTEs of everybody who had a lot: `had(as_recorded, patient_id)`; $1 clinic, $2 lot. */
export const WHO_HAD_THE_LOT = `
  given AS MATERIALIZED (
    SELECT t.patient_id, t.id AS treatment_id, t.treated_on, t.status, t.practitioner_id, t.location_id, g.injections, g.units
      FROM (SELECT treatment_id, count(*)::int AS injections, sum(units) AS units FROM injection
             WHERE clinic_id = $1 AND lot_id = $2 GROUP BY treatment_id) g
      JOIN treatment t ON t.clinic_id = $1 AND t.id = g.treatment_id
      LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
     WHERE w.treatment_id IS NULL AND (t.status = 'signed' OR t.amends_id IS NULL)),
  uncharted AS MATERIALIZED (
    SELECT m.patient_id, sum(m.drawn) / 100.0 AS units
      FROM vial v JOIN vial_movement m ON m.clinic_id = v.clinic_id AND m.vial_id = v.id
     WHERE v.clinic_id = $1 AND v.lot_id = $2 AND m.treatment_id IS NULL AND m.patient_id IS NOT NULL
     GROUP BY m.patient_id HAVING sum(m.drawn) > 0),
  had AS MATERIALIZED (
    SELECT h.patient_id AS as_recorded, coalesce(p.merged_into_id, p.id) AS patient_id
      FROM (SELECT patient_id FROM given UNION SELECT patient_id FROM uncharted) h
      JOIN patient p ON p.clinic_id = $1 AND p.id = h.patient_id)`;
// The newest contact of a recall ($3) with each patient, and how many there were.
export const LAST_CONTACTS = `
  contact AS (
    SELECT DISTINCT ON (patient_id) patient_id, at, channel, outcome, count(*) OVER (PARTITION BY patient_id)::int AS contacts
      FROM (SELECT coalesce(q.merged_into_id, q.id) AS patient_id, k.id, k.at, k.channel, k.outcome
              FROM recall_contact k JOIN patient q ON q.clinic_id = k.clinic_id AND q.id = k.patient_id
             WHERE k.clinic_id = $1 AND k.case_id = $3) k
     ORDER BY patient_id, at DESC, id DESC)`;
export const PATIENT_NAME = `concat_ws(' ', coalesce(p.preferred_name, p.given_name), p.family_name)`;

const TRACE = sql(`WITH ${WHO_HAD_THE_LOT},
  page AS (
    SELECT p.id, p.number, ${PATIENT_NAME} AS name
      FROM (SELECT DISTINCT patient_id FROM had) h JOIN patient p ON p.clinic_id = $1 AND p.id = h.patient_id
     WHERE p.number > $3 ORDER BY p.number LIMIT $4),
  treated AS (
    SELECT h.patient_id, g.treatment_id AS id, g.treated_on, g.status, g.practitioner_id, g.location_id, g.units,
           (SELECT json_agg(json_build_object('id', i.id, 'area', i.area_id, 'side', i.side, 'units', i.units, 'vialId', i.vial_id)
                            ORDER BY i.id)
              FROM injection i WHERE i.clinic_id = $1 AND i.treatment_id = g.treatment_id AND i.lot_id = $2) AS injections
      FROM page JOIN had h ON h.patient_id = page.id JOIN given g ON g.patient_id = h.as_recorded),
  charted AS (
    SELECT patient_id, sum(units) AS units,
           json_agg(json_build_object('id', id, 'treatedOn', treated_on, 'status', status, 'practitionerId', practitioner_id,
             'locationId', location_id, 'units', units, 'injections', injections) ORDER BY treated_on DESC, id DESC) AS treatments
      FROM treated GROUP BY patient_id),
  loose AS (
    SELECT h.patient_id, sum(u.units) AS units FROM had h JOIN uncharted u ON u.patient_id = h.as_recorded GROUP BY h.patient_id)
  SELECT json_build_object(
           'patients', (SELECT count(DISTINCT patient_id) FROM had), 'treatments', (SELECT count(*) FROM given),
           'injections', (SELECT coalesce(sum(injections), 0) FROM given),
           'units', (SELECT coalesce(sum(units), 0) FROM (SELECT units FROM given UNION ALL SELECT units FROM uncharted) u)) AS totals,
         (SELECT coalesce(json_agg(json_build_object(
                   'patientId', page.id, 'patientNumber', page.number, 'patientName', page.name,
                   'units', coalesce(c.units, 0) + coalesce(l.units, 0), 'unchartedUnits', coalesce(l.units, 0),
                   'treatments', coalesce(c.treatments, '[]')) ORDER BY page.number), '[]')
            FROM page LEFT JOIN charted c ON c.patient_id = page.id LEFT JOIN loose l ON l.patient_id = page.id) AS items`);

/** One line of the list a recall is worked from. */
export interface RecallLine {
  readonly patientId: string;
  readonly patientNumber: number;
  readonly patientName: string;
  readonly birthDate: CalendarDate;
  readonly phone: string | null;
  readonly email: string | null;
  readonly doNotContact: boolean;
  readonly patientStatus: string;
  readonly firstTreatedOn: CalendarDate | null;
  readonly lastTreatedOn: CalendarDate | null;
  readonly treatments: number;
  readonly injections: number;
  readonly units: number;
  readonly areas: string;
  readonly contacts: number;
  readonly lastContactAt: Date | null;
  readonly lastChannel: string | null;
  readonly lastOutcome: string | null;
}

const LINES = sql(`WITH ${WHO_HAD_THE_LOT},
  charted AS (
    SELECT h.patient_id, min(g.treated_on) AS first, max(g.treated_on) AS last, count(*)::int AS treatments,
           sum(g.injections)::int AS injections, sum(g.units) AS units
      FROM given g JOIN had h ON h.as_recorded = g.patient_id GROUP BY h.patient_id),
  area AS (
    SELECT h.patient_id, string_agg(DISTINCT i.area_id, ', ') AS areas
      FROM (SELECT DISTINCT treatment_id, area_id FROM injection WHERE clinic_id = $1 AND lot_id = $2) i
      JOIN given g ON g.treatment_id = i.treatment_id JOIN had h ON h.as_recorded = g.patient_id GROUP BY h.patient_id),
  loose AS (
    SELECT h.patient_id, sum(u.units) AS units FROM had h JOIN uncharted u ON u.patient_id = h.as_recorded GROUP BY h.patient_id),
  ${LAST_CONTACTS}
  SELECT p.id AS "patientId", p.number AS "patientNumber", ${PATIENT_NAME} AS "patientName", p.birth_date AS "birthDate", p.phone, p.email,
         p.do_not_contact AS "doNotContact", p.status AS "patientStatus", c.first AS "firstTreatedOn", c.last AS "lastTreatedOn",
         coalesce(c.treatments, 0) AS treatments, coalesce(c.injections, 0) AS injections,
         (coalesce(c.units, 0) + coalesce(l.units, 0))::float8 AS units, coalesce(a.areas, '') AS areas,
         coalesce(k.contacts, 0) AS contacts, k.at AS "lastContactAt", k.channel AS "lastChannel", k.outcome AS "lastOutcome"
    FROM (SELECT DISTINCT patient_id FROM had) h
    JOIN patient p ON p.clinic_id = $1 AND p.id = h.patient_id
    LEFT JOIN charted c ON c.patient_id = p.id LEFT JOIN loose l ON l.patient_id = p.id LEFT JOIN contact k ON k.patient_id = p.id
    LEFT JOIN area a ON a.patient_id = p.id
   ORDER BY p.number`);

/** Where a lot went: from the lot to treatments, injections, units and patients. */
@Injectable()
export class LotTraceQueries {
  /** Totals of the whole lot, and patients by number from the one after; one more than `limit` when there are more. */
  trace(
    tx: Tx,
    lotId: string,
    after: number,
    limit: number,
  ): Promise<{ totals: TraceTotals; items: TracedPatient[] }> {
    return tx.one(TRACE, [tx.clinicId, lotId, after, limit + 1]);
  }

  /** Everybody who had the lot, with what the recall knows of them, for the file it is worked from. */
  lines(tx: Tx, lotId: string, caseId: string): Promise<RecallLine[]> {
    return tx.rows<RecallLine>(LINES, [tx.clinicId, lotId, caseId]);
  }
}
