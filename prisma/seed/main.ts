import { CatalogueRepository, CatalogueService } from '#catalogue';
import { createPool, Database, sql, systemActor, type Tx } from '#database';
import { hashPassword } from '#identity';
import { dateIn, FixedClock } from '#kernel';
import { PatientEventsPort, PatientRecords, PatientsRepository, PatientsService } from '#patients';
import { windowsOver } from '#repeat-visits';
import { CoursesRepository } from '#reports';

import { Chance } from './chance.js';
import { setUp, type ClinicPlan } from './clinic/clinic.js';
import { course } from './visits/courses.js';
import { DEMO_PASSWORD } from './demo-accounts.js';
import { HARLEY, SOHO } from './demo-clinics.js';
import { Diary } from './visits/diary.js';
import { register } from './clinic/people.js';
import { insert, Records } from './rows.js';
import { shelve } from './clinic/shelves.js';
import { stock } from './clinic/stock.js';
import { signConsultations } from './visits/signed-consultations.js';

/** As rows may refer to each other; a treatment stays a draft until its injections are in. */
const BEFORE_SIGNING = [
  'staff',
  'location',
  'opening_hours',
  'closed_day',
  'extra_opening',
  'room',
  'working_hours',
  'absence',
  'appointment_type',
  'patient',
  'health_fact',
  'prior_toxin',
  'identity_check',
  'lot',
  'vial',
  'vial_movement',
  'recall_case',
  'appointment',
  'appointment_change',
  'consultation',
  'screening_answer',
  'plan_item',
  'safety_finding',
  'severity_score',
  'clearance',
  'consent_text',
  'consent',
  'treatment',
  'injection',
] as const;

const KNOWN = sql('SELECT 1 AS known FROM clinic WHERE id = $1');
const CREATE = sql(`
  INSERT INTO clinic (id, slug, name, market, last_patient_number) VALUES ($1, $2, $3, $4, $5)`);
const SIGN = sql(`
  UPDATE treatment t SET status = 'signed', signed_at = s.signed_at, signed_by = s.signed_by, signed_name = s.signed_name,
         signed_meaning = s.signed_meaning, content_hash = s.content_hash, version = 2, updated_at = s.signed_at
    FROM json_populate_recordset(NULL::treatment, $2) s WHERE t.clinic_id = $1 AND t.id = s.id`);

// In two patients the last treatment showed nothing at the check, and a prescriber has begun to look into it.
const FOUND_NOTHING = sql(`
  WITH checks AS (
    SELECT f.id, f.area_ids[1] AS area, (
             SELECT jsonb_agg(jsonb_build_object('area', a, 'result', CASE WHEN n = 1 THEN 'none' ELSE 'full' END, 'touchUp', 'not-needed'))
               FROM unnest(f.area_ids) WITH ORDINALITY AS given (a, n)) AS areas
      FROM follow_up f
      JOIN patient p ON p.clinic_id = f.clinic_id AND p.id = f.patient_id AND p.status = 'active'
     WHERE f.clinic_id = $1 AND f.kind = 'non-response-check' AND f.status = 'missed' AND f.due_to < $2::date - 2
     ORDER BY f.due_to DESC, f.id LIMIT 2
  ), done AS (
    UPDATE follow_up f SET status = 'completed', completed_on = f.due_to + 2, completed_by = f.practitioner_id, version = f.version + 1,
           outcome = jsonb_build_object('areas', c.areas, 'satisfaction', 2, 'note', NULL, 'adverseEventIds', '[]'::jsonb,
                       'nonResponse', jsonb_build_array(c.area), 'tooSoonToTell', '[]'::jsonb, 'touchUps', '[]'::jsonb,
                       'pathway', '["technique", "muscles", "antibodies"]'::jsonb)
      FROM checks c WHERE f.clinic_id = $1 AND f.id = c.id
    RETURNING f.id, f.patient_id, f.treatment_id, f.practitioner_id, f.treated_on, f.completed_on, c.area
  ), opened AS (
    INSERT INTO non_response_pathway (clinic_id, id, patient_id, area_id, follow_up_id, treatment_id, practitioner_id, treated_on, found_on,
                                      opened_at, version)
    SELECT $1, overlay(overlay(md5('pathway ' || id) placing '4' from 13) placing '8' from 17)::uuid, patient_id, area, id, treatment_id,
           practitioner_id, treated_on, completed_on, completed_on + time '11:00', 2
      FROM done RETURNING id, opened_at
  )
  INSERT INTO non_response_step (clinic_id, pathway_id, version, step, finding, note, decided_by, decided_at)
  SELECT $1, opened.id, 2, 'technique', 'ruled-out', 'Points and depth as in the photographs of last time', prescriber.id, opened_at
    FROM opened, (SELECT id FROM staff WHERE clinic_id = $1 AND is_prescriber ORDER BY id LIMIT 1) prescriber`);

// Two patients wait for a day a prescriber chose, six weeks after the calculated one.
const LET_WAIT = sql(`
  INSERT INTO window_override (clinic_id, id, patient_id, area_id, not_before, calculated, after_treatment_on, reason, staff_id, decided_at)
  SELECT $1, overlay(overlay(md5('override ' || w.id) placing '4' from 13) placing '8' from 17)::uuid, w.patient_id, w.area_id, w.target + 42,
         w.target, t.treated_on, 'Wants some movement back before the next treatment', prescriber.id, $2::date - 1 + time '15:00'
    FROM repeat_visit_window w
    JOIN patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id AND p.status = 'active'
    JOIN treatment t ON t.clinic_id = w.clinic_id AND t.id = w.treatment_id,
         (SELECT id FROM staff WHERE clinic_id = $1 AND is_prescriber ORDER BY id LIMIT 1) prescriber
   WHERE w.clinic_id = $1 AND w.status = 'open' AND w.target BETWEEN $2::date - 14 AND $2::date + 14
   ORDER BY w.target, w.patient_id, w.area_id LIMIT 2`);

// The desk has tried some patients lately: most were out, a few want to hear again next month.
const CALLED = sql(`
  WITH desk AS (
    SELECT id FROM staff WHERE clinic_id = $1 AND 'receptionist' = ANY (roles) ORDER BY id LIMIT 1
  ), tried AS (
    INSERT INTO contact_attempt (clinic_id, id, patient_id, initiated_by, channel, outcome, until, area_ids, on_day, at, staff_id)
    SELECT $1, overlay(overlay(md5('contact ' || p.id) placing '4' from 13) placing '8' from 17)::uuid, p.id, 'clinic', 'phone', CASE p.number % 3 WHEN 0 THEN 'later' ELSE 'no-answer' END,
           CASE p.number % 3 WHEN 0 THEN $2::date + 30 END, '{}', $2::date - 3, $2::date - 3 + time '11:00', desk.id
      FROM patient p, desk WHERE p.clinic_id = $1 AND p.number % 7 = 5 AND p.status = 'active' AND NOT p.do_not_contact
    RETURNING clinic_id, patient_id, on_day
  )
  INSERT INTO recall_card (clinic_id, patient_id, last_contact_on) SELECT clinic_id, patient_id, on_day FROM tried`);

/**
 * Fills a migrated database with the demo clinics, once: a clinic that is there is left as it is. All dates are told
 * from `today` (default now), everything else is the same in every run.
 *
 * @param ownerUrl a role that owns the tables: only an operator may found a clinic
 */
export async function seed({ ownerUrl, today = new Date() }: { ownerUrl: string; today?: Date }): Promise<{
  created: boolean;
}> {
  const database = new Database(
    createPool({ databaseUrl: ownerUrl, databasePoolSize: 1 }),
    new FixedClock(today),
  );
  try {
    const harley = await found(database, HARLEY, today);
    const soho = await found(database, SOHO, today);
    return { created: harley || soho };
  } finally {
    await database.close();
  }
}

function found(database: Database, plan: ClinicPlan, now: Date): Promise<boolean> {
  return database.write(systemActor(plan.clinicId), async (tx) => {
    if (await tx.maybe(KNOWN, [plan.clinicId])) return false;
    await tx.run(CREATE, [plan.clinicId, plan.slug, plan.name, plan.market, plan.patients]);
    await fill(tx, database, plan, now);
    return true;
  });
}

async function fill(tx: Tx, database: Database, plan: ClinicPlan, now: Date): Promise<void> {
  const chance = new Chance(plan.seed);
  const records = new Records();
  const catalogue = new CatalogueService(database, new CatalogueRepository());
  const published = await catalogue.current(tx);
  const clinic = setUp(plan, chance, records, now, await hashPassword(DEMO_PASSWORD));
  const today = dateIn(now, plan.locations[0]?.zone ?? 'UTC');
  const people = register(clinic, chance, records, today);
  const year = {
    chance,
    records,
    clinic,
    now,
    today,
    catalogue: published,
    diary: new Diary(chance, clinic.shifts, clinic.locations, (...where) => clinic.away(...where)),
    lots: stock(clinic, published, chance, records, today),
  };
  shelve(clinic, year.lots, records, today);
  for (const [index, person] of people.entries()) course(year, person, index);
  await records.insert(tx, BEFORE_SIGNING);
  await signConsultations(tx, records.of('consultation_signature'));
  await insert(tx, 'signed_record', records.of('signed_record'));
  await tx.run(SIGN, [tx.clinicId, JSON.stringify(records.of('signature'))]);
  await insert(tx, 'follow_up', records.of('follow_up'));
  await tx.run(FOUND_NOTHING, [tx.clinicId, today]);
  await tx.run(CALLED, [tx.clinicId, today]);
  await new CoursesRepository().keep(
    tx,
    people.map(({ id }) => id),
  );
  const repository = new PatientsRepository();
  const patients = new PatientsService(
    database,
    repository,
    new PatientRecords(database, repository),
    new PatientEventsPort(),
  );
  const windows = windowsOver(patients, catalogue);
  await windows.issueFor(
    tx,
    people.map(({ id }) => id),
    today,
  );
  await tx.run(LET_WAIT, [tx.clinicId, today]);
}
