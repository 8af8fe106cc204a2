import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** An area in which a treatment showed nothing after a month: the non-response pathway is open. */
export interface AreaWithoutResponse {
  readonly patientId: string;
  readonly area: string;
  readonly treatedOn: CalendarDate;
  readonly foundOn: CalendarDate;
}

// A record that was merged is read with the one it went into; few patients have a pathway, so this costs one look.
const NEWEST = sql(`
  SELECT DISTINCT ON (asked.id, p.area_id) asked.id AS "patientId", p.area_id AS area, p.treated_on AS "treatedOn",
         p.found_on AS "foundOn"
    FROM unnest($2::uuid[]) AS asked (id)
    JOIN patient q ON q.clinic_id = $1 AND (q.id = asked.id OR q.merged_into_id = asked.id)
    JOIN non_response_pathway p ON p.clinic_id = $1 AND p.patient_id = q.id AND p.status = 'open'
   ORDER BY asked.id, p.area_id, p.treated_on DESC, p.found_on DESC`);

/** For those above: whose last treatment did not take, by area. */
@Injectable()
export class NonResponses {
  /** The newest open one of each area, in one query, under the id asked for; those without are missing. */
  of(tx: Tx, patientIds: readonly string[]): Promise<AreaWithoutResponse[]> {
    return tx.rows<AreaWithoutResponse>(NEWEST, [tx.clinicId, patientIds]);
  }
}
