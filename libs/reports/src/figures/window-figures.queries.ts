import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Period } from './domain/figure-definitions.js';
import type { StoodWindow } from './domain/windows.js';
import { valuesOf, type Whose } from './visit-figures.queries.js';

const END_OF_AS_OF = `(($2::date + 1)::timestamp AT TIME ZONE w.zone)`;

/** The version in force by asOf of each window that closed, or opened, in the period. */
const stood = (day: string): string => `
  SELECT w.number, w.area_id AS area, w.treated_on AS "treatedOn", w.recommended_from AS "recommendedFrom",
         w.recommended_to AS "recommendedTo", w.lapsed_after AS "lapsedAfter", EXISTS (
           SELECT FROM visit v WHERE v.clinic_id = w.clinic_id AND v.patient_id = w.patient_id AND v.kind = 'treatment'
              AND v.created_at >= w.issued_at AND v.created_at < ${END_OF_AS_OF}
              AND (v.area_ids = '{}' OR w.area_id = ANY (v.area_ids))
              AND (w.earliest IS NULL OR (v.starts_at AT TIME ZONE v.zone)::date >= w.earliest)) AS booked
    FROM issued_window w
   WHERE w.clinic_id = $1 AND ${day} BETWEEN $3 AND $4 AND w.issued_at < ${END_OF_AS_OF}
     AND NOT EXISTS (SELECT FROM issued_window n WHERE n.clinic_id = w.clinic_id AND n.patient_id = w.patient_id
                        AND n.area_id = w.area_id AND n.treatment_id = w.treatment_id AND n.issued_at < ${END_OF_AS_OF}
                        AND (n.issued_at, n.window_id) > (w.issued_at, w.window_id))
     AND ($5::uuid IS NULL OR w.practitioner_id = $5) AND ($6::uuid IS NULL OR w.location_id = $6)`;

const CLOSED = sql(`${stood('w.recommended_to')} AND w.recommended_to < $2 ORDER BY 1, 2, 3`);
const OPENED = sql(`${stood('w.recommended_from')} AND w.recommended_from <= $2 ORDER BY 1, 2, 3`);

/** Repeat-visit windows as they stood on a day. */
@Injectable()
export class WindowFiguresQueries {
  closed(tx: Tx, period: Period, whose: Whose): Promise<StoodWindow[]> {
    return tx.rows<StoodWindow>(CLOSED, valuesOf(tx, period, whose));
  }

  opened(tx: Tx, period: Period, whose: Whose): Promise<StoodWindow[]> {
    return tx.rows<StoodWindow>(OPENED, valuesOf(tx, period, whose));
  }
}
