import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { recordsOf, type Records } from '../src/testing/records.builder.js';
import { mayAlsoSeeCharts, reportsOn, type Reports } from './reports-at-work.js';

const page = { scope: 'same-area', limit: 500, curves: false } as const;

describe('returns, cut and kept', () => {
  let db: TestDatabase;
  let reports: Reports;
  const clock = new FixedClock(new Date('2025-06-30T22:30:00Z'));

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    reports = await reportsOn(db);
  });
  afterAll(async () => {
    await reports.close();
    await db.drop();
  });

  const aClinicWithRecords = async (): Promise<TestClinic & { records: Records }> => {
    const clinic = await aClinic(db);
    return { ...clinic, records: await recordsOf(db, clinic) };
  };
  const coursesOf = async ({ clinicId }: TestClinic): Promise<string> => {
    const { rows } = await db.admin.query<{ all: string }>(
      `SELECT string_agg(packed::text, ',' ORDER BY patient_id) AS all FROM return_course WHERE clinic_id = $1`,
      [clinicId],
    );
    return rows[0]?.all ?? '';
  };

  it('are told by practitioner and area, page by page, with curves, intervals and whether they differ', async () => {
    const { actor, records } = await aClinicWithRecords();
    for (let n = 0; n < 6; n += 1) {
      const patient = await records.patient();
      await records.treatment(patient, '2025-01-06', {
        practitioner: 'practitioner',
        areas: ['glabella', 'forehead'],
      });
      if (n < 4)
        await records.treatment(patient, '2025-05-06', { practitioner: 'prescriber', areas: ['glabella'] });
    }
    const by = ['practitioner', 'area'] as const;
    const ask = { ...page, by: [...by], curves: true, horizons: [120, 150] };
    const all = await reports.groups.groups(mayAlsoSeeCharts(actor.admin), ask);
    const told = all.items.map(({ values, figures }) => [
      values['practitioner'] === actor.practitioner.staffId,
      values['area'],
      figures?.treatments,
      figures?.horizons.map(({ probability }) => probability?.toFixed(6) ?? null),
    ]);
    expect(new Set(told.map(String))).toEqual(
      new Set(
        [
          [true, 'forehead', 6, ['0.000000', '0.000000']],
          [true, 'glabella', 6, ['0.666667', '0.666667']],
          [false, 'glabella', 4, [null, null]],
        ].map(String),
      ),
    );
    const [curve] = all.items.flatMap(({ values, figures }) =>
      values['area'] === 'glabella' ? (figures?.curve ?? []) : [],
    );
    expect(curve?.days[0]).toBe(0);
    expect(all.comparison.logRank).toMatchObject({ groups: 3 });
    expect(all.comparison.differences).toBeNull();
    const first = await reports.groups.groups(mayAlsoSeeCharts(actor.admin), { ...ask, limit: 2 });
    const rest = await reports.groups.groups(mayAlsoSeeCharts(actor.admin), {
      ...ask,
      limit: 2,
      after: first.next ?? '',
    });
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(rest.next).toBeNull();
    const two = await reports.groups.groups(mayAlsoSeeCharts(actor.admin), {
      ...page,
      by: ['area'],
      horizons: [120],
    });
    // Glabella 4 of 6, forehead 0 of 6, by Newcombe’s method 10; areas in the order of their names.
    expect(two.comparison.differences).toMatchObject([
      {
        first: { numerator: 0, denominator: 6 },
        second: { numerator: 4, denominator: 6 },
        difference: -4 / 6,
      },
    ]);
  });

  it('hide groups of fewer than five patients, and one more, from somebody who may not see charts', async () => {
    const { actor, records } = await aClinicWithRecords();
    await records.many(6, [calendarDate('2025-01-06')]);
    const few = await records.patient();
    await records.treatment(few, '2025-01-06', { areas: ['forehead'] });
    const seen = async (who: TestClinic['actor']['admin']) =>
      (await reports.groups.groups(who, { ...page, by: ['area'] })).items.map(
        ({ values, suppressed, figures }) => [values['area'], suppressed, figures?.patients ?? null],
      );
    expect(await seen(actor.admin)).toEqual([
      ['forehead', true, null],
      ['glabella', true, null],
    ]);
    expect(await seen(mayAlsoSeeCharts(actor.admin))).toEqual([
      ['forehead', false, 1],
      ['glabella', false, 6],
    ]);
    const lines = await reports.groups.cohorts(actor.admin, { ...page, by: ['area'], cohortBy: 'month' });
    expect(lines.items.map(({ cohort, treatments }) => [cohort, treatments])).toEqual([
      ['2025-01', null],
      ['2025-01', null],
    ]);
  });

  it('give yesterday’s answer again to the byte, whatever was signed, withdrawn or merged since', async () => {
    const { actor, records, clinicId } = await aClinicWithRecords();
    const [one, two] = [await records.patient(), await records.patient()];
    const withdrawn = await records.treatment(one, '2025-01-06');
    await records.treatment(two, '2025-02-10');
    await records.many(8, [calendarDate('2025-01-06'), calendarDate('2025-05-12')]);
    const ask = async () =>
      JSON.stringify([
        await reports.rates.ask(actor.admin, { scope: 'same-area', cohortBy: 'month', asOf: '2025-06-01' }),
        await reports.groups.groups(actor.admin, {
          ...page,
          by: ['practitioner', 'new-or-returning'],
          curves: true,
          asOf: '2025-06-01',
        }),
      ]);
    const yesterday = await ask();
    await records.withdrawal(withdrawn, '2025-06-20T10:00:00Z');
    await records.treatment(two, '2025-05-20', { signedAt: '2025-06-02T09:00:00Z' });
    await records.many(3, [calendarDate('2025-03-03')], { signedAt: '2025-06-10T10:00:00Z' });
    await records.departure(one, 'deceased', '2025-05-01', '2025-06-15T10:00:00Z');
    await db.admin.query(
      `INSERT INTO patient_merge (clinic_id, id, from_id, into_id, reason, merged_at, merged_by, from_before)
       VALUES ($1, $2, $3, $4, 'one person', '2025-06-20T10:00:00Z', $5, '{}')`,
      [clinicId, newId(), two, one, actor.prescriber.staffId],
    );
    await db.admin.query(
      `UPDATE patient SET status = 'merged', merged_into_id = $3, status_recorded_at = '2025-06-20T10:00:00Z'
        WHERE clinic_id = $1 AND id = $2`,
      [clinicId, two, one],
    );
    expect(await ask()).toBe(yesterday);
    // It is one of the ten patients who is two records, since then.
    const patientsOn = async (asOf: string) =>
      (
        await reports.rates.ask(actor.admin, {
          scope: 'same-area',
          cohortBy: 'month',
          asOf,
          to: '2025-02-28',
        })
      ).overall?.patients;
    expect([await patientsOn('2025-06-19'), await patientsOn('2025-06-20')]).toEqual([10, 9]);
  });

  it('follow a signature in its own transaction: rolled back with it, there with it', async () => {
    const clinic = await aClinicWithRecords();
    const patientId = await clinic.records.patient();
    const treatmentId = await clinic.records.treatment(patientId, '2025-05-06');
    const whole = await coursesOf(clinic);
    await db.admin.query('DELETE FROM return_course WHERE clinic_id = $1', [clinic.clinicId]);
    const sign = (fails: boolean) =>
      db.database.write(clinic.actor.prescriber, async (tx) => {
        await reports.treatmentEvents.publish(tx, {
          what: 'signed',
          treatmentId,
          replacesId: null,
          patientId,
          kind: 'full',
          treatedOn: calendarDate('2025-05-06'),
          doses: [{ product: 'ona', area: 'glabella' }],
        });
        if (fails) throw new Error('The signature fails');
      });
    await expect(sign(true)).rejects.toThrow('The signature fails');
    expect(await coursesOf(clinic)).toBe('');
    await sign(false);
    expect(await coursesOf(clinic)).toBe(whole);
  });

  it('are mended every night where a course is not what the records say', async () => {
    const clinic = await aClinicWithRecords();
    await clinic.records.many(3, [calendarDate('2025-01-06'), calendarDate('2025-04-14')]);
    const whole = await coursesOf(clinic);
    await reports.mend.work({ clinicId: clinic.clinicId });
    expect(await coursesOf(clinic)).toBe(whole);
    await db.admin.query(
      `UPDATE return_course SET packed = substr(packed, 1, 4) || '\\x00000000' WHERE clinic_id = $1`,
      [clinic.clinicId],
    );
    expect(await coursesOf(clinic)).not.toBe(whole);
    await reports.mend.work({ clinicId: clinic.clinicId });
    expect(await coursesOf(clinic)).toBe(whole);
  });
});
