import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WindowInput, WindowOutcome } from '../domain/kept-windows.js';
import type { WindowDates } from '../domain/window-status.js';

/** A window as it was given to the patient, in force or not. */
export interface KeptWindow extends WindowDates {
  readonly id: string;
  readonly patientId: string;
  readonly area: string;
  readonly product: string;
  readonly treatmentId: string;
  readonly status: string;
  readonly protocolVersion: string;
  readonly issuedAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

export interface KeptComputation {
  readonly input: WindowInput & { readonly assessedOn: CalendarDate };
  readonly outcome: WindowOutcome;
}

const COLUMNS = `id, patient_id AS "patientId", area_id AS area, product_id AS product, treatment_id AS "treatmentId", status,
  protocol_version AS "protocolVersion", issued_at AS "issuedAt", ended_at AS "endedAt", ended_by AS "endedBy", earliest,
  recommended_from AS "recommendedFrom", target, recommended_to AS "recommendedTo", lapsed_after AS "lapsedAfter"`;

// Newest first; the ids of one moment have no order of their own that matters.
const LIST = sql(`
  SELECT ${COLUMNS} FROM repeat_visit_window
   WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) AND ($3::timestamptz IS NULL OR (issued_at, id) < ($3, $4))
   ORDER BY issued_at DESC, id DESC LIMIT $5`);

const ONE = sql(`
  SELECT ${COLUMNS}, input, outcome FROM repeat_visit_window WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) AND id = $3`);

/** Windows as they were issued: none is ever edited. */
@Injectable()
export class KeptWindowsQueries {
  list(
    tx: Tx,
    patientId: string,
    after: { readonly issuedAt: string; readonly id: string } | null,
    limit: number,
  ): Promise<KeptWindow[]> {
    return tx.rows(LIST, [tx.clinicId, patientId, after?.issuedAt ?? null, after?.id ?? null, limit]);
  }

  one(tx: Tx, patientId: string, id: string): Promise<(KeptWindow & KeptComputation) | null> {
    return tx.maybe(ONE, [tx.clinicId, patientId, id]);
  }
}
