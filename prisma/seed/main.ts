import { CatalogueRepository, CatalogueService } from '#catalogue';
import { createPool, Database, sql, systemActor, type Tx } from '#database';
import { hashPassword } from '#identity';
import { dateIn, FixedClock } from '#kernel';
import { PatientsRepository, PatientsService } from '#patients';
import { windowsOver } from '#repeat-visits';
import { CoursesRepository } from '#reports';

import { Chance } from './chance.js';
import { beganOn, setUp, type ClinicPlan } from './clinic/clinic.js';
import { FOUND_NOTHING, LET_WAIT } from './visits/clinicians.js';
import { course } from './visits/courses.js';
import { DEMO_PASSWORD } from './demo-accounts.js';
import { HARLEY, SOHO } from './demo-clinics.js';
import { Diary } from './visits/diary.js';
import { register } from './clinic/people.js';
import { insert, madeId, Records } from './rows.js';
import { shelve } from './clinic/shelves.js';
import { stock } from './clinic/stock.js';
import { signAsItWas } from './visits/windows.js';
import { signConsultations } from './visits/signed-consultations.js';

/** As rows may refer to each other; a treatment stays a draft until its injections are in. */
const SET_UP = [
  'staff',
  'location',
  'opening_hours',
  'closed_day',
  'extra_opening',
  'room',
  'working_hours',
  'absence',
  'appointment_type',
] as const;
const BEFORE_SIGNING = [
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
  'contact_attempt',
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
/** From when on what is written was known. */
const KNOWN_FROM = sql(`SELECT set_config('app.now', $1, true)`);

// The desk has tried some patients lately: most were out, a few want to hear again next month.
const CALLED = sql(`
  WITH desk AS (
    SELECT id FROM staff WHERE clinic_id = $1 AND 'receptionist' = ANY (roles) ORDER BY id LIMIT 1
  ), tried AS (
    INSERT INTO contact_attempt (clinic_id, id, patient_id, initiated_by, channel, outcome, until, area_ids, on_day, at, staff_id)
    SELECT $1, ${madeId('contact', 'p.id')}, p.id, 'clinic', 'phone', CASE p.number % 3 WHEN 0 THEN 'later' ELSE 'no-answer' END,
           CASE p.number % 3 WHEN 0 THEN $2::date + 30 END, '{}', $2::date - 3, $2::date - 3 + time '11:00', desk.id
      FROM patient p, desk WHERE p.clinic_id = $1 AND p.number % 7 = 5 AND p.status = 'active' AND NOT p.do_not_contact
    RETURNING clinic_id, patient_id, on_day
  )
  INSERT INTO recall_card (clinic_id, patient_id, last_contact_on)
  SELECT clinic_id, patient_id, max(on_day) FROM (
    SELECT * FROM tried UNION ALL SELECT clinic_id, patient_id, on_day FROM contact_attempt WHERE clinic_id = $1) c GROUP BY 1, 2`);

// What the office of the demo sees of privacy: how long records are kept, one kept for a complaint, and one that a practitioner
// opened in an emergency and nobody has looked at yet.
const PRIVACY = [
  sql(`INSERT INTO privacy_setting (clinic_id, retention_years, retention_automatic, emergency_access, emergency_minutes, updated_at)
       VALUES ($1, 10, false, true, 30, $2::date)`),
  sql(`INSERT INTO legal_hold (clinic_id, id, patient_id, reason, placed_by, placed_at)
       SELECT $1, ${madeId('hold', 'p.id')}, p.id,
              'Complaint with the insurer, their reference 26/118', s.id, $2::date - 40 + time '10:00'
         FROM (SELECT id FROM patient WHERE clinic_id = $1 ORDER BY number LIMIT 1 OFFSET 3) p,
              (SELECT id FROM staff WHERE clinic_id = $1 AND 'admin' = ANY (roles) ORDER BY id LIMIT 1) s`),
  sql(`INSERT INTO emergency_access (clinic_id, id, patient_id, staff_id, reason, opened_at, ends_at)
       SELECT $1, ${madeId('emergency', 'p.id')}, p.id, s.id,
              'Rang with trouble swallowing two days after a treatment', at, at + interval '30 min'
         FROM (SELECT id FROM patient WHERE clinic_id = $1 ORDER BY number LIMIT 1 OFFSET 6) p,
              (SELECT id FROM staff WHERE clinic_id = $1 AND 'practitioner' = ANY (roles) ORDER BY id LIMIT 1) s,
              (SELECT $2::date - 2 + time '19:40' AS at) o`),
];

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
    await tx.run(KNOWN_FROM, [beganOn(plan, now).toISOString()]);
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
  await records.insert(tx, SET_UP);
  await tx.run(KNOWN_FROM, [now.toISOString()]);
  await records.insert(tx, BEFORE_SIGNING);
  await signConsultations(tx, records.of('consultation_signature'));
  await insert(tx, 'signed_record', records.of('signed_record'));
  const patients = new PatientsService(new PatientsRepository());
  const windows = windowsOver(patients, catalogue);
  await signAsItWas(tx, windows, records.of('treatment'), records.of('signature'));
  await insert(tx, 'follow_up', records.of('follow_up'));
  await tx.run(FOUND_NOTHING, [tx.clinicId, today]);
  await tx.run(LET_WAIT, [tx.clinicId, today]);
  await tx.run(CALLED, [tx.clinicId, today]);
  for (const statement of PRIVACY) await tx.run(statement, [tx.clinicId, today]);
  await new CoursesRepository().keep(
    tx,
    people.map(({ id }) => id),
  );
}
