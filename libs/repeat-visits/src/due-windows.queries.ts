import { sql, type Statement, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** The states in which somebody may be asked to come, in the order in which the desk works through them. */
export const DUE_STATES = ['past-due', 'due', 'lapsed'] as const;
export type DueState = (typeof DUE_STATES)[number];

/** Where a window stands in the list of its state. */
export interface DuePlace {
  readonly day: string;
  readonly patientId: string;
  readonly area: string;
}

export interface DueFilter {
  readonly on: CalendarDate;
  readonly locationId: string | null;
  readonly area: string | null;
  readonly product: string | null;
}

/** The day a window ends; one without an end never does. The expression is that of the index. */
const ENDS = `(CASE WHEN recommended_to IS NULL THEN '9999-12-31'::date ELSE recommended_to END)`;

// Nearest to the day first: just missed, ending soonest, just lapsed. The states are those of window-status.ts.
const LISTS: Readonly<Record<DueState, Statement>> = {
  'past-due': list(ENDS, 'DESC', `${ENDS} < $2 AND (lapsed_after IS NULL OR lapsed_after >= $2)`),
  due: list(
    ENDS,
    'ASC',
    `${ENDS} >= $2 AND recommended_from <= $2 AND (lapsed_after IS NULL OR lapsed_after >= $2)`,
  ),
  lapsed: list('lapsed_after', 'DESC', 'lapsed_after < $2'),
};

function list(day: string, direction: 'ASC' | 'DESC', state: string): Statement {
  const key = [day, 'patient_id', 'area_id'];
  return sql(`
    SELECT ${day} AS day, patient_id AS "patientId", area_id AS area FROM repeat_visit_window
     WHERE clinic_id = $1 AND status = 'open' AND ${state}
       AND (${key.join(', ')}) ${direction === 'ASC' ? '>' : '<'} ($3, $4, $5)
       AND ($6::uuid IS NULL OR location_id = $6) AND ($7::text IS NULL OR area_id = $7)
       AND ($8::text IS NULL OR product_id = $8)
     ORDER BY ${key.map((part) => `${part} ${direction}`).join(', ')} LIMIT $9`);
}

/** The open windows that are due, past due or lapsed on a day, straight from an index, place by place. */
@Injectable()
export class DueWindowsQueries {
  after(
    tx: Tx,
    state: DueState,
    { on, locationId, area, product }: DueFilter,
    place: DuePlace | null,
    limit: number,
  ): Promise<DuePlace[]> {
    const { day, patientId, area: areaId } = place ?? { day: on, ...NOBODY };
    return tx.rows<DuePlace>(LISTS[state], [
      tx.clinicId,
      on,
      day,
      patientId,
      areaId,
      locationId,
      area,
      product,
      limit,
    ]);
  }
}

/** Every list begins at the day itself, going up or down: a place before all of the day's own. */
const NOBODY = { patientId: '00000000-0000-0000-0000-000000000000', area: '' };
