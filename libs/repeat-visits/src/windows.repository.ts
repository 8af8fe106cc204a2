import { hash } from 'node:crypto';

import { columns, sql, type Tx } from '#database';
import { type CalendarDate, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { KnownFigures, WindowToKeep } from './domain/kept-windows.js';
import type { EndedWindow } from './domain/window-changes.js';
import { firstStatement, type WindowDates, type WindowStatus } from './domain/window-status.js';

const DATES = `earliest, recommended_from AS "recommendedFrom", target, recommended_to AS "recommendedTo",
  lapsed_after AS "lapsedAfter"`;

// One look-up a patient, whatever the planner thinks of a table that grows; to plan `= ANY` for hundreds takes longer than to run it.
const OPEN = sql(`
  SELECT w.id, w.patient_id AS "patientId", w.area_id AS area, w.product_id AS product, w.location_id AS "locationId",
         coalesce(l.zone, 'UTC') AS zone, w.status, w.input_hash AS "inputHash", w.issued_at AS "issuedAt",
         w.input -> 'doses' -> -1 ->> 0 AS "lastTreatedOn", ${DATES}
    FROM unnest($2::uuid[]) AS asked (id)
   CROSS JOIN LATERAL (SELECT * FROM repeat_visit_window o
                        WHERE o.clinic_id = $1 AND o.patient_id = asked.id AND o.status = 'open' OFFSET 0) w
    LEFT JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
   ORDER BY w.patient_id, w.area_id`);

const END = sql(`
  UPDATE repeat_visit_window w SET status = e.status, ended_by = e.ended_by, ended_at = $2
    FROM unnest($3::uuid[], $4::text[], $5::text[]) AS e (id, status, ended_by)
   WHERE w.clinic_id = $1 AND w.id = e.id`);

const ISSUE = sql(`
  INSERT INTO repeat_visit_window (clinic_id, issued_at, id, patient_id, area_id, treatment_id, location_id, product_id,
         earliest, recommended_from, target, recommended_to, lapsed_after, review_from, review_to, non_response_check,
         protocol_version, input_hash, input, outcome, state, changes_on)
  SELECT $1, $2, n.id, n.patient_id, n.area_id, n.treatment_id, n.location_id, n.product_id,
         n.earliest, n.recommended_from, n.target, n.recommended_to, n.lapsed_after, n.review_from, n.review_to, n.non_response_check,
         n.protocol_version, n.input_hash, n.input::json, n.outcome::json, n.state, n.changes_on
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::date[], $10::date[], $11::date[], $12::date[],
                $13::date[], $14::date[], $15::date[], $16::date[], $17::text[], $18::text[], $19::text[], $20::text[],
                $21::text[], $22::date[])
      AS n (id, patient_id, area_id, treatment_id, location_id, product_id, earliest, recommended_from, target,
            recommended_to, lapsed_after, review_from, review_to, non_response_check, protocol_version, input_hash,
            input, outcome, state, changes_on)`);

// Of two transactions that keep the same figures for the first time the second waits for the first: always in one order.
const KEEP_FIGURES = sql(`
  INSERT INTO window_figures (clinic_id, hash, figures)
  SELECT $1, n.hash, n.figures::json FROM unnest($2::text[], $3::text[]) AS n (hash, figures) ORDER BY n.hash
      ON CONFLICT DO NOTHING`);

/** A window in force. */
export interface OpenWindow extends WindowDates {
  readonly id: string;
  readonly patientId: string;
  readonly area: string;
  readonly product: string;
  readonly locationId: string;
  /** Of that location, closed or not: says what day and hour it is for the patient. */
  readonly zone: string;
  readonly status: WindowStatus;
  readonly inputHash: string;
  readonly issuedAt: Date;
  /** The last dose of the area, touch-ups included; null for a window issued before that was kept. */
  readonly lastTreatedOn: CalendarDate | null;
}

export interface NewWindow extends WindowToKeep {
  readonly id: string;
  readonly patientId: string;
  readonly inputHash: string;
}

@Injectable()
export class WindowsRepository {
  open(tx: Tx, patientIds: readonly string[]): Promise<OpenWindow[]> {
    return tx.rows<OpenWindow>(OPEN, [tx.clinicId, columns.uuids([...new Set(patientIds)])]);
  }

  async end(tx: Tx, ended: readonly EndedWindow[]): Promise<void> {
    if (ended.length === 0) return;
    await tx.run(END, [
      tx.clinicId,
      tx.now,
      ended.map(({ id }) => id),
      ended.map(({ status }) => status),
      ended.map(({ endedBy }) => endedBy),
    ]);
  }

  /** Keeps new windows, each under an id of its own; the one each follows must have ended before. */
  async issue(tx: Tx, { figures, values, count }: WindowColumns): Promise<void> {
    if (count === 0) return;
    if (figures.length > 0)
      await tx.run(KEEP_FIGURES, [
        tx.clinicId,
        figures.map(({ hash: name }) => name),
        figures.map((one) => JSON.stringify(one.figures)),
      ]);
    await tx.run(ISSUE, [tx.clinicId, tx.now, ...values]);
  }
}

/** New windows as they travel. */
export interface WindowColumns {
  readonly count: number;
  readonly figures: readonly KnownFigures[];
  /** In the order of the statement. */
  readonly values: readonly Buffer[];
}

/** Outside the heap, so that thousands of windows can be forgotten before anybody waits for the database. */
export function inColumns(windows: readonly NewWindow[], assessedOn: CalendarDate): WindowColumns {
  const figures = new Map(windows.flatMap((window) => window.figures).map((one) => [one.hash, one]));
  const stated = windows.map((window) => firstStatement(window, assessedOn));
  const { uuids, texts, dates } = columns;
  return {
    count: windows.length,
    figures: [...figures.values()],
    values: [
      uuids(windows.map(({ id }) => id)),
      uuids(windows.map(({ patientId }) => patientId)),
      texts(windows.map(({ area }) => area)),
      uuids(windows.map(({ treatmentId }) => treatmentId)),
      uuids(windows.map(({ locationId }) => locationId)),
      texts(windows.map(({ product }) => product)),
      dates(windows.map(({ earliest }) => earliest)),
      dates(windows.map(({ recommendedFrom }) => recommendedFrom)),
      dates(windows.map(({ target }) => target)),
      dates(windows.map(({ recommendedTo }) => recommendedTo)),
      dates(windows.map(({ lapsedAfter }) => lapsedAfter)),
      dates(windows.map(({ reviewFrom }) => reviewFrom)),
      dates(windows.map(({ reviewTo }) => reviewTo)),
      dates(windows.map(({ nonResponseCheck }) => nonResponseCheck)),
      texts(windows.map(({ protocolVersion }) => protocolVersion)),
      texts(windows.map(({ inputHash }) => inputHash)),
      texts(windows.map(({ input }) => `{"assessedOn":"${assessedOn}",${input.slice(1)}`)),
      texts(windows.map(({ outcome }) => outcome)),
      texts(stated.map(({ state }) => state)),
      dates(stated.map(({ changesOn }) => changesOn)),
    ],
  };
}

/**
 * A patient's windows, given ids. The same doses, figures and options have the same hash, whatever day they were looked at.
 */
export const newWindows = (patientId: string, windows: readonly WindowToKeep[]): NewWindow[] =>
  windows.map((window) => ({
    ...window,
    id: newId(),
    patientId,
    inputHash: hash('sha256', window.input, 'base64url'),
  }));
