import { sql, type Tx } from '#database';
import { recordsOf } from '#patients';
import { movedSince, statusAt } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { endOfAsOf, PEOPLE } from '../as-known.js';
import { valuesOf, type Asked } from '../asked.js';
import type { OpenedWindow, StoodWindow } from '../domain/own-windows.js';

// Issued later for the same treatment. Joined, not looked up window by window: merges are few, windows many.
const LATER = `n.area_id = w.area_id AND n.treatment_id = w.treatment_id AND n.issued_at < ${endOfAsOf('w.zone')}
                        AND (n.issued_at, n.window_id) > (w.issued_at, w.window_id)`;

/** The version in force by asOf of each window whose day lies in the period; a merge issues it again under another record. */
const stood = (day: string, more = ''): string => `
  SELECT w.number, w.area_id AS area, w.treated_on AS "treatedOn", w.recommended_from AS "recommendedFrom",
         w.recommended_to AS "recommendedTo", w.lapsed_after AS "lapsedAfter" ${more}
    FROM issued_window w
   WHERE w.clinic_id = $1 AND ${day} BETWEEN $3 AND $4 AND w.issued_at < ${endOfAsOf('w.zone')}
     AND NOT EXISTS (SELECT FROM issued_window n WHERE n.clinic_id = w.clinic_id AND n.patient_id = w.patient_id AND ${LATER})
     AND NOT EXISTS (SELECT FROM people JOIN issued_window n ON n.clinic_id = $1 AND n.patient_id = ANY (people.records)
                      WHERE people.patient_id = w.patient_id AND ${LATER})
     AND ($5::uuid IS NULL OR w.practitioner_id = $5) AND ($6::uuid IS NULL OR w.location_id = $6)`;

const contacted = (how: string): string => `EXISTS (
           SELECT FROM contact_made c WHERE c.clinic_id = $1 AND c.patient_id = ANY (${recordsOf('w.patient_id')})
              AND c.at >= w.issued_at AND c.at < ${endOfAsOf('w.zone')} AND (c.area_ids = '{}' OR w.area_id = ANY (c.area_ids)) ${how})`;
const BOOKED = `EXISTS (
           SELECT FROM visit v ${statusAt(endOfAsOf('w.zone'), 'stood')} ${movedSince(endOfAsOf('w.zone'))}
            WHERE v.clinic_id = $1 AND v.patient_id = ANY (${recordsOf('w.patient_id')}) AND coalesce(moved.kind, v.kind) = 'treatment'
              AND v.created_at >= w.issued_at AND v.created_at < ${endOfAsOf('w.zone')}
              AND coalesce(stood.status, v.status) NOT IN ('held', 'released', 'entered-in-error')
              AND (v.area_ids = '{}' OR w.area_id = ANY (v.area_ids))
              AND (w.earliest IS NULL OR (coalesce(moved.starts_at, v.starts_at) AT TIME ZONE v.zone)::date >= w.earliest))`;

const CLOSED = sql(`
  WITH ${PEOPLE}
  ${stood('w.recommended_to')} AND w.recommended_to < $2 ORDER BY 1, 2, 3`);
const OPENED = sql(`
  WITH ${PEOPLE}
  ${stood('w.recommended_from', `, ${contacted('')} AS contacted, ${contacted(`AND c.outcome <> 'no-answer'`)} AS reached, ${BOOKED} AS booked`)}
     AND w.recommended_from <= $2 ORDER BY 1, 2, 3`);

/** Repeat-visit windows as they stood on a day. */
@Injectable()
export class WindowFiguresQueries {
  closed(tx: Tx, asked: Asked): Promise<StoodWindow[]> {
    return tx.rows<StoodWindow>(CLOSED, [tx.clinicId, ...valuesOf(asked)]);
  }

  opened(tx: Tx, asked: Asked): Promise<OpenedWindow[]> {
    return tx.rows<OpenedWindow>(OPENED, [tx.clinicId, ...valuesOf(asked)]);
  }
}
