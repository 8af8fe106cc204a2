import { InvalidInput } from '#http';
import type { TestClinic } from '#identity/testing';
import { calendarDate, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { expectClose } from '../src/testing/close.js';
import vectors from '../src/testing/vectors/survival.json' with { type: 'json' };
import { ClinicsWithDiaries } from './clinics-with-diaries.js';
import type { Reports } from './reports-at-work.js';

const example = vectors.definitions_worked_example;

describe('the figures of a clinic', () => {
  let work: ClinicsWithDiaries;
  let reports: Reports;
  const aDiary = () => work.aDiary();

  beforeAll(async () => {
    work = await ClinicsWithDiaries.open();
    ({ reports } = work);
  });
  afterAll(() => work.close());
  const figure = async (
    clinic: TestClinic,
    name: string,
    query: { asOf?: string; from?: string; to?: string } = {},
  ) => {
    const { figures } = await reports.figures.ask(clinic.actor.admin, query);
    const found = figures.find((one) => one.name === name);
    if (!found) throw new Error(`No figure ${name}`);
    return found;
  };

  describe('of the worked example', () => {
    let clinic: TestClinic;

    beforeAll(async () => {
      const made = await aDiary();
      clinic = made;
      const patients = new Map<string, string>();
      for (const { patient, visit, rebooked } of example.visits) {
        const id = patients.get(patient) ?? (await made.records.patient());
        patients.set(patient, id);
        const touchUp = patient === 'G' && visit === '2025-02-24';
        await made.records.treatment(id, visit, touchUp ? { completes: `${id} 2025-02-10` } : {});
        // Booked before leaving, for the day the patient came again or, who has not, for a day to come.
        if (rebooked === 1) {
          const next = example.visits.find((one) => one.patient === patient && one.visit > visit)?.visit;
          const day = next ?? `2026-01-${String(patients.size).padStart(2, '0')}`;
          await made.diary.visit(id, `${day}T10:00:00Z`, { bookedAt: `${visit}T16:00:00Z` });
        }
      }
      await made.records.departure(patients.get('M') ?? '', 'deceased', '2025-03-01');
    });

    it('is 9 of 21 rebooked by the end of the clinic day', async () => {
      const { x, n, rate, wilson } = example.rebooked_at_visit;
      const found = await figure(clinic, 'rebooking', {
        from: '2024-12-01',
        to: '2025-06-30',
        asOf: example.as_of,
      });
      expect(found).toMatchObject({ numerator: x, denominator: n, interval: 'wilson', unsaid: null });
      expectClose(found.value, rate);
      expectClose(found.lower, wilson[0]);
      expectClose(found.upper, wilson[1]);
    });

    it('is 5 of 9 retained from winter to spring, who died among those not', async () => {
      const { n, x } = example.period_retention;
      const period = { from: '2024-12-01', to: '2025-02-28', asOf: example.as_of };
      expect(await figure(clinic, 'retention', period)).toMatchObject({ numerator: x, denominator: n });
      expect(await figure(clinic, 'retention', { from: '2025-03-01', to: '2025-06-30' })).toMatchObject({
        value: null,
        unsaid: 'period-not-over',
      });
    });

    it('reads in other systems’ words, each with how it differs', async () => {
      const { figures } = await reports.figures.otherSystems(clinic.actor.admin, {
        from: '2024-12-01',
        to: '2025-02-28',
        asOf: example.as_of,
      });
      const told = figures.map(({ system, name, numerator, denominator }) => [
        system,
        name,
        numerator,
        denominator,
      ]);
      // A 91, B 133, D 84, F 98 and G 122 days; H, C, E and M not at all.
      expect(told).toContainEqual(['Mangomint', 'revisit-90', 1, 9]);
      expect(told).toContainEqual(['Mangomint', 'revisit-180', 5, 9]);
      expect(told).toContainEqual(['Boulevard', 'revisit-120', 3, 9]);
      expect(told).toContainEqual(['Jane', 'returning-patients', 0, 9]);
      expect(figures.every(({ note, theirName }) => note.length > 40 && theirName !== '')).toBe(true);
    });
  });

  it('counts no-shows among those noted, late cancellations beside, each as it stood on the day', async () => {
    const { records, diary, ...clinic } = await aDiary();
    const patient = await records.patient();
    const noted = (verb: string, status: string, at: string) => [{ verb, status, at }];
    await diary.visit(patient, '2025-05-05T09:00:00Z', {
      bookedAt: '2025-05-01T09:00:00Z',
      later: noted('complete', 'fulfilled', '2025-05-05T10:00:00Z'),
    });
    await diary.visit(patient, '2025-05-06T09:00:00Z', {
      bookedAt: '2025-05-01T09:00:00Z',
      later: noted('no-show', 'no-show', '2025-05-08T10:00:00Z'),
    });
    await diary.visit(patient, '2025-05-07T09:00:00Z', {
      bookedAt: '2025-05-01T09:00:00Z',
      later: noted('cancel', 'cancelled', '2025-05-07T08:00:00Z'),
      lateCancel: true,
    });
    await diary.visit(patient, '2025-05-09T09:00:00Z', {
      bookedAt: '2025-05-01T09:00:00Z',
      later: [
        {
          verb: 'reschedule',
          status: 'booked',
          at: '2025-06-20T09:00:00Z',
          movedFrom: '2025-05-08T09:00:00Z',
        },
      ],
    });
    const period = { from: '2025-05-01', to: '2025-05-31' };
    expect(await figure(clinic, 'no-show', { ...period, asOf: '2025-06-30' })).toMatchObject({
      numerator: 1,
      denominator: 2,
    });
    expect(await figure(clinic, 'late-cancel', { ...period, asOf: '2025-06-30' })).toMatchObject({
      numerator: 1,
      denominator: 3,
    });
    // On 7 May nobody had noted the no-show of the day before.
    expect(await figure(clinic, 'no-show', { ...period, asOf: '2025-05-07' })).toMatchObject({
      numerator: 0,
      denominator: 1,
      parts: { attended: 1, missed: 0, unnoted: 1, cancelledLate: 1 },
    });
    expect(await figure(clinic, 'no-show', { ...period, asOf: '2025-05-04' })).toMatchObject({
      value: null,
      unsaid: 'nothing-to-count',
    });
  });

  it('tells utilisation in minutes, two visits at once taking the time once, and null where nobody works', async () => {
    const { records, diary, ...clinic } = await aDiary();
    const week = { from: '2025-06-02', to: '2025-06-08' };
    expect(await figure(clinic, 'utilisation', week)).toMatchObject({
      value: null,
      denominator: 0,
      unsaid: 'nothing-to-count',
    });
    await diary.workingWeek();
    const [one, two] = [await records.patient(), await records.patient()];
    await diary.visit(one, '2025-06-02T09:00:00Z', { bookedAt: '2025-05-01T09:00:00Z' });
    await diary.visit(two, '2025-06-03T15:30:00Z', { bookedAt: '2025-05-01T09:00:00Z' });
    // 10:00–10:40 and 16:30–17:00 of 5 × 8 hours: the buffer after closing time is nobody’s working time.
    expect(await figure(clinic, 'utilisation', week)).toMatchObject({
      numerator: 70,
      denominator: 2400,
      interval: null,
    });
    expect(await figure(clinic, 'utilisation', { ...week, asOf: '2025-04-30' })).toMatchObject({
      numerator: 0,
    });
  });

  it('tells who came within their own window, early, late, lapsed or still out, and the recall funnel', async () => {
    const { records, diary, ...clinic } = await aDiary();
    const came = async (after: number | null): Promise<void> => {
      const patient = await records.patient();
      await diary.window(patient, await records.treatment(patient, '2025-01-06'));
      const day = new Date(Date.UTC(2025, 0, 6 + (after ?? 0))).toISOString().slice(0, 10);
      if (after !== null) await records.treatment(patient, day);
    };
    for (const after of [60, 84, 100, 112, 140, null]) await came(after);
    const closed = { from: '2025-04-01', to: '2025-05-31' };
    expect(await figure(clinic, 'in-window', closed)).toMatchObject({
      numerator: 3,
      denominator: 6,
      parts: { onTime: 3, early: 1, late: 1, stillOut: 1, lapsed: 0 },
    });
    expect(await figure(clinic, 'in-window', { ...closed, asOf: '2025-04-28' })).toMatchObject({
      denominator: 0,
      value: null,
    });
  });

  it('counts windows of two records that were found to be one person once each, as the person’s', async () => {
    const { records, diary, ...clinic } = await aDiary();
    const [kept, from] = [await records.patient(), await records.patient()];
    const again = '2025-04-10';
    const first = await records.treatment(from, '2025-01-06');
    await diary.window(from, first);
    const last = await records.treatment(from, again);
    await diary.window(from, last);
    const closed = async (asOf: string) => {
      const period = { from: '2025-04-01', to: '2025-05-31', asOf };
      return figure(clinic, 'in-window', period);
    };
    const opened = async (asOf: string) =>
      figure(clinic, 'funnel-booked', { from: '2025-03-31', to: '2025-07-31', asOf });
    expect(await closed('2025-06-20')).toMatchObject({ numerator: 1, denominator: 1 });
    expect(await opened('2025-06-20')).toMatchObject({ numerator: 1, denominator: 1 });
    await work.db.admin.query(
      `INSERT INTO patient_merge (clinic_id, id, from_id, into_id, reason, merged_at, merged_by, from_before)
       VALUES ($1, $2, $3, $4, 'one person', '2025-06-21T10:00:00Z', $5, '{}')`,
      [clinic.clinicId, newId(), from, kept, clinic.actor.prescriber.staffId],
    );
    // The window of the last treatment is issued again under the record that stays.
    await diary.window(kept, last);
    await work.db.admin.query(
      `UPDATE repeat_visit_window SET issued_at = '2025-06-21T10:00:00Z' WHERE patient_id = $1`,
      [kept],
    );
    expect(await closed('2025-06-22')).toMatchObject({ numerator: 1, denominator: 1 });
    expect(await opened('2025-06-22')).toMatchObject({ numerator: 1, denominator: 1 });
    work.clock.set(new Date('2025-07-31T22:30:00Z'));
    expect(await opened('2025-07-31')).toMatchObject({ numerator: 1, denominator: 2 });
    work.clock.set(new Date('2025-06-30T22:30:00Z'));
  });

  it('follows the recall funnel of windows that opened: contacted, reached, booked, came', async () => {
    const { records, diary, ...clinic } = await aDiary();
    // Opens on 31 March.
    const due = async (after: number | null = null): Promise<string> => {
      const patient = await records.patient();
      await diary.window(patient, await records.treatment(patient, '2025-01-06'));
      const day = new Date(Date.UTC(2025, 0, 6 + (after ?? 0))).toISOString().slice(0, 10);
      if (after !== null) await records.treatment(patient, day);
      return patient;
    };
    const [called, missed, elsewhere, earlier, came] = [
      await due(),
      await due(),
      await due(),
      await due(),
      await due(100),
    ];
    // Back before the window opened, or gone: never to be worked.
    await due(60);
    await records.departure(await due(), 'transferred', '2025-03-01');
    await diary.contact(called, '2025-04-02T10:00:00Z', { areas: ['glabella'] });
    await diary.contact(came, '2025-04-03T10:00:00Z');
    await diary.contact(missed, '2025-04-02T11:00:00Z', { outcome: 'no-answer' });
    await diary.contact(elsewhere, '2025-04-02T12:00:00Z', { areas: ['forehead'] });
    await diary.contact(earlier, '2025-01-05T12:00:00Z');
    await diary.visit(called, '2025-04-20T10:00:00Z', { bookedAt: '2025-04-02T10:01:00Z' });
    await diary.visit(missed, '2025-04-21T10:00:00Z', {
      bookedAt: '2025-04-05T10:01:00Z',
      areas: ['forehead'],
    });
    const day = { from: '2025-03-31', to: '2025-03-31' };
    const steps = async (asOf: string) => {
      const { figures } = await reports.figures.ask(clinic.actor.admin, { ...day, asOf });
      return figures
        .filter(({ name }) => name.startsWith('funnel'))
        .map(({ numerator, denominator, parts }) => [numerator, denominator, parts]);
    };
    expect(await steps('2025-06-30')).toEqual([
      [3, 5, { reached: 2 }],
      [2, 5, {}],
      [1, 2, {}],
    ]);
    // On 2 April one had been called and booked, and one had not answered.
    expect(await steps('2025-04-02')).toEqual([
      [2, 5, { reached: 1 }],
      [1, 5, {}],
      [0, 1, {}],
    ]);
    expect(await figure(clinic, 'funnel-contacted', { ...day, asOf: '2025-03-30' })).toMatchObject({
      value: null,
      unsaid: 'nothing-to-count',
    });
  });

  it('tells review attendance of reviews whose time is over, as known then', async () => {
    const { records, diary, ...clinic } = await aDiary();
    for (const done of ['2025-03-20', '2025-03-24', null]) {
      const patient = await records.patient();
      await diary.review(patient, await records.treatment(patient, '2025-03-01'), '2025-03-22', done);
    }
    const period = { from: '2025-03-01', to: '2025-03-31' };
    expect(await figure(clinic, 'review-attendance', period)).toMatchObject({ numerator: 2, denominator: 3 });
    expect(await figure(clinic, 'review-attendance', { ...period, asOf: '2025-03-23' })).toMatchObject({
      numerator: 1,
      denominator: 3,
    });
    expect(await figure(clinic, 'review-attendance', { ...period, asOf: '2025-03-22' })).toMatchObject({
      denominator: 0,
      value: null,
    });
  });

  it('withholds figures of fewer than five patients at one practitioner from somebody who may not see charts', async () => {
    const { records, ...clinic } = await aDiary();
    await records.treatment(await records.patient(), '2025-05-01');
    const query = { practitionerId: clinic.actor.prescriber.staffId };
    const told = await reports.figures.ask(clinic.actor.admin, query);
    expect(told.figures.find(({ name }) => name === 'rebooking')).toMatchObject({
      value: null,
      unsaid: 'too-few-patients',
    });
  });

  it('withholds one practitioner’s figures too where what the others have would follow', async () => {
    const { records, ...clinic } = await aDiary();
    await records.many(6, [calendarDate('2025-05-01')]);
    const query = { practitionerId: clinic.actor.prescriber.staffId };
    const rebooking = async () => {
      const { figures } = await reports.figures.ask(clinic.actor.admin, query);
      return figures.find(({ name }) => name === 'rebooking');
    };
    // Everybody is hers: nothing follows.
    expect(await rebooking()).toMatchObject({ denominator: 6, unsaid: null });
    await records.many(1, [calendarDate('2025-05-02')], { practitioner: 'practitioner' });
    expect(await rebooking()).toMatchObject({ denominator: null, unsaid: 'too-few-patients' });
  });

  it('withholds a figure whose own denominator is of fewer than five patients, whoever else had a window or a visit', async () => {
    const { records, diary, ...clinic } = await aDiary();
    for (let n = 0; n < 8; n += 1) {
      const patient = await records.patient();
      await diary.window(patient, await records.treatment(patient, '2025-02-10'));
      // Three booked after their window was issued and missed it; five had booked before, and cancelled in time.
      const later = { at: `2025-05-1${n}T12:00:00Z` };
      await diary.visit(
        patient,
        `2025-05-1${n}T09:00:00Z`,
        n < 3
          ? { bookedAt: '2025-05-01T09:00:00Z', later: [{ ...later, verb: 'no-show', status: 'no-show' }] }
          : {
              bookedAt: '2025-02-01T09:00:00Z',
              later: [{ verb: 'cancel', status: 'cancelled', at: '2025-05-02T09:00:00Z' }],
              lateCancel: false,
            },
      );
    }
    const query = { from: '2025-05-01', to: '2025-06-15', practitionerId: clinic.actor.prescriber.staffId };
    const { figures } = await reports.figures.ask(clinic.actor.admin, query);
    expect(
      Object.fromEntries(figures.map(({ name, denominator, unsaid }) => [name, unsaid ?? denominator])),
    ).toMatchObject({
      'no-show': 'too-few-patients',
      'late-cancel': 'too-few-patients',
      'funnel-contacted': 8,
      'funnel-booked': 8,
      'funnel-attended': 'too-few-patients',
    });
  });

  it('refuses a period of more than five years', async () => {
    const { actor } = await aDiary();
    const ask = (from: string) => reports.figures.ask(actor.admin, { from, to: '2025-06-30' });
    await expect(ask('2020-06-29')).rejects.toBeInstanceOf(InvalidInput);
    expect((await ask('2020-06-30')).from).toBe('2020-06-30');
  });
});
