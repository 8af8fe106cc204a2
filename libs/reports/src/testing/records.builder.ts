import type { TestDatabase } from '#database/testing';
import type { TestClinic } from '#identity/testing';
import { newId, type CalendarDate } from '#kernel';

interface Signed {
  /** Areas treated, with ona. */
  readonly areas?: readonly string[];
  /** `patientId day` of the treatment this touch-up completes. */
  readonly completes?: string;
  readonly signedAt?: string;
  readonly locationId?: string;
  readonly practitioner?: 'practitioner' | 'prescriber';
  readonly amends?: string;
}

/** Signed records put straight into the tables, as the operator could: reports only read them. */
export interface Records {
  readonly locationId: string;
  location(zone: string): Promise<string>;
  patient(): Promise<string>;
  /** Signed at noon of the day unless told otherwise; the id. */
  treatment(patientId: string, treatedOn: string, signed?: Signed): Promise<string>;
  withdrawal(treatmentId: string, at: string, cause?: 'amended' | 'entered-in-error'): Promise<void>;
  /** A new version of a treatment, signed at `at`. */
  amendment(treatmentId: string, at: string, signed: Signed): Promise<string>;
  departure(patientId: string, cause: string, on: string, recordedAt?: string): Promise<void>;
  /** So many patients, each treated on all of the days. */
  many(patients: number, days: readonly CalendarDate[], signed?: Signed): Promise<void>;
}

export async function recordsOf(
  { admin }: Pick<TestDatabase, 'admin'>,
  clinic: TestClinic,
): Promise<Records> {
  const { clinicId, actor } = clinic;
  const treated = new Map<string, string>();
  let number = 0;
  const location = async (zone: string): Promise<string> => {
    const id = newId();
    await admin.query('INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, $4)', [
      clinicId,
      id,
      `${zone} ${id}`,
      zone,
    ]);
    return id;
  };
  await admin.query(
    `INSERT INTO product (id, inn, unit_label) VALUES ('ona', 'onabotulinumtoxinA', 'U') ON CONFLICT DO NOTHING`,
  );
  await admin.query(
    `INSERT INTO area (id, name, on_label) SELECT a, a, true FROM unnest($1::text[]) a ON CONFLICT DO NOTHING`,
    [['glabella', 'forehead', 'lateral_canthal']],
  );
  const lotId = newId();
  await admin.query(
    `INSERT INTO lot (clinic_id, id, product_id, number, expires_on, vial_units, received_on, received_by)
     VALUES ($1, $2, 'ona', 'L1', '2027-01-31', 100, '2024-01-01', $3)`,
    [clinicId, lotId, actor.prescriber.staffId],
  );
  const locationId = await location('Europe/London');

  const patients = async (count: number): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => newId());
    await admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
       SELECT $1, id, $3 + n, 'Given', 'Family', '1980-01-01' FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, n)`,
      [clinicId, ids, number],
    );
    number += count;
    return ids;
  };

  // What the signing transaction does for the reports.
  const keep = async (ids: readonly string[]): Promise<void> => {
    await admin.query('SELECT keep_return_courses($1, $2)', [clinicId, ids]);
  };
  const keepOf = async (treatmentId: string): Promise<void> => {
    await admin.query(
      'SELECT keep_return_courses($1, array_agg(patient_id)) FROM treatment WHERE clinic_id = $1 AND id = $2',
      [clinicId, treatmentId],
    );
  };

  const sign = async (
    rows: readonly { readonly id: string; readonly patientId: string; readonly treatedOn: string }[],
    signed: Signed = {},
  ): Promise<void> => {
    const { areas = ['glabella'], practitioner = 'prescriber', signedAt, amends, completes } = signed;
    const by = actor[practitioner].staffId;
    const ids = rows.map(({ id }) => id);
    await admin.query(
      `INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, kind, completes_id,
         amends_id, amend_reason)
       SELECT $1, id, patient_id, $2, $3, treated_on, $4, $5, $6::uuid, CASE WHEN $6::uuid IS NULL THEN NULL ELSE 'corrected' END
         FROM unnest($7::uuid[], $8::uuid[], $9::date[]) AS t (id, patient_id, treated_on)`,
      [
        clinicId,
        by,
        signed.locationId ?? locationId,
        completes === undefined ? 'full' : 'touch-up',
        completes === undefined ? null : (treated.get(completes) ?? null),
        amends ?? null,
        ids,
        rows.map(({ patientId }) => patientId),
        rows.map(({ treatedOn }) => treatedOn),
      ],
    );
    // The checks of thousands of injections would otherwise be planned as if there were hardly a treatment.
    if (rows.length > 100) await admin.query('ANALYZE treatment');
    await admin.query(
      `INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
       SELECT $1, gen_random_uuid(), t, a, 'midline', 'ona', $2, 4
         FROM unnest($3::uuid[]) t, unnest($4::text[]) a, generate_series(1, 2)`,
      [clinicId, lotId, ids, areas],
    );
    await admin.query(
      `UPDATE treatment SET status = 'signed', signed_at = coalesce($3::timestamptz, treated_on + time '12:00'),
         signed_by = $4, signed_name = 'Dr Ada Okafor', signed_meaning = 'I treated', content_hash = 'test'
        WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`,
      [clinicId, ids, signedAt ?? null, by],
    );
    await keep(rows.map(({ patientId }) => patientId));
  };

  const records: Records = {
    locationId,
    location,
    async patient() {
      const [id = ''] = await patients(1);
      return id;
    },
    async treatment(patientId, treatedOn, signed) {
      const id = newId();
      await sign([{ id, patientId, treatedOn }], signed);
      treated.set(`${patientId} ${treatedOn}`, id);
      return id;
    },
    async withdrawal(treatmentId, at, cause = 'entered-in-error') {
      await admin.query(
        `INSERT INTO treatment_withdrawal (clinic_id, treatment_id, cause, reason, at, staff_id)
         VALUES ($1, $2, $3, 'a mistake', $4, $5)`,
        [clinicId, treatmentId, cause, at, actor.prescriber.staffId],
      );
      await keepOf(treatmentId);
    },
    async amendment(treatmentId, at, signed) {
      const { rows } = await admin.query<{ patient_id: string; treated_on: string }>(
        'SELECT patient_id, treated_on::text FROM treatment WHERE clinic_id = $1 AND id = $2',
        [clinicId, treatmentId],
      );
      const [old] = rows;
      if (!old) throw new Error('There is nothing to amend');
      const id = newId();
      await sign([{ id, patientId: old.patient_id, treatedOn: old.treated_on }], {
        ...signed,
        signedAt: at,
        amends: treatmentId,
      });
      await records.withdrawal(treatmentId, at, 'amended');
      return id;
    },
    async departure(patientId, cause, on, recordedAt) {
      const known = recordedAt ?? `${on}T12:00:00Z`;
      await admin.query(
        'UPDATE patient SET status = $3, status_on = $4, status_recorded_at = $5 WHERE clinic_id = $1 AND id = $2',
        [clinicId, patientId, cause, on, known],
      );
    },
    async many(count, days, signed) {
      const ids = await patients(count);
      await sign(
        ids.flatMap((patientId) => days.map((treatedOn) => ({ id: newId(), patientId, treatedOn }))),
        signed,
      );
    },
  };
  return records;
}
