import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { AsOfInFuture } from '../src/domain/reports.errors.js';
import { ClinicsWithDiaries } from './clinics-with-diaries.js';
import { mayAlsoSeeCharts, type Reports } from './reports-at-work.js';

describe('what the weeks to come ask of a clinic', () => {
  let work: ClinicsWithDiaries;
  let reports: Reports;
  const aDiary = () => work.aDiary();

  beforeAll(async () => {
    work = await ClinicsWithDiaries.open();
    ({ reports } = work);
  });
  afterAll(() => work.close());

  it('forecasts who is due by week against free visits, and finds no stock to expire in an empty cupboard', async () => {
    const { records, diary, ...clinic } = await aDiary();
    await diary.workingWeek();
    const patient = await records.patient();
    // Target 98 days later: 8 July, in the second week after 30 June.
    const treatment = await records.treatment(patient, '2025-04-01');
    await diary.window(patient, treatment, 'open');
    await diary.visit(await records.patient(), '2025-07-01T09:00:00Z', { bookedAt: '2025-06-01T09:00:00Z' });
    const { weeks, overdue, visitMinutes } = await reports.planning.dueForecast(clinic.actor.admin, {
      weeks: 3,
    });
    expect(weeks.map(({ due, toBook }) => [due, toBook])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
    expect([overdue, visitMinutes]).toEqual([0, 40]);
    expect(weeks[0]).toMatchObject({ firstDay: '2025-07-01', freeMinutes: 2360, freeVisits: 59, shortBy: 0 });
    const stock = await reports.planning.expiringStock(clinic.actor.admin, { days: 180 });
    expect(stock).toMatchObject({ lots: [] });
  });

  it('does not tell one location’s week where the few of another would follow from the whole clinic’s', async () => {
    const { records, diary, ...clinic } = await aDiary();
    for (let n = 0; n < 7; n += 1) {
      const patient = await records.patient();
      await diary.window(patient, await records.treatment(patient, '2025-04-01'), 'open');
    }
    const here = { weeks: 2, locationId: records.locationId };
    const second = async (query: { weeks: number; locationId?: string }, charts = false) => {
      const who = charts ? mayAlsoSeeCharts(clinic.actor.admin) : clinic.actor.admin;
      return (await reports.planning.dueForecast(who, query)).weeks[1]?.due;
    };
    expect(await second(here)).toBe(7);
    const elsewhere = await records.location('Europe/Madrid');
    await work.db.admin.query(
      `UPDATE repeat_visit_window SET location_id = $2
        WHERE id IN (SELECT id FROM repeat_visit_window WHERE clinic_id = $1 ORDER BY id LIMIT 2)`,
      [clinic.clinicId, elsewhere],
    );
    expect(await second({ weeks: 2 })).toBe(7);
    expect([await second(here), await second({ ...here, locationId: elsewhere })]).toEqual([null, null]);
    expect([await second(here, true), await second({ ...here, locationId: elsewhere }, true)]).toEqual([
      5, 2,
    ]);
  });

  it('tells stock that expires before planned use: units and vials by product and lot, the plan being the due forecast', async () => {
    const { records, diary, ...clinic } = await aDiary();
    // Targets on 8 July and 22 July; each had eight units of ona in the frown lines.
    for (const day of ['2025-04-01', '2025-04-15']) {
      const patient = await records.patient();
      await diary.window(patient, await records.treatment(patient, day), 'open');
    }
    const gone = await records.patient();
    await diary.window(gone, await records.treatment(gone, '2025-04-02'), 'open');
    await records.departure(gone, 'transferred', '2025-05-01');
    const soon = await diary.stock('ona', '2025-07-10', 2, 50);
    await diary.stock('ona', '2025-12-31', 1, 100);
    await diary.stock('ona', '2025-06-29', 1, 100);
    await diary.stock('abo', '2025-08-01', 3, 300);
    await diary.draw(soon, gone, 20, '2025-06-28T10:00:00Z');
    const ask = (query: { days: number; asOf?: string; locationId?: string }) =>
      reports.planning.expiringStock(clinic.actor.admin, query);
    const within = async (days: number) =>
      (await ask({ days })).lots.map(({ product, expiresOn, vials, units, planned, expiring }) => [
        product,
        expiresOn,
        vials,
        units,
        planned,
        expiring,
      ]);
    expect(await within(180)).toEqual([
      ['ona', '2025-07-10', 2, 80, 8, 72],
      ['abo', '2025-08-01', 3, 900, 0, 900],
    ]);
    expect(await within(184)).toEqual([
      ['ona', '2025-07-10', 2, 80, 8, 72],
      ['abo', '2025-08-01', 3, 900, 0, 900],
      ['ona', '2025-12-31', 1, 100, 8, 92],
    ]);
    expect((await ask({ days: 184 })).products).toEqual([
      { product: 'abo', vials: 3, units: 900, planned: 0, expiring: 900 },
      { product: 'ona', vials: 3, units: 180, planned: 16, expiring: 164 },
    ]);
    // What is quarantined or discarded is not used; what is elsewhere is not here.
    await work.db.admin.query(`UPDATE lot SET status = 'quarantined' WHERE id = $1`, [soon]);
    expect((await within(180)).map(([product]) => product)).toEqual(['abo']);
    const elsewhere = await records.location('Europe/Madrid');
    expect((await ask({ days: 180, locationId: elsewhere })).lots).toEqual([]);
    await expect(ask({ days: 180, asOf: '2025-07-03' })).rejects.toBeInstanceOf(AsOfInFuture);
  });
});
