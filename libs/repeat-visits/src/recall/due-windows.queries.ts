import { sql, type Statement, type Tx } from '#database';
import { type CalendarDate, FIRST_ID } from '#kernel';
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

/** null: not asked for. */
export interface DueFilter {
  readonly on: CalendarDate;
  readonly locationId: string | null;
  readonly area: string | null;
  readonly product: string | null;
  /** Gave the treatment the window hangs on. */
  readonly practitionerId: string | null;
  /** The clinic's own last attempt lies before that day, or there is none. */
  readonly lastContactBefore: CalendarDate | null;
  /** Area-days, as domain/waiting.ts defines them. */
  readonly minWaiting: number | null;
  /** Whose card it is; `nobody`: whose is nobody's. */
  readonly assignedTo: string | null;
}

/** The day a window ends, or lapses where no end is known; one without either never does. The expression is that of the index. */
const ENDS = `(CASE WHEN w.recommended_to IS NOT NULL THEN w.recommended_to
                   WHEN w.lapsed_after IS NOT NULL THEN w.lapsed_after ELSE '9999-12-31'::date END)`;

// Nearest to the day first: just missed, ending soonest, last to have ended of those that lapsed. The states are those of
// window-status.ts; one index serves all three, so that keeping a window writes one.
const STATES: Readonly<Record<DueState, readonly [day: string, direction: 'ASC' | 'DESC', state: string]>> = {
  'past-due': [ENDS, 'DESC', `${ENDS} < $2 AND (w.lapsed_after IS NULL OR w.lapsed_after >= $2)`],
  due: [
    ENDS,
    'ASC',
    `${ENDS} >= $2 AND w.recommended_from <= $2 AND (w.lapsed_after IS NULL OR w.lapsed_after >= $2)`,
  ],
  lapsed: [ENDS, 'DESC', `${ENDS} < $2 AND w.lapsed_after < $2`],
};

const WAITING = `(SELECT sum($2::date - v.recommended_from) FROM repeat_visit_window v
                   WHERE v.clinic_id = $1 AND v.patient_id = w.patient_id AND v.status = 'open' AND v.recommended_from <= $2)`;

/** What few lists ask for, each with its parameter: a list is a statement of its own, so that what is not asked costs nothing. */
const NARROWED_BY = {
  practitionerId: (value: string) => `EXISTS (SELECT FROM treated_by b
         WHERE b.clinic_id = $1 AND b.treatment_id = w.treatment_id AND b.practitioner_id = ${value}::uuid)`,
  lastContactBefore: (value: string) => `NOT EXISTS (SELECT FROM recall_card c
         WHERE c.clinic_id = $1 AND c.patient_id = w.patient_id AND c.last_contact_on >= ${value}::date)`,
  minWaiting: (value: string) => `${WAITING} >= ${value}::int`,
  assignedTo: (value: string) => `CASE WHEN ${value}::text = 'nobody'
         THEN NOT EXISTS (SELECT FROM recall_card c WHERE c.clinic_id = $1 AND c.patient_id = w.patient_id AND c.assigned_to IS NOT NULL)
         ELSE w.patient_id IN (SELECT c.patient_id FROM recall_card c WHERE c.clinic_id = $1 AND c.assigned_to::text = ${value}) END`,
} as const satisfies Partial<Record<keyof DueFilter, (value: string) => string>>;
type Narrowing = keyof typeof NARROWED_BY;
const NARROWINGS: readonly Narrowing[] = ['practitionerId', 'lastContactBefore', 'minWaiting', 'assignedTo'];
const PARAMETERS_BEFORE = 9;

function list([day, direction, state]: (typeof STATES)[DueState], asked: readonly Narrowing[]): Statement {
  const key = [day, 'w.patient_id', 'w.area_id'];
  const more = asked.map((one, i) => `\n       AND ${NARROWED_BY[one](`$${PARAMETERS_BEFORE + 1 + i}`)}`);
  return sql(`
    SELECT ${day} AS day, w.patient_id AS "patientId", w.area_id AS area FROM repeat_visit_window w
     WHERE w.clinic_id = $1 AND w.status = 'open' AND ${state}
       AND (${key.join(', ')}) ${direction === 'ASC' ? '>' : '<'} ($3, $4, $5)
       AND ($6::uuid IS NULL OR w.location_id = $6) AND ($7::text IS NULL OR w.area_id = $7)
       AND ($8::text IS NULL OR w.product_id = $8)${more.join('')}
     ORDER BY ${key.map((part) => `${part} ${direction}`).join(', ')} LIMIT $9`);
}

const LISTS = new Map<string, Statement>();
function listOf(state: DueState, asked: readonly Narrowing[]): Statement {
  const key = [state, ...asked].join(' ');
  const statement = LISTS.get(key) ?? list(STATES[state], asked);
  LISTS.set(key, statement);
  return statement;
}

const OF_PRACTITIONER = sql(`
  SELECT w.id FROM repeat_visit_window w
    JOIN treated_by b ON b.clinic_id = w.clinic_id AND b.treatment_id = w.treatment_id AND b.practitioner_id = $3
   WHERE w.clinic_id = $1 AND w.patient_id = ANY ($2::uuid[]) AND w.status = 'open'`);

// A day more on both sides, so that no zone's patient is missed; the rule looks at the local day. Whoever was reached since,
// or has had a message of the night, is the desk's; whom a reason kept from it is looked at again every night.
const BECAME_DUE = sql(`
  SELECT DISTINCT w.patient_id AS "patientId" FROM repeat_visit_window w
   WHERE w.clinic_id = $1 AND w.status = 'open' AND w.recommended_from BETWEEN $3 AND $2::date + 1 AND w.patient_id > $4
     AND ${ENDS} >= $2::date - 1
     AND NOT EXISTS (SELECT FROM recall_card c
           WHERE c.clinic_id = $1 AND c.patient_id = w.patient_id AND c.last_contact_on >= w.recommended_from)
     AND NOT EXISTS (SELECT FROM recall_message m JOIN recall_batch b ON b.clinic_id = m.clinic_id AND b.id = m.batch_id
           WHERE m.clinic_id = $1 AND m.patient_id = w.patient_id AND m.on_day >= w.recommended_from
             AND (m.status <> 'withheld' OR m.reason = 'stopped' OR b.night_of = $2))
   ORDER BY 1 LIMIT $5`);

/** The open windows that are due, past due or lapsed on a day, straight from an index, place by place. */
@Injectable()
export class DueWindowsQueries {
  after(
    tx: Tx,
    state: DueState,
    filter: DueFilter,
    place: DuePlace | null,
    limit: number,
  ): Promise<DuePlace[]> {
    const { on, locationId, area, product } = filter;
    const { day, patientId, area: areaId } = place ?? { day: on, ...NOBODY };
    const values = [tx.clinicId, on, day, patientId, areaId, locationId, area, product, limit];
    const asked = NARROWINGS.filter((one) => filter[one] !== null);
    return tx.rows<DuePlace>(listOf(state, asked), [...values, ...asked.map((one) => filter[one])]);
  }

  /** Ids of patients behind `after` whose windows opened since `from` and whom nobody reached since, for the night of `on`. */
  async becameDue(
    tx: Tx,
    on: CalendarDate,
    from: CalendarDate,
    after: string,
    limit: number,
  ): Promise<string[]> {
    const rows = await tx.rows<{ patientId: string }>(BECAME_DUE, [tx.clinicId, on, from, after, limit]);
    return rows.map(({ patientId }) => patientId);
  }

  /** Ids of the patients' open windows that hang on a treatment by this practitioner. */
  async ofPractitioner(tx: Tx, patientIds: readonly string[], practitionerId: string): Promise<Set<string>> {
    const rows = await tx.rows<{ id: string }>(OF_PRACTITIONER, [tx.clinicId, patientIds, practitionerId]);
    return new Set(rows.map(({ id }) => id));
  }
}

/** Every list begins at the day itself, going up or down: a place before all of the day's own. */
const NOBODY = { patientId: FIRST_ID, area: '' };
