import { seedCatalogue } from '#catalogue';
import type { TestDatabase } from '#database/testing';
import type { TestClinic } from '#identity/testing';
import { canonicalJson, newId, textHash } from '#kernel';

import { signedContent, type SignedInjection } from '../domain/signed-content.js';

type Admin = Pick<TestDatabase, 'admin'>;

export interface RecordedDose {
  /** Catalogue ids. */
  readonly product: string;
  readonly area: string;
  /** Units of that product, in one point. */
  readonly units: number;
}

export interface TreatmentToRecord {
  readonly patientId: string;
  /** YYYY-MM-DD */
  readonly treatedOn: string;
  /** Left out: 20 units of ona in the frown lines. */
  readonly doses?: readonly RecordedDose[];
  readonly kind?: 'full' | 'touch-up';
  /** The treatment a touch-up completes; left out: the patient's newest full one. */
  readonly completesId?: string;
  readonly practitionerId?: string;
  readonly locationId?: string;
  readonly appointmentId?: string;
  /** Set: an amended version in place of this one. */
  readonly amendsId?: string;
  /** Set: withdrawn as entered in error, for this reason. */
  readonly enteredInError?: string;
}

/** A treatment as signing leaves it, inserted past the rules of signing; returns its id. */
export async function aSignedTreatment(
  db: Admin,
  clinic: TestClinic,
  treatment: TreatmentToRecord,
): Promise<string> {
  const { clinicId, actor } = clinic;
  const id = newId();
  const doses = treatment.doses ?? [{ product: 'ona', area: 'glabella', units: 20 }];
  const kind = treatment.kind ?? 'full';
  const locationId = treatment.locationId ?? (await aLocation(db, clinic));
  const practitionerId = treatment.practitionerId ?? actor.prescriber.staffId;
  const completesId =
    kind === 'full' ? null : (treatment.completesId ?? (await newestFull(db, clinic, treatment)));
  const { amendsId = null } = treatment;
  const amendReason = amendsId === null ? null : 'Another lot';
  const signedAt = new Date(`${treatment.treatedOn}T16:00:00Z`);
  const signature = {
    signedAt: signedAt.toISOString(),
    signedBy: practitionerId,
    signedName: 'Dr Ada Okafor',
    signedMeaning: 'I gave this treatment as recorded',
  };
  await db.admin.query(
    `INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, treated_on, kind, completes_id,
                            amends_id, amend_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      clinicId,
      id,
      treatment.patientId,
      practitionerId,
      locationId,
      treatment.appointmentId ?? null,
      treatment.treatedOn,
      kind,
      completesId,
      amendsId,
      amendReason,
    ],
  );
  const injections: SignedInjection[] = [];
  for (const { product, area, units } of doses) {
    const lot = await aLot(db, clinic, { product });
    const point = { id: newId(), area, muscle: null, side: 'midline', x: null, y: null, depth: null };
    injections.push({ ...point, product, lotId: lot.id, lotNumber: lot.number, units, volumeMl: null });
    await db.admin.query(
      `INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [clinicId, point.id, id, area, point.side, product, lot.id, units],
    );
  }
  const content = signedContent({
    id,
    patientId: treatment.patientId,
    practitionerId,
    locationId,
    appointmentId: treatment.appointmentId ?? null,
    clearanceId: null,
    treatedOn: treatment.treatedOn,
    kind,
    completesId,
    amendsId,
    amendReason,
    note: null,
    injections,
    doseFindings: [],
    ...signature,
  });
  const text = canonicalJson(content);
  const contentHash = textHash(text);
  await db.admin.query(
    `INSERT INTO signed_record (clinic_id, kind, record_id, content, content_hash, signed_at) VALUES ($1, 'treatment', $2, $3, $4, $5)`,
    [clinicId, id, text, contentHash, signedAt],
  );
  await db.admin.query(
    `UPDATE treatment SET status = 'signed', signed_at = $3, signed_by = $4, signed_name = $5, signed_meaning = $6, content_hash = $7
      WHERE clinic_id = $1 AND id = $2`,
    [clinicId, id, signedAt, signature.signedBy, signature.signedName, signature.signedMeaning, contentHash],
  );
  const withdraw = (treatmentId: string, cause: string, reason: string, by: string | null) =>
    db.admin.query(
      `INSERT INTO treatment_withdrawal (clinic_id, treatment_id, cause, reason, replaced_by_id, staff_id)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [clinicId, treatmentId, cause, reason, by, practitionerId],
    );
  if (amendsId !== null) await withdraw(amendsId, 'amended', 'Another lot', id);
  if (treatment.enteredInError !== undefined)
    await withdraw(id, 'entered-in-error', treatment.enteredInError, null);
  return id;
}

export interface LotToRecord {
  readonly product: string;
  readonly number?: string;
  readonly expiresOn?: string;
  readonly vialUnits?: number;
  readonly status?: 'in-use' | 'quarantined' | 'recalled';
}

/** A lot in the clinic's stock; asked again for the same product and number it is the same lot. */
export async function aLot(
  { admin }: Admin,
  { clinicId, actor }: TestClinic,
  {
    product,
    number = `T-${product}`,
    expiresOn = '2090-12-31',
    vialUnits = 100,
    status = 'in-use',
  }: LotToRecord,
): Promise<{ id: string; number: string }> {
  await reference({ admin });
  const { rows } = await admin.query<{ id: string }>(
    `INSERT INTO lot (clinic_id, id, product_id, number, expires_on, vial_units, status, received_on, received_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '2020-01-01', $8)
     ON CONFLICT (clinic_id, product_id, number) DO UPDATE SET number = EXCLUDED.number RETURNING id`,
    [clinicId, newId(), product, number, expiresOn, vialUnits, status, actor.practitioner.staffId],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The lot was not kept');
  return { id, number };
}

// What the catalogue's seed puts there; a test database that was seeded already keeps its rows.
async function reference({ admin }: Admin): Promise<void> {
  const { products, areas } = seedCatalogue();
  for (const { id, inn, unitLabel } of products) {
    await admin.query(
      'INSERT INTO product (id, inn, unit_label) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [id, inn, unitLabel],
    );
  }
  for (const { id, name, offLabelOnly } of areas) {
    await admin.query('INSERT INTO area (id, name, on_label) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      id,
      name,
      !offLabelOnly,
    ]);
  }
}

async function aLocation({ admin }: Admin, { clinicId }: TestClinic): Promise<string> {
  const present = await admin.query<{ id: string }>(
    'SELECT id FROM location WHERE clinic_id = $1 ORDER BY name LIMIT 1',
    [clinicId],
  );
  if (present.rows[0]) return present.rows[0].id;
  const id = newId();
  await admin.query(
    `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, 'Harley Street', 'Europe/London')`,
    [clinicId, id],
  );
  return id;
}

async function newestFull(
  { admin }: Admin,
  { clinicId }: TestClinic,
  { patientId, treatedOn }: TreatmentToRecord,
): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    `SELECT id FROM treatment WHERE clinic_id = $1 AND patient_id = $2 AND kind = 'full' AND treated_on <= $3
      ORDER BY treated_on DESC LIMIT 1`,
    [clinicId, patientId, treatedOn],
  );
  const [row] = rows;
  if (!row) throw new Error('A touch-up needs a full treatment to complete');
  return row.id;
}
