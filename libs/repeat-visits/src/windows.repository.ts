import { hash } from 'node:crypto';

import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WindowToKeep } from './domain/kept-windows.js';
import type { EndedWindow } from './domain/window-changes.js';
import { firstStatement, type WindowDates, type WindowStatus } from './domain/window-status.js';

const DATES = `earliest, recommended_from AS "recommendedFrom", target, recommended_to AS "recommendedTo",
  lapsed_after AS "lapsedAfter"`;

const OPEN = sql(`
  SELECT id, patient_id AS "patientId", area_id AS area, product_id AS product, location_id AS "locationId",
         status, input_hash AS "inputHash", issued_at AS "issuedAt",
         input -> 'doses' -> -1 ->> 0 AS "lastTreatedOn", ${DATES}
    FROM repeat_visit_window WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[]) AND status = 'open'
   ORDER BY patient_id, area_id`);

const END = sql(`
  UPDATE repeat_visit_window w SET status = e.status, ended_by = e.ended_by, ended_at = $2
    FROM unnest($3::uuid[], $4::text[], $5::text[]) AS e (id, status, ended_by)
   WHERE w.clinic_id = $1 AND w.id = e.id`);

const ISSUE = sql(`
  INSERT INTO repeat_visit_window (clinic_id, issued_at, id, patient_id, area_id, treatment_id, location_id, product_id,
         earliest, recommended_from, target, recommended_to, lapsed_after, review_from, review_to, non_response_check,
         protocol_version, input_hash, input, outcome, state, changes_on)
  SELECT $1, $2, n.id, n.patient_id, n.area_id, n.treatment_id, n.location_id, n.product_id,
         n.earliest, n.recommended_from, n.target, n.recommended_to, n.lapsed_after, n.review_from, n.review_to,
         n.non_response_check, n.protocol_version, n.input_hash, n.input::json, n.outcome::json,
         n.state, n.changes_on
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::date[], $10::date[],
                $11::date[], $12::date[], $13::date[], $14::date[], $15::date[], $16::date[], $17::text[], $18::text[],
                $19::text[], $20::text[], $21::text[], $22::date[])
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

  /** Keeps new windows; the one they follow must have ended before. @returns their ids, in their order */
  async issue(tx: Tx, windows: readonly NewWindow[], assessedOn: CalendarDate): Promise<string[]> {
    const ids = windows.map(() => newId());
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
      await tx.run(ISSUE, [
        tx.clinicId,
        tx.now,
        ids.slice(from, from + AT_ONCE),
        some.map(({ patientId }) => patientId),
        some.map(({ area }) => area),
        some.map(({ treatmentId }) => treatmentId),
        some.map(({ locationId }) => locationId),
        some.map(({ product }) => product),
        some.map(({ earliest }) => earliest),
        some.map(({ recommendedFrom }) => recommendedFrom),
        some.map(({ target }) => target),
        some.map(({ recommendedTo }) => recommendedTo),
        some.map(({ lapsedAfter }) => lapsedAfter),
        some.map(({ reviewFrom }) => reviewFrom),
        some.map(({ reviewTo }) => reviewTo),
        some.map(({ nonResponseCheck }) => nonResponseCheck),
        some.map(({ protocolVersion }) => protocolVersion),
        some.map(({ inputHash }) => inputHash),
        some.map(({ input }) => `{"assessedOn":"${assessedOn}",${input.slice(1)}`),
        some.map(({ outcome }) => outcome),
        stated.map(({ state }) => state),
        stated.map(({ changesOn }) => changesOn),
      ]);
    }
    return ids;
  }
}

/** The same doses, figures and options have the same hash, whatever day they were looked at. */
export const hashOf = ({ input }: WindowToKeep): string => hash('sha256', input, 'base64url');
