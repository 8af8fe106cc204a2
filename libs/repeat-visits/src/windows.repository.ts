import { hash } from 'node:crypto';

import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WindowToKeep } from './domain/kept-windows.js';
import type { EndedWindow } from './domain/window-changes.js';
import { firstStatement, type WindowDates, type WindowStatus } from './domain/window-status.js';

const DATES = `earliest, recommended_from AS "recommendedFrom", target, recommended_to AS "recommendedTo",
  lapsed_after AS "lapsedAfter"`;

const OPEN = sql(`
  SELECT w.id, w.patient_id AS "patientId", w.area_id AS area, w.product_id AS product, w.location_id AS "locationId",
         coalesce(l.zone, 'UTC') AS zone, w.status, w.input_hash AS "inputHash", w.issued_at AS "issuedAt",
         w.input -> 'doses' -> -1 ->> 0 AS "lastTreatedOn", ${DATES}
    FROM repeat_visit_window w
    LEFT JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
   WHERE w.clinic_id = $1 AND w.patient_id = ANY ($2::uuid[]) AND w.status = 'open'
   ORDER BY w.patient_id, w.area_id`);

const END = sql(`
  UPDATE repeat_visit_window w SET status = e.status, ended_by = e.ended_by, ended_at = $2
    FROM unnest($3::uuid[], $4::text[], $5::text[]) AS e (id, status, ended_by)
   WHERE w.clinic_id = $1 AND w.id = e.id`);

/** A column of many rows as one text, a value a line and nothing for null: an array of texts costs both sides more. */
const column = (parameter: string): string => `string_to_array(${parameter}, E'\\n', '')`;
const lines = (values: readonly (string | null)[]): string => values.join('\n');

const ISSUE = sql(`
  INSERT INTO repeat_visit_window (clinic_id, issued_at, id, patient_id, area_id, treatment_id, location_id, product_id,
         earliest, recommended_from, target, recommended_to, lapsed_after, review_from, review_to, non_response_check,
         protocol_version, input_hash, input, outcome, state, changes_on)
  SELECT $1, $2, uuidv7(), n.patient_id::uuid, n.area_id, n.treatment_id::uuid, n.location_id::uuid, n.product_id,
         n.earliest::date, n.recommended_from::date, n.target::date, n.recommended_to::date, n.lapsed_after::date,
         n.review_from::date, n.review_to::date, n.non_response_check::date,
         n.protocol_version, n.input_hash, ('{"assessedOn":"' || $3 || '",' || substr(n.input, 2))::json, n.outcome::json,
         n.state, n.changes_on::date
    FROM unnest(${Array.from({ length: 19 }, (_, i) => column(`$${i + 4}`)).join(', ')})
      AS n (patient_id, area_id, treatment_id, location_id, product_id, earliest, recommended_from, target,
            recommended_to, lapsed_after, review_from, review_to, non_response_check, protocol_version, input_hash,
            input, outcome, state, changes_on)
  RETURNING id AS "windowId", patient_id AS "patientId"`);

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
  readonly patientId: string;
  readonly inputHash: string;
}

/** A window that was given its id. */
export interface KeptWindow {
  readonly windowId: string;
  readonly patientId: string;
}

type Figures = NewWindow['figures'][number];

/** Rows a statement: a few megabytes of explanations. */
const AT_ONCE = 500;

@Injectable()
export class WindowsRepository {
  open(tx: Tx, patientIds: readonly string[]): Promise<OpenWindow[]> {
    return tx.rows<OpenWindow>(OPEN, [tx.clinicId, patientIds]);
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

  /** Keeps new windows; the one they follow must have ended before. */
  async issue(tx: Tx, windows: readonly NewWindow[], assessedOn: CalendarDate): Promise<KeptWindow[]> {
    const kept: KeptWindow[] = [];
    const figures = new Map<string, Figures>();
    for (const window of windows) for (const one of window.figures) figures.set(one.hash, one);
    if (figures.size > 0)
      await tx.run(KEEP_FIGURES, [
        tx.clinicId,
        [...figures.keys()],
        [...figures.values()].map((one) => JSON.stringify(one.figures)),
      ]);
    for (let from = 0; from < windows.length; from += AT_ONCE) {
      const some = windows.slice(from, from + AT_ONCE);
      const stated = some.map((window) => firstStatement(window, assessedOn));
      const rows = await tx.rows<KeptWindow>(ISSUE, [
        tx.clinicId,
        tx.now,
        assessedOn,
        lines(some.map(({ patientId }) => patientId)),
        lines(some.map(({ area }) => area)),
        lines(some.map(({ treatmentId }) => treatmentId)),
        lines(some.map(({ locationId }) => locationId)),
        lines(some.map(({ product }) => product)),
        lines(some.map(({ earliest }) => earliest)),
        lines(some.map(({ recommendedFrom }) => recommendedFrom)),
        lines(some.map(({ target }) => target)),
        lines(some.map(({ recommendedTo }) => recommendedTo)),
        lines(some.map(({ lapsedAfter }) => lapsedAfter)),
        lines(some.map(({ reviewFrom }) => reviewFrom)),
        lines(some.map(({ reviewTo }) => reviewTo)),
        lines(some.map(({ nonResponseCheck }) => nonResponseCheck)),
        lines(some.map(({ protocolVersion }) => protocolVersion)),
        lines(some.map(({ inputHash }) => inputHash)),
        lines(some.map(({ input }) => input)),
        lines(some.map(({ outcome }) => outcome)),
        lines(stated.map(({ state }) => state)),
        lines(stated.map(({ changesOn }) => changesOn)),
      ]);
      kept.push(...rows);
    }
    return kept;
  }
}

/** The same doses, figures and options have the same hash, whatever day they were looked at. */
export const hashOf = ({ input }: WindowToKeep): string => hash('sha256', input, 'base64url');
