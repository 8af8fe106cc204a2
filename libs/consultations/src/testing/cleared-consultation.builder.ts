import { createHash } from 'node:crypto';

import type { TestDatabase } from '#database/testing';
import type { TestClinic } from '#identity/testing';
import { addDays, calendarDate, dateIn, newId } from '#kernel';

import { SCREENING, SCREENING_VERSION } from '../domain/screening.js';

export interface ClearedConsultation {
  readonly consultationId: string;
  readonly clearanceId: string;
  readonly locationId: string;
}

export interface ConsultationToRecord {
  readonly patientId: string;
  /** YYYY-MM-DD; left out: today in London. */
  readonly decidedOn?: string;
  /** Left out: up to 100 units of ona in each upper-face area. */
  readonly plan?: readonly { readonly area: string; readonly product: string; readonly units: number }[];
  /** What the patient said, by question; every question not named is answered unremarkably. */
  readonly answers?: Readonly<Record<string, string>>;
  readonly consentsToTreatment?: boolean;
  readonly offLabelAreas?: readonly string[];
  /** Days the clearance holds; left out: 180. */
  readonly validDays?: number;
  readonly locationId?: string;
  /** When the prescriber saw the patient; left out: that day. */
  readonly faceToFaceOn?: string;
}

/** A consultation as clearing leaves it: screened, planned, consented and cleared by the clinic's prescriber on one day. */
export async function aClearedConsultation(
  { admin }: Pick<TestDatabase, 'admin'>,
  { clinicId, actor }: TestClinic,
  record: ConsultationToRecord,
): Promise<ClearedConsultation> {
  const { patientId, answers = {}, offLabelAreas = [], validDays = 180, consentsToTreatment = true } = record;
  const day = calendarDate(record.decidedOn ?? dateIn(new Date(), 'Europe/London'));
  // Wide enough that a test of something else is not one of what was cleared.
  const plan =
    record.plan ??
    ['glabella', 'forehead', 'lateral_canthal'].map((area) => ({ area, product: 'ona', units: 100 }));
  const { staffId } = actor.prescriber;
  const [consultationId, clearanceId] = [newId(), newId()];
  const locationId = record.locationId ?? (await aLocation(admin, clinicId));
  await admin.query(
    `INSERT INTO consultation (clinic_id, id, patient_id, practitioner_id, location_id, held_on, status, catalogue_version)
     VALUES ($1, $2, $3, $4, $5, $6, 'closed', 1)`,
    [clinicId, consultationId, patientId, staffId, locationId, day],
  );
  for (const { area, product, units } of plan) {
    await admin.query(
      'INSERT INTO plan_item (clinic_id, consultation_id, area_id, product_id, units) VALUES ($1, $2, $3, $4, $5)',
      [clinicId, consultationId, area, product, units],
    );
  }
  for (const { id, unremarkable } of SCREENING) {
    const value = answers[id] ?? unremarkable[0];
    await admin.query(
      `INSERT INTO screening_answer (clinic_id, id, consultation_id, patient_id, question_id, questionnaire_version, answer, answered_on, recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        clinicId,
        newId(),
        consultationId,
        patientId,
        id,
        SCREENING_VERSION,
        JSON.stringify({ value }),
        day,
        staffId,
      ],
    );
  }
  const consents = [
    ...(consentsToTreatment ? [{ kind: 'treatment', area: null }] : []),
    ...offLabelAreas.map((area) => ({ kind: 'off-label', area })),
  ];
  for (const { kind, area } of consents) {
    const textHash = createHash('sha256')
      .update(`${kind} ${area ?? ''}`)
      .digest('hex');
    await admin.query(
      `INSERT INTO consent (clinic_id, id, consultation_id, patient_id, kind, area_id, text_version, text_hash, signed_name, signed_at, taken_by)
       VALUES ($1, $2, $3, $4, $5, $6, '1', $7, 'A Patient', $8, $9)`,
      [clinicId, newId(), consultationId, patientId, kind, area, textHash, `${day}T10:00:00Z`, staffId],
    );
  }
  await admin.query(
    `INSERT INTO clearance (clinic_id, id, consultation_id, patient_id, outcome, decided_on, expires_on, decided_by, prescriber_id, face_to_face_on)
     VALUES ($1, $2, $3, $4, 'cleared', $5, $6, $7, $7, $8)`,
    [
      clinicId,
      clearanceId,
      consultationId,
      patientId,
      day,
      addDays(day, validDays),
      staffId,
      record.faceToFaceOn ?? day,
    ],
  );
  return { consultationId, clearanceId, locationId };
}

async function aLocation(admin: TestDatabase['admin'], clinicId: string): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    'SELECT id FROM location WHERE clinic_id = $1 ORDER BY name LIMIT 1',
    [clinicId],
  );
  if (rows[0]) return rows[0].id;
  const id = newId();
  await admin.query(
    `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, 'Harley Street', 'Europe/London')`,
    [clinicId, id],
  );
  return id;
}
