import { createTestDatabase, type TestDatabase } from '#database/testing';
import type { RequestActor } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { AsOfInFuture, ReportLocationNotFound } from '../src/domain/reports.errors.js';
import type { ReturnRateService } from '../src/return-rate.service.js';
import { mayAlsoSeeCharts, reportsOn, type Reports } from './reports-at-work.js';
import { expectClose } from '../src/testing/close.js';
import { recordsOf, type Records } from '../src/testing/records.builder.js';
import vectors from '../src/testing/vectors/survival.json' with { type: 'json' };

const example = vectors.definitions_worked_example;
const anyArea = { scope: 'any-area', cohortBy: 'month' } as const;
const sameArea = { scope: 'same-area', cohortBy: 'month' } as const;

describe('the return rate of a clinic', () => {
  let db: TestDatabase;
  let rates: ReturnRateService;
  let reports: Reports;
  const clock = new FixedClock(new Date('2025-06-30T22:30:00Z'));

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    reports = await reportsOn(db);
    ({ rates } = reports);
  });
  afterAll(async () => {
    await reports.close();
    await db.drop();
  });

  const aClinicWithRecords = async (): Promise<TestClinic & { records: Records }> => {
    const clinic = await aClinic(db);
    return { ...clinic, records: await recordsOf(db, clinic) };
  };

  describe('of the worked example', () => {
    let clinic: TestClinic;
    let elsewhere: TestClinic;
    const ask = (question: Partial<Parameters<ReturnRateService['ask']>[1]> = {}) =>
      rates.ask(mayAlsoSeeCharts(clinic.actor.admin), { ...anyArea, asOf: example.as_of, ...question });

    beforeAll(async () => {
      const made = await aClinicWithRecords();
      clinic = made;
      elsewhere = await aClinic(db);
      const patients = new Map<string, string>();
      for (const { patient, visit } of example.visits) {
        const id = patients.get(patient) ?? (await made.records.patient());
        patients.set(patient, id);
        const touchUp = patient === 'G' && visit === '2025-02-24';
        await made.records.treatment(id, visit, touchUp ? { completes: `${id} 2025-02-10` } : {});
      }
      await made.records.departure(patients.get('M') ?? '', 'deceased', '2025-03-01');
    });

    it('is 50.0 % by day 120, with its intervals and N at risk', async () => {
      const { return_prob, lower, upper, n_risk, robust_lower, robust_upper } = example.km_120d;
      const { probability } = at(await ask(), 120);
      expectClose(probability.probability, return_prob);
      expectClose(probability.lower, lower);
      expectClose(probability.upper, upper);
      expectClose(probability.clusteredLower, robust_lower);
      expectClose(probability.clusteredUpper, robust_upper);
      expect(probability).toMatchObject({
        nAtRisk: n_risk,
        numerator: 6,
        denominator: 21,
        asOf: example.as_of,
      });
    });

    it('is 33.3 % of matured treatments, and 46.9 % with the death ruling a return out', async () => {
      const { maturedOnly, withDepartures } = at(await ask(), 120);
      expectClose(maturedOnly.proportion, example.matured_only_120d.rate);
      expectClose(maturedOnly.lower, example.matured_only_120d.wilson[0]);
      expect(maturedOnly).toMatchObject({
        numerator: example.matured_only_120d.x,
        denominator: example.matured_only_120d.n,
      });
      expectClose(withDepartures.probability, example.aalen_johansen_120d.cif_returned);
      expectClose(withDepartures.leftProbability, example.aalen_johansen_120d.cif_left);
    });

    it('leaves the touch-up out, counts 13 patients and has its median on day 99', async () => {
      const { overall } = await ask();
      expect(overall).toMatchObject({ treatments: 21, patients: 13, returned: 8, left: 1, open: 12 });
      expect(overall?.median).toMatchObject({ days: 99, upper: 'not-reached' });
    });

    it('has the published cohorts by quarter', async () => {
      const { cohorts } = await ask({ cohortBy: 'quarter', horizons: [180, 90, 120] });
      const rows = cohorts.map(({ cohort, cells: [a, b, c], figures }) => ({
        cohort,
        index_treatments: figures?.treatments,
        returned_90: a?.returned,
        returned_120: b?.returned,
        returned_180: c?.returned,
        complete_90: a?.watched,
        complete_120: b?.watched,
        complete_180: c?.watched,
        open_not_returned: figures?.open,
        left: figures?.left,
      }));
      expect(rows).toEqual(example.cohort_table);
    });

    it('has no row of another clinic', async () => {
      const foreign = await rates.ask(elsewhere.actor.admin, { ...anyArea, asOf: example.as_of });
      expect(foreign.overall).toMatchObject({ treatments: 0, patients: 0 });
      expect(at(foreign, 120).probability).toMatchObject({ probability: null, unsaid: 'no-treatments' });
      expect(foreign.cohorts).toEqual([]);
    });
  });

  it('knows on an earlier day neither a later signature, withdrawal, amendment nor death', async () => {
    const { actor, records } = await aClinicWithRecords();
    const [withdrawn, amended, late] = [
      await records.patient(),
      await records.patient(),
      await records.patient(),
    ];
    const first = await records.treatment(withdrawn, '2025-01-10');
    await records.withdrawal(first, '2025-02-01T10:00:00Z');
    const old = await records.treatment(amended, '2025-01-10', { areas: ['glabella'] });
    await records.amendment(old, '2025-03-01T10:00:00Z', { areas: ['glabella', 'forehead'] });
    await records.treatment(late, '2025-01-10', { signedAt: '2025-01-12T10:00:00Z' });
    await records.departure(late, 'deceased', '2025-04-01', '2025-04-20T10:00:00Z');
    const known = async (asOf: string) => {
      const { overall } = await rates.ask(actor.admin, { ...sameArea, asOf });
      return [overall?.treatments, overall?.open, overall?.left];
    };
    expect(await known('2025-01-09')).toEqual([0, 0, 0]);
    expect(await known('2025-01-11')).toEqual([2, 2, 0]);
    expect(await known('2025-01-31')).toEqual([3, 3, 0]);
    expect(await known('2025-02-01')).toEqual([2, 2, 0]);
    expect(await known('2025-02-28')).toEqual([2, 2, 0]);
    expect(await known('2025-03-01')).toEqual([3, 3, 0]);
    expect(await known('2025-04-19')).toEqual([3, 3, 0]);
    expect(await known('2025-04-20')).toEqual([3, 2, 1]);
  });

  it('takes the end of the day at the location, and its own month for the cohort', async () => {
    const { actor, records } = await aClinicWithRecords();
    const tokyo = await records.location('Asia/Tokyo');
    // 00:30 on 1 March in Tokyo is still February in London.
    await records.treatment(await records.patient(), '2025-03-01', {
      signedAt: '2025-02-28T15:30:00Z',
      locationId: tokyo,
    });
    const on = (asOf: string) => rates.ask(actor.admin, { ...anyArea, asOf });
    expect((await on('2025-02-28')).cohorts).toEqual([]);
    expect((await on('2025-03-01')).cohorts.map(({ cohort }) => cohort)).toEqual(['2025-03']);
  });

  it('stands by default on the first location’s day and refuses a day that has begun nowhere', async () => {
    const { actor, records } = await aClinicWithRecords();
    expect((await rates.ask(actor.admin, { ...anyArea })).asOf).toBe('2025-06-30');
    await expect(rates.ask(actor.admin, { ...anyArea, asOf: '2025-07-01' })).rejects.toBeInstanceOf(
      AsOfInFuture,
    );
    await records.location('Asia/Tokyo');
    expect((await rates.ask(actor.admin, { ...anyArea, asOf: '2025-07-01' })).asOf).toBe('2025-07-01');
    await expect(rates.ask(actor.admin, { ...anyArea, asOf: '2025-07-02' })).rejects.toBeInstanceOf(
      AsOfInFuture,
    );
  });

  it('filters by the treatment a cycle starts with; another clinic’s location is an unknown one', async () => {
    const { actor, records } = await aClinicWithRecords();
    const foreign = await aClinicWithRecords();
    const patient = await records.patient();
    await records.treatment(patient, '2025-01-10', { practitioner: 'practitioner' });
    await records.treatment(patient, '2025-05-10', { practitioner: 'prescriber' });
    const { overall } = await rates.ask(mayAlsoSeeCharts(actor.admin), {
      ...anyArea,
      practitionerId: actor.practitioner.staffId,
    });
    expect(overall).toMatchObject({ treatments: 1, returned: 1 });
    await expect(
      rates.ask(actor.admin, { ...anyArea, locationId: foreign.records.locationId }),
    ).rejects.toBeInstanceOf(ReportLocationNotFound);
    await expect(rates.ask(actor.admin, { ...anyArea, locationId: newId() })).rejects.toBeInstanceOf(
      ReportLocationNotFound,
    );
  });

  it('withholds one practitioner’s returns, cut or not, where what the others have would follow, from who may not see charts', async () => {
    const { actor, records } = await aClinicWithRecords();
    await records.many(6, [calendarDate('2025-01-06')]);
    const hers = { ...sameArea, practitionerId: actor.prescriber.staffId };
    const told = async (who: RequestActor) => {
      const page = { scope: 'same-area', limit: 500 } as const;
      const whose = { practitionerId: hers.practitionerId };
      const { overall, cohorts } = await rates.ask(who, hers);
      const cut = await reports.groups.groups(who, { ...page, ...whose, by: ['market'], curves: false });
      const lines = await reports.groups.cohorts(who, { ...page, ...whose, cohortBy: 'quarter' });
      return [
        overall?.treatments ?? null,
        ...cohorts.map(({ figures, cells }) => figures?.treatments ?? (cells.length === 0 ? null : 'cells')),
        ...cut.items.map(({ figures }) => figures?.treatments ?? null),
        ...lines.items.map(({ treatments }) => treatments),
      ];
    };
    expect(await told(actor.admin)).toEqual([6, 6, 6, 6]);
    await records.many(2, [calendarDate('2025-01-07')], { practitioner: 'practitioner' });
    expect(await told(actor.admin)).toEqual([null, null, null, null]);
    expect(await told(mayAlsoSeeCharts(actor.admin))).toEqual([6, 6, 6, 6]);
    await records.many(3, [calendarDate('2025-01-07')], { practitioner: 'practitioner' });
    expect(await told(actor.admin)).toEqual([6, 6, 6, 6]);
  });

  it('withholds also where the few of others would follow from the same question with one filter less', async () => {
    const { actor, records } = await aClinicWithRecords();
    await records.many(6, [calendarDate('2025-03-03')]);
    await records.many(9, [calendarDate('2025-01-07')], { practitioner: 'practitioner' });
    const hers = { ...sameArea, practitionerId: actor.prescriber.staffId, from: '2025-03-01' };
    expect((await rates.ask(actor.admin, hers)).overall).toMatchObject({ treatments: 6 });
    // Eleven stand beside her in the clinic, and two of them since March.
    await records.many(2, [calendarDate('2025-03-04')], { practitioner: 'practitioner' });
    expect((await rates.ask(actor.admin, hers)).overall).toBeNull();
  });

  it('counts deaths, transfers and opt-outs as ends before the return as long as they were known and stood', async () => {
    const { actor, clinicId, records } = await aClinicWithRecords();
    const people: string[] = [];
    for (let i = 0; i < 4; i += 1) people.push(await records.patient());
    const [returned = '', died = '', moved = '', unwilling = ''] = people;
    for (const patient of people) await records.treatment(patient, '2025-01-01');
    await records.treatment(returned, '2025-04-11');
    await records.departure(died, 'deceased', '2025-02-10', '2025-02-12T10:00:00Z');
    await records.departure(moved, 'transferred', '2025-03-02');
    const wish = (recordedAt: string, doNotContact: boolean) =>
      db.admin.query(
        `INSERT INTO patient_change (clinic_id, patient_id, version, verb, at, before, after)
         SELECT $1, $2, count(*) + 2, 'change', $3, '{}', $4 FROM patient_change WHERE clinic_id = $1 AND patient_id = $2`,
        [clinicId, unwilling, recordedAt, { doNotContact }],
      );
    await wish('2025-03-22T10:00:00Z', true);
    await wish('2025-06-15T10:00:00Z', false);
    const by120 = async (asOf: string) => {
      const { overall } = await rates.ask(mayAlsoSeeCharts(actor.admin), {
        ...sameArea,
        asOf,
        from: '2025-01-01',
        to: '2025-01-01',
        horizons: [100],
      });
      const [horizon] = overall?.horizons ?? [];
      const { probability, leftProbability } = horizon?.withDepartures ?? {};
      return [overall?.left, overall?.optedOut, leftProbability, probability];
    };
    // After 40 days 1/4 died, after 60 moved 1/4, after 80 opted out 1/4, after 100 the last of four returned.
    expect(await by120('2025-06-14')).toEqual([2, 1, 0.75, 0.25]);
    // The wish was taken back on 15 June: of two still watched one returned, 1/4, the other may.
    expect(await by120('2025-06-15')).toEqual([2, 0, 0.5, 0.25]);
    expect(await by120('2025-02-11')).toEqual([0, 0, null, null]);
  });

  it('neither loses nor repeats a patient of many', async () => {
    const { actor, records } = await aClinicWithRecords();
    await records.many(450, [
      calendarDate('2024-06-01'),
      calendarDate('2024-09-01'),
      calendarDate('2025-01-05'),
    ]);
    const { overall } = await rates.ask(actor.admin, { ...sameArea });
    expect(overall).toMatchObject({ treatments: 1350, patients: 450, returned: 900, open: 450 });
    expect(overall?.median.days).toBe(126);
  });
});

function at(
  { overall }: Awaited<ReturnType<ReturnRateService['ask']>>,
  days: number,
): NonNullable<typeof overall>['horizons'][number] {
  const horizon = overall?.horizons.find((one) => one.days === days);
  if (!horizon) throw new Error(`No horizon of ${days} days`);
  return horizon;
}
