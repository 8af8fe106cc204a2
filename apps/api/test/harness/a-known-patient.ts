import { aClearedConsultation } from '#consultations/testing';
import { FileStore, fileKey } from '#files';
import { newId } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { aSignedTreatment } from '#treatments/testing';

import type { TestApi } from './test-api.js';

/** Words that stand nowhere else in a test's database. */
export const KNOWN = {
  givenName: 'Quirinalda',
  familyName: 'Zwetschgenbaum',
  preferredName: 'Quirli',
  birthDate: '1971-04-23',
  email: 'quirinalda.z@post.example',
  phone: '+44 7700 911 977',
} as const;

/** As they are looked for, without regard to case. */
export const TELL_WHO = [
  'quirinalda',
  'zwetschgenbaum',
  'quirli',
  '1971-04-23',
  '7700911977',
  '7700 911 977',
];

/** Of a review, as it is kept. */
const OUTCOME = JSON.stringify({
  note: 'Quirinalda is pleased',
  areas: [],
  satisfaction: null,
  nonResponse: [],
  tooSoonToTell: [],
  touchUps: [],
  pathway: [],
});

export interface KnownPatient {
  readonly id: string;
  readonly mergedId: string;
  readonly desk: TestDesk;
  readonly appointmentId: string;
  readonly treatmentId: string;
}

/** A patient with two records and a row in every table, whose name stands wherever people write. */
export async function aKnownPatient(api: TestApi, treatedOn = '2026-02-03'): Promise<KnownPatient> {
  const { clinic, db } = api;
  const { clinicId } = clinic;
  const by = clinic.actor.receptionist.staffId;
  const desk = await aDesk(db, clinic);
  const sql = (text: string, values: unknown[]): Promise<unknown> => db.admin.query(text, values);
  const register = async (changed: object): Promise<string> => {
    const body = { ...KNOWN, ...changed, note: 'Quirinalda prefers mornings', notADuplicate: true };
    const headers = { 'idempotency-key': newId() };
    return String((await api.send('receptionist', 'POST', '/v1/patients', { body, headers })).body['id']);
  };
  const id = await register({});
  const mergedId = await register({ familyName: 'Zwetschgenbaum-Alt' });
  await sql(`UPDATE patient SET status = 'merged', merged_into_id = $3 WHERE clinic_id = $1 AND id = $2`, [
    clinicId,
    mergedId,
    id,
  ]);
  for (const [of, text] of [
    [id, 'Allergic, says Quirinalda'],
    [mergedId, 'Old record of Quirli'],
  ] as const)
    await sql(
      `INSERT INTO health_fact (clinic_id, id, patient_id, kind, text, noted_on, recorded_by)
       VALUES ($1, $2, $3, 'allergy', $4, $5, $6)`,
      [clinicId, newId(), of, text, treatedOn, by],
    );
  await api.send('practitioner', 'POST', `/v1/patients/${id}/prior-toxins`, {
    body: { indication: 'Ms Zwetschgenbaum had migraine', givenOn: '2025-02-03' },
  });
  const appointmentId = newId();
  await sql(
    `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to,
                              status, booked_by, note, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz + interval '30 min', $7::timestamptz, $7::timestamptz + interval '30 min',
             'fulfilled', $8, 'Ring Quirinalda at +44 7700 911 977 first', $7, $7)`,
    [
      clinicId,
      appointmentId,
      id,
      desk.doctorId,
      desk.london.id,
      desk.type.treatment,
      `${treatedOn}T10:00:00Z`,
      by,
    ],
  );
  await sql(
    `INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, staff_id, reason, detail, at)
     VALUES ($1, $2, 1, 'book', 'booked', $3, 'Quirinalda asked', '{"said": "for Zwetschgenbaum"}', $4)`,
    [clinicId, appointmentId, by, `${treatedOn}T09:00:00Z`],
  );
  const { clearanceId, consultationId } = await aClearedConsultation(db, clinic, {
    patientId: id,
    decidedOn: treatedOn,
  });
  await sql(
    `INSERT INTO consent (clinic_id, id, consultation_id, patient_id, kind, text_version, text_hash, signed_name, signed_at, taken_by)
     VALUES ($1, $2, $3, $4, 'photo', '1', 'x', 'Quirinalda Zwetschgenbaum', $5, $6)`,
    [clinicId, newId(), consultationId, id, `${treatedOn}T10:00:00Z`, desk.doctorId],
  );
  await sql(
    `INSERT INTO safety_finding (clinic_id, id, consultation_id, rule_code, rule_version, severity, because, evidence)
     VALUES ($1, $2, $3, 'dry-eye', 1, 'acknowledge', 'Quirinalda said so', '{"note": "born 1971-04-23"}')`,
    [clinicId, newId(), consultationId],
  );
  const treatmentId = await aSignedTreatment(db, clinic, {
    patientId: id,
    treatedOn,
    appointmentId,
    locationId: desk.london.id,
  });
  await aSignedTreatment(db, clinic, {
    patientId: mergedId,
    treatedOn,
    enteredInError: 'That was not Quirinalda',
    locationId: desk.london.id,
  });
  const draft = newId();
  await sql(
    `INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, note, clearance_id)
     VALUES ($1, $2, $3, $4, $5, $6, 'Zwetschgenbaum wants little', $7)`,
    [clinicId, draft, id, desk.doctorId, desk.london.id, treatedOn, clearanceId],
  );
  await sql(
    `UPDATE treatment SET status = 'signed', signed_at = $3, signed_by = $4, signed_name = 'Dr', signed_meaning = 'x', content_hash = 'y',
            note = 'Mrs ZWETSCHGENBAUM, Quirli to friends, tolerated it well', kind = 'touch-up', completes_id = $5 WHERE clinic_id = $1 AND id = $2`,
    [clinicId, draft, `${treatedOn}T11:00:00Z`, desk.doctorId, treatmentId],
  );
  await sql(
    `INSERT INTO follow_up (clinic_id, id, patient_id, treatment_id, practitioner_id, kind, treated_on, non_response_day, rule_ids, area_ids, due_from, due_to,
                            status, outcome, completed_on, completed_by)
     VALUES ($1, $2, $3, $4, $6, 'review', $5, 28, '{}', '{glabella}', $5, $5, 'completed', $7, $5, $6)`,
    [clinicId, newId(), id, treatmentId, treatedOn, desk.doctorId, OUTCOME],
  );
  await sql(
    `INSERT INTO repeat_visit_window (clinic_id, id, patient_id, area_id, treatment_id, location_id, product_id, protocol_version, input_hash,
                                      input, outcome, issued_at)
     VALUES ($1, $2, $3, 'glabella', $4, $5, 'ona', '1', 'h', '{}', '{}', $6)`,
    [clinicId, newId(), id, treatmentId, desk.london.id, `${treatedOn}T12:00:00Z`],
  );
  const entryId = newId();
  await sql(
    `INSERT INTO waitlist_entry (clinic_id, id, patient_id, type_id, from_day, to_day, note, joined_by, joined_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $5, 'Quirinalda can come at once', $6, $7, $7)`,
    [clinicId, entryId, id, desk.type.treatment, treatedOn, by, `${treatedOn}T09:00:00Z`],
  );
  await sql(
    `INSERT INTO waitlist_change (clinic_id, entry_id, version, verb, status, at, reason) VALUES ($1, $2, 1, 'join', 'waiting', $3, 'Quirli rang')`,
    [clinicId, entryId, `${treatedOn}T09:00:00Z`],
  );
  await sql(
    `UPDATE patient SET emergency_contact = '{"name": "Otto Zwetschgenbaum", "phone": "+44 7700 911 977"}' WHERE id = $1`,
    [id],
  );
  await sql(
    `INSERT INTO identity_check (clinic_id, id, patient_id, evidence, proves, note, checked_on, checked_by, created_at)
     VALUES ($1, $2, $3, 'passport', '{identity}', 'Passport of Quirinalda', $4::date, $5, $4::date)`,
    [clinicId, newId(), id, treatedOn, by],
  );
  const [photoFile, letterFile] = [newId(), newId()];
  for (const file of [photoFile, letterFile])
    await sql(
      `INSERT INTO stored_file (clinic_id, id, key, media_type, bytes, width, height, sha256, sent_sha256, created_at)
       VALUES ($1, $2, $3, 'image/jpeg', 3, 1, 1, repeat('a', 64), repeat('b', 64), $4)`,
      [clinicId, file, fileKey(clinicId, treatedOn, file), treatedOn],
    );
  for (const file of [photoFile, letterFile])
    await api.app
      .get(FileStore, { strict: false })
      .put(fileKey(clinicId, treatedOn, file), Buffer.from('jpg'), 'image/jpeg');
  await sql(
    `INSERT INTO photo (clinic_id, id, patient_id, file_id, taken_on, view, expression, area_ids, phase, note, recorded_by, created_at)
     VALUES ($1, $2, $3, $4, $5::date, 'frontal', 'rest', '{}', 'before', 'Quirinalda at rest', $6, $5::date)`,
    [clinicId, newId(), id, photoFile, treatedOn, by],
  );
  await sql(
    `INSERT INTO patient_document (clinic_id, id, patient_id, file_id, kind, title, dated_on, recorded_by, created_at)
     VALUES ($1, $2, $3, $4, 'correspondence', 'Letter of Quirinalda Zwetschgenbaum', $5::date, $6, $5::date)`,
    [clinicId, newId(), id, letterFile, treatedOn, by],
  );
  await sql(
    `INSERT INTO signed_record (clinic_id, kind, record_id, content, content_hash, signed_at)
     VALUES ($1, 'consultation', $2, '{"note": "Mrs Zwetschgenbaum"}', 'h', $3)`,
    [clinicId, consultationId, treatedOn],
  );
  return { id, mergedId, desk, appointmentId, treatmentId };
}

/** Where a word stands: `table.column`, over every text, JSON and bytes column of every schema, the queue's too. */
export async function whereItStands(api: TestApi, words: readonly string[]): Promise<string[]> {
  const { admin } = api.db;
  const columns = await admin.query<{ schema: string; name: string; column: string; binary: boolean }>(`
    SELECT n.nspname AS schema, c.relname AS name, a.attname AS column, a.atttypid = 'bytea'::regtype AS binary
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
       AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, 3`);
  const found: string[] = [];
  for (const { schema, name, column, binary } of columns.rows) {
    const text = binary ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rows } = await admin.query(
      `SELECT 1 FROM "${schema}"."${name}" WHERE lower(${text}) LIKE ANY ($1) LIMIT 1`,
      [words.map((word) => `%${word}%`)],
    );
    if (rows.length > 0) found.push(`${name}.${column}`);
  }
  return found;
}
