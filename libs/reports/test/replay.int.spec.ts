import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { addDays, calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';

import { CUTS } from '../src/domain/courses/cuts.js';
import { recordsOf, type Records } from '../src/testing/records.builder.js';
import { diaryOf } from './clinic-figures.builder.js';
import { mayAlsoSeeCharts, reportsOn, type Reports } from './reports-at-work.js';

const YESTERDAY = calendarDate('2025-06-30');
const TODAY = calendarDate('2025-07-01');
const NOON = '2025-07-01T12:00:00Z';
/** Everything the period of the reports holds, a good half year. */
const period = { from: '2025-01-01', to: '2025-06-29' };

describe('every report of yesterday, made again today', () => {
  let db: TestDatabase;
  let reports: Reports;
  let clinic: TestClinic;
  let records: Records;
  let diary: ReturnType<typeof diaryOf>;
  /** The operator, whose changes to the set-up are known from noon of today on. */
  let operator: pg.PoolClient;
  const clock = new FixedClock(new Date('2025-06-30T22:00:00Z'));
  const patients: string[] = [];
  const treatments: string[] = [];
  const visits: string[] = [];
  const patient = (i: number): string => patients[i] ?? '';
  const treatment = (i: number): string => treatments[i] ?? '';
  const visit = (i: number): string => visits[i] ?? '';

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    reports = await reportsOn(db);
    clinic = await aClinic(db);
    records = await recordsOf(db, clinic);
    diary = diaryOf(db, clinic, records.locationId);
    await diary.workingWeek();
    for (let i = 0; i < 12; i += 1) {
      const id = await records.patient();
      patients.push(id);
      const on = addDays(calendarDate('2025-01-06'), i * 3);
      treatments.push(await records.treatment(id, on));
      await diary.window(id, treatment(i), i % 2 === 0 ? 'open' : 'superseded');
      if (i % 3 === 0) await records.treatment(id, addDays(on, 95 + i));
      await diary.review(id, treatment(i), addDays(on, 21), i % 4 === 0 ? addDays(on, 18) : null);
      if (i % 4 === 1) await diary.contact(id, `${addDays(on, 90)}T10:00:00Z`);
      const later =
        i % 5 === 0
          ? [{ verb: 'no-show', status: 'no-show', at: `${addDays(on, 100)}T18:00:00Z` }]
          : i % 5 === 1
            ? [{ verb: 'cancel', status: 'cancelled', at: `${addDays(on, 100)}T08:00:00Z` }]
            : i % 5 === 2
              ? [{ verb: 'complete', status: 'fulfilled', at: `${addDays(on, 100)}T11:00:00Z` }]
              : [];
      const start = `${addDays(on, 100)}T10:00:00Z`;
      visits.push(
        await diary.visit(id, start, {
          bookedAt: `${on}T12:30:00Z`,
          later,
          ...(i === 1 ? { lateCancel: true } : {}),
        }),
      );
    }
    visits.push(await diary.visit(patient(3), '2025-07-07T10:00:00Z', { bookedAt: '2025-06-01T10:00:00Z' }));
    await diary.stock('ona', '2025-09-30', 2, 100);
    operator = await db.admin.connect();
    await operator.query(`SET app.now = '${NOON}'`);
  });
  afterAll(async () => {
    operator.release(true);
    await reports.close();
    await db.drop();
  });

  const documents = async (asOf: string): Promise<[string, string][]> => {
    const texts: [string, string][] = [];
    for (const kind of ['return-rate', 'clinic-figures'] as const)
      for (const format of ['html', 'csv'] as const) {
        const asked = await reports.documents.ask(mayAlsoSeeCharts(clinic.actor.admin), {
          kind,
          format,
          asOf,
          scope: 'same-area',
          cohortBy: 'month',
          by: 'practitioner',
        });
        await reports.make.work({ clinicId: clinic.clinicId, documentId: asked.id });
        const { text } = await reports.documents.content(mayAlsoSeeCharts(clinic.actor.admin), asked.id);
        texts.push([`${kind} as ${format}`, text]);
      }
    return texts;
  };

  /** Everything there is to ask, each answer as the bytes it is sent as. */
  const everything = async (asOf: string): Promise<Map<string, string>> => {
    const admin = mayAlsoSeeCharts(clinic.actor.admin);
    const narrow = { practitionerId: admin.staffId === null ? '' : clinic.actor.prescriber.staffId };
    const answers = new Map<string, string>(await documents(asOf));
    const keep = (name: string, answer: object) => answers.set(name, JSON.stringify(answer));
    for (const [whose, query] of [
      ['the clinic', {}],
      ['one practitioner', narrow],
    ] as const) {
      const { figures } = await reports.figures.ask(admin, { ...period, ...query, asOf });
      for (const figure of figures) keep(`${figure.name} of ${whose}`, figure);
      keep(
        `other systems of ${whose}`,
        await reports.figures.otherSystems(admin, { ...period, ...query, asOf }),
      );
    }
    keep('due forecast', await reports.planning.dueForecast(admin, { asOf, weeks: 6 }));
    keep('expiring stock', await reports.planning.expiringStock(admin, { asOf, days: 365 }));
    for (const scope of ['same-area', 'any-area'] as const) {
      keep(`rate ${scope}`, await reports.rates.ask(admin, { scope, cohortBy: 'month', asOf }));
      for (const cut of CUTS) {
        const page = { scope, asOf, limit: 500, curves: true };
        keep(`groups ${scope} ${cut}`, await reports.groups.groups(admin, { ...page, by: [cut] }));
      }
      const table = { scope, asOf, limit: 500, cohortBy: 'quarter' } as const;
      keep(`cohorts ${scope}`, await reports.groups.cohorts(admin, table));
    }
    return answers;
  };

  const changed = async (id: string, verb: string, before: object, after: object): Promise<void> => {
    await db.admin.query(
      `INSERT INTO patient_change (clinic_id, patient_id, version, verb, at, before, after)
       SELECT $1, $2, coalesce(max(version), 1) + 1, $3, $4, $5, $6 FROM patient_change WHERE clinic_id = $1 AND patient_id = $2`,
      [clinic.clinicId, id, verb, NOON, before, after],
    );
  };
  const moved = async (id: string, verb: string, status: string, set: string, detail: object | null) => {
    await db.admin.query(
      `INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, detail)
       SELECT $1, $2, max(version) + 1, $3, $4, $5, $6, $7 FROM appointment_change WHERE clinic_id = $1 AND appointment_id = $2`,
      [clinic.clinicId, id, verb, status, NOON, clinic.actor.prescriber.staffId, detail],
    );
    await db.admin.query(`UPDATE appointment SET status = $2, updated_at = $3 ${set} WHERE id = $1`, [
      id,
      status,
      NOON,
    ]);
  };
  const placeOf = async (id: string): Promise<object> => {
    const { rows } = await db.admin.query<{ place: object }>(
      `SELECT json_build_object('startsAt', starts_at, 'busyFrom', busy_from, 'busyTo', busy_to, 'practitionerId', practitioner_id,
                'locationId', location_id, 'typeId', type_id) AS place FROM appointment WHERE id = $1`,
      [id],
    );
    return { from: rows[0]?.place };
  };

  /** A busy day: whatever a report reads changes. */
  const aDay = async (): Promise<void> => {
    clock.set(new Date(NOON));
    const { clinicId, actor } = clinic;
    // Treatments signed late, withdrawn, amended and given.
    await records.treatment(patient(4), '2025-05-20', { signedAt: NOON });
    await records.withdrawal(treatment(0), NOON);
    await records.amendment(treatment(2), NOON, { areas: ['forehead'] });
    for (const i of [1, 5, 7]) await records.treatment(patient(i), TODAY, { practitioner: 'practitioner' });
    // The register: a death, a wish, a wrong birth date, two records of one person.
    await db.admin.query(
      `UPDATE patient SET status = 'deceased', status_on = '2025-05-01', status_recorded_at = $2 WHERE id = $1`,
      [patient(6), NOON],
    );
    await changed(patient(6), 'depart', { status: 'active' }, { status: 'deceased', statusOn: '2025-05-01' });
    await db.admin.query(`UPDATE patient SET do_not_contact = true WHERE id = $1`, [patient(8)]);
    await changed(patient(8), 'change', { doNotContact: false }, { doNotContact: true });
    await db.admin.query(`UPDATE patient SET birth_date = '2001-02-03' WHERE id = $1`, [patient(9)]);
    await changed(patient(9), 'change', { birthDate: '1980-01-01' }, { birthDate: '2001-02-03' });
    await db.admin.query(
      `INSERT INTO patient_merge (clinic_id, id, from_id, into_id, reason, merged_at, merged_by, from_before)
       VALUES ($1, $2, $3, $4, 'one person', $5, $6, '{}')`,
      [clinicId, newId(), patient(10), patient(11), NOON, actor.prescriber.staffId],
    );
    await db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
      patient(10),
      patient(11),
    ]);
    await changed(patient(10), 'merge', { status: 'active' }, { status: 'merged', statusOn: null });
    // Visits booked, missed, cancelled, moved to another practitioner, taken up again; a call.
    await diary.visit(patient(5), '2025-07-08T10:00:00Z', { bookedAt: NOON });
    await moved(visit(3), 'no-show', 'no-show', '', null);
    await moved(visit(12), 'cancel', 'cancelled', '', null);
    await moved(visit(1), 'reinstate', 'booked', ', late_cancel = NULL', { lateCancel: true });
    const elsewhere = `, starts_at = starts_at + interval '70 days', ends_at = ends_at + interval '70 days',
      busy_from = busy_from + interval '70 days', busy_to = busy_to + interval '75 days' - interval '5 days',
      practitioner_id = '${actor.practitioner.staffId}'`;
    await moved(visit(4), 'reschedule', 'booked', elsewhere, await placeOf(visit(4)));
    await diary.contact(patient(0), NOON);
    await diary.contact(patient(2), NOON, { outcome: 'no-answer' });
    // Reviews waived, completed late, taken up again; a window superseded.
    await db.admin.query(`UPDATE follow_up SET status = 'waived', updated_at = $2 WHERE patient_id = $1`, [
      patient(1),
      NOON,
    ]);
    await db.admin.query(
      `UPDATE follow_up SET status = 'completed', outcome = '{}', completed_on = '2025-02-20', completed_by = $3, updated_at = $2
        WHERE patient_id = $1`,
      [patient(2), NOON, actor.prescriber.staffId],
    );
    await db.admin.query(
      `UPDATE repeat_visit_window SET status = 'superseded', ended_at = $2, ended_by = 'recomputed' WHERE patient_id = $1`,
      [patient(4), NOON],
    );
    // The set-up: hours, absences, closed days, types, names, people; the cupboard.
    for (const statement of [
      `UPDATE working_hours SET ends = '12:00' WHERE clinic_id = $1 AND weekday = 2`,
      `DELETE FROM working_hours WHERE clinic_id = $1 AND weekday = 5`,
      `UPDATE opening_hours SET opens = '10:00' WHERE clinic_id = $1 AND weekday = 1`,
      `INSERT INTO closed_day (clinic_id, location_id, day, name) SELECT clinic_id, id, '2025-07-09', 'Fair' FROM location WHERE clinic_id = $1`,
      `INSERT INTO absence (clinic_id, id, practitioner_id, starts_at, ends_at, reason)
       SELECT clinic_id, gen_random_uuid(), practitioner_id, '2025-06-10', '2025-06-12', 'away' FROM working_hours WHERE clinic_id = $1 LIMIT 1`,
      `UPDATE appointment_type SET duration_minutes = 60 WHERE clinic_id = $1`,
      `UPDATE staff SET display_name = display_name || ' FRCS' WHERE clinic_id = $1`,
      `UPDATE location SET name = 'Moved' WHERE clinic_id = $1`,
      `UPDATE clinic SET name = 'Renamed' WHERE id = $1`,
      `INSERT INTO vial (clinic_id, id, lot_id, location_id, content)
       SELECT v.clinic_id, gen_random_uuid(), v.lot_id, v.location_id, 10000 FROM vial v WHERE v.clinic_id = $1 LIMIT 1`,
      `UPDATE vial SET status = 'discarded' WHERE id = (SELECT id FROM vial WHERE clinic_id = $1 ORDER BY id LIMIT 1)`,
    ])
      await operator.query(statement, [clinicId]);
  };

  it('is the same to the byte, as JSON, CSV and HTML, though all that it reads has changed', async () => {
    const before = await everything(YESTERDAY);
    await aDay();
    const again = await everything(YESTERDAY);
    for (const [name, answer] of before) expect([name, again.get(name)]).toEqual([name, answer]);

    // And the day did change what today tells.
    const said = (answer: string | undefined) => answer?.replaceAll(TODAY, YESTERDAY);
    const today = await everything(TODAY);
    const same = [...before].filter(([name, answer]) => said(today.get(name)) === said(answer));
    expect(same.map(([name]) => name)).toEqual([]);
  }, 120_000);
});
