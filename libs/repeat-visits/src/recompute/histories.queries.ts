import { sql, type Tx } from '#database';
import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { RecordedDose } from '../domain/kept-windows.js';
import type { ReadPatient } from '../window-basis.repository.js';

/** A patient whose history, figures or options are not those of the last recompute. */
export interface ChangedHistory extends ReadPatient {
  /** Which patient of the clinic's this is, in the order of the stream. */
  readonly place: number;
  readonly doses: readonly RecordedDose[];
}

interface Row {
  readonly patientId: string;
  readonly place: number;
  readonly revision: number;
  readonly fingerprint: string | null;
  readonly doses: string | null;
}

// One line a dose and one text a patient, made and compared where the rows are: of those that are as before nothing
// travels. A window whose patient has no dose any more is looked at too. `merged_into_id` names the last survivor.
const STREAM = `
  DECLARE histories NO SCROLL CURSOR FOR
  SELECT patient_id AS "patientId", place, coalesce(revision, 0) AS revision, now_is AS fingerprint, doses
    FROM (
      SELECT coalesce(d.patient_id, w.patient_id) AS patient_id, d.doses, b.revision, b.fingerprint,
             md5($2 || coalesce(d.doses, ''))::uuid AS now_is,
             row_number() OVER (ORDER BY coalesce(d.patient_id, w.patient_id)) AS place
        FROM (SELECT patient_id, string_agg(dose, E'\\n' ORDER BY dose) AS doses
                FROM (SELECT DISTINCT coalesce(p.merged_into_id, t.patient_id) AS patient_id,
                             t.treated_on || ' ' || i.product_id || ' ' || i.area_id || ' ' || t.kind || ' ' || t.id || ' '
                               || t.location_id AS dose
                        FROM treatment t
                        JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
                        JOIN patient p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
                        LEFT JOIN treatment_withdrawal x ON x.clinic_id = t.clinic_id AND x.treatment_id = t.id
                       WHERE t.clinic_id = $1 AND t.status = 'signed' AND x.treatment_id IS NULL) given
               GROUP BY patient_id) d
        FULL JOIN (SELECT DISTINCT patient_id FROM repeat_visit_window WHERE clinic_id = $1 AND status = 'open') w
          ON w.patient_id = d.patient_id
        LEFT JOIN window_basis b ON b.clinic_id = $1 AND b.patient_id = coalesce(d.patient_id, w.patient_id)
       WHERE $3::uuid IS NULL OR coalesce(d.patient_id, w.patient_id) > $3) found
   WHERE fingerprint IS DISTINCT FROM now_is
   ORDER BY patient_id`;

const PATIENTS = sql('SELECT count(*) AS patients FROM patient WHERE clinic_id = $1');

/** Histories of a whole clinic, as one snapshot, in order of patient, in bounded memory. */
@Injectable()
export class HistoriesQueries {
  /** Those after a patient whose basis has changed, in pieces of `size`. The transaction must stay open meanwhile. */
  async *changed(
    tx: Tx,
    basis: string,
    afterPatient: string | null,
    size: number,
  ): AsyncGenerator<ChangedHistory[]> {
    // Sorting a large clinic takes longer than any request may, and should not go through the disk.
    await tx.run({
      text: `SET LOCAL statement_timeout = '10min'; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off`,
    });
    await tx.run({ text: STREAM }, [tx.clinicId, basis, afterPatient]);
    const fetch = { text: `FETCH ${size} FROM histories` };
    let next = tx.rows<Row>(fetch);
    for (;;) {
      const rows = await next;
      if (rows.length === 0) return;
      next = tx.rows<Row>(fetch); // the server works on while these are used
      next.catch(() => undefined); // looked at in the next turn
      yield rows.map(({ doses, ...row }) => ({ ...row, doses: dosesOf(doses) }));
    }
  }

  async patients(tx: Tx): Promise<number> {
    return (await tx.one<{ patients: number }>(PATIENTS, [tx.clinicId])).patients;
  }
}

function dosesOf(lines: string | null): RecordedDose[] {
  if (lines === null) return [];
  return lines.split('\n').map((line) => {
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
