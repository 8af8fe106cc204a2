import { sql, type Tx } from '#database';
import { calendarDate, FIRST_ID } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { RecordedDose } from '../domain/kept-windows.js';

/** Some patients of a clinic who follow each other by id: those behind `after`, up to and including `upTo`. */
export interface Piece {
  readonly after: string;
  readonly upTo: string;
  readonly patients: number;
}

/** A patient whose history, figures or options are not those of the last recompute. */
export interface ChangedHistory {
  readonly patientId: string;
  readonly fingerprint: string;
  /** Whether it was claimed: nobody computed the patient since it was read, and nobody can until the transaction ends. */
  readonly isOwn: boolean;
  /** A line a dose, for `dosesOf`; null where there is none. */
  readonly doses: string | null;
}

// One line a dose and one text a patient, made and compared where the rows are: of those that are as before nothing
// travels. A window whose patient has no dose any more is looked at too, a merged record among them. Patient by patient
// (LATERAL): whatever the planner thinks of a clinic in its first build, none of it reads a whole table.
const CHANGED = `
  SELECT p.id AS patient_id, coalesce(b.revision, 0) AS revision, now_is AS fingerprint, doses
    FROM (SELECT id, merged_into_id FROM patient WHERE clinic_id = $1 AND id > $3 AND id <= $4) p
    LEFT JOIN window_basis b ON b.clinic_id = $1 AND b.patient_id = p.id
   CROSS JOIN LATERAL (
     SELECT doses, md5($2 || coalesce(doses, ''))::uuid AS now_is
       FROM (SELECT string_agg(DISTINCT concat_ws(' ', t.treated_on, i.product_id, i.area_id, t.kind, t.id, t.location_id), E'\\n') AS doses
               FROM treatment t
               JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
              WHERE t.clinic_id = $1 AND t.status = 'signed' AND p.merged_into_id IS NULL
                AND t.patient_id = ANY (p.id || ARRAY(SELECT m.id FROM patient m WHERE m.clinic_id = $1 AND m.merged_into_id = p.id))
                AND NOT EXISTS (SELECT FROM treatment_withdrawal x WHERE x.clinic_id = $1 AND x.treatment_id = t.id)) given
     OFFSET 0) hashed
   WHERE b.fingerprint IS DISTINCT FROM now_is
     AND (doses IS NOT NULL OR EXISTS (
           SELECT FROM repeat_visit_window w WHERE w.clinic_id = $1 AND w.patient_id = p.id AND w.status = 'open'))`;

// A basis whose revision is not the one that was read any more is somebody else's. In order of id, like every lock of many.
const CLAIM = sql(`
  WITH changed AS MATERIALIZED (${CHANGED}), claimed AS (
    INSERT INTO window_basis AS b (clinic_id, patient_id, revision, fingerprint)
    SELECT $1, patient_id, revision + 1, fingerprint FROM changed ORDER BY patient_id
        ON CONFLICT (clinic_id, patient_id) DO UPDATE SET revision = excluded.revision, fingerprint = excluded.fingerprint
     WHERE b.revision = excluded.revision - 1
    RETURNING patient_id)
  SELECT patient_id AS "patientId", fingerprint, patient_id IN (SELECT patient_id FROM claimed) AS "isOwn", doses FROM changed`);

// Where one piece ends and the next begins.
const LAST_OF_PIECES = sql(`
  SELECT id, n FROM (SELECT id, (row_number() OVER in_order)::int AS n, lead(id) OVER in_order IS NULL AS is_last
                       FROM patient WHERE clinic_id = $1 WINDOW in_order AS (ORDER BY id)) p
   WHERE n % $2 = 0 OR is_last ORDER BY id`);

/** Histories of a clinic, a piece at a time. */
@Injectable()
export class HistoriesRepository {
  /** All patients there are, in order of id; whoever comes behind the last later has a treatment signed, which computes them. */
  async pieces(tx: Tx, size: number): Promise<Piece[]> {
    const lasts = await tx.rows<{ id: string; n: number }>(LAST_OF_PIECES, [tx.clinicId, size]);
    return lasts.map(({ id, n }, i) => ({
      after: lasts[i - 1]?.id ?? FIRST_ID,
      upTo: id,
      patients: n - (lasts[i - 1]?.n ?? 0),
    }));
  }

  /** Claims those of a piece whose basis has changed, where nobody computes the patient at the same time. */
  claimChanged(tx: Tx, basis: string, { after, upTo }: Piece): Promise<ChangedHistory[]> {
    return tx.rows(CLAIM, [tx.clinicId, basis, after, upTo]);
  }
}

/** The doses of a history as it was read. */
export function dosesOf({ doses }: ChangedHistory): RecordedDose[] {
  if (doses === null) return [];
  return doses.split('\n').map((line) => {
    const [treatedOn = '', product = '', area = '', kind, treatmentId = '', locationId = ''] =
      line.split(' ');
    return {
      treatedOn: calendarDate(treatedOn),
      product,
      area,
      kind: kind === 'touch-up' ? 'touch-up' : 'full',
      treatmentId,
      locationId,
    };
  });
}
