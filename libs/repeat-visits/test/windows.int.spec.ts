import { readFileSync } from 'node:fs';

import { systemActor } from '#database';
import { calendarDate } from '#kernel';
import { aSignedTreatment } from '#treatments/testing';
import { aClinic } from '#identity/testing';
import { TreatmentWindowsPort } from '#scheduling';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { AssessedBeforeTreatment, WindowsService } from '../src/index.js';
import { KeptWindowsService } from '../src/kept/kept-windows.service.js';
import { RepeatVisitsService } from '../src/repeat-visits.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

describe('the windows of a patient', () => {
  let work: ClinicAtWork;
  let windows: WindowsService;
  let patientId: string;
  const issue = (ids: readonly string[], on = '2026-06-01') =>
    work.db.database.write(systemActor(work.clinic.clinicId), (tx) =>
      windows.issueFor(tx, ids, calendarDate(on)),
    );
  const open = async (): Promise<Record<string, unknown>[]> =>
    (await work.kept(patientId)).filter(({ status }) => status === 'open');
  const visits = (assessedOn?: string) =>
    work.module.get(RepeatVisitsService).ofPatient(work.clinic.actor.receptionist, patientId, assessedOn);

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
    windows = work.module.get(WindowsService);
  });
  beforeEach(async () => {
    patientId = await work.desk.aPatient();
  });
  afterAll(() => work.close());

  it('come with the signature, one an area, with their input and explanation', async () => {
    const treatmentId = await work.sign({
      patientId,
      treatedOn: '2026-01-31',
      areas: ['glabella', 'forehead', 'lateral_canthal'],
    });
    const kept = await work.kept(patientId);
    expect(kept).toMatchObject(
      ['forehead', 'glabella', 'lateral_canthal'].map((area) => ({
        area,
        status: 'open',
        treatmentId,
        earliest: '2026-05-01',
        target: '2026-05-23',
      })),
    );
    expect(JSON.parse(String(kept[0]?.['outcome']))).toEqual({
      won: [
        'interval/ona/UK/label',
        'order/not-before/earliest',
        'window/standard/target',
        'window/standard/to',
        'window/standard/lapse',
        'review/default',
        'review/default',
        'non-response/default',
      ],
      personal: null,
    });
    expect(JSON.parse(String(kept[0]?.['input']))).toMatchObject({
      assessedOn: '2026-01-31',
      formula: 'formula/1',
      doses: [['2026-01-31', 'ona', 'full', treatmentId]],
    });
    const { items } = await work.module
      .get(KeptWindowsService)
      .list(work.clinic.actor.receptionist, patientId, { limit: 2 });
    const shown = await work.module
      .get(KeptWindowsService)
      .read(work.clinic.actor.receptionist, patientId, String(items[0]?.id));
    expect(shown.explanation.earliest.candidates).toMatchObject([
      { ruleId: 'interval/ona/UK/label', wins: true, base: { treatmentId } },
    ]);
    expect(shown.explanation).toEqual(
      (await visits()).areas.find(({ area }) => area === shown.area)?.explanation,
    );
  });

  it('are rolled back with the signature', async () => {
    const failing = work.sign({ patientId, treatedOn: '2026-01-31' }, () =>
      Promise.reject(new Error('power cut')),
    );
    await expect(failing).rejects.toThrow('power cut');
    expect(await work.kept(patientId)).toEqual([]);
  });

  it('stay the same bytes when they are computed again, on whatever day', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['glabella', 'forehead'] });
    const before = await work.kept(patientId);
    expect(await issue([patientId])).toEqual({ issued: 0, ended: 0, unchanged: 2 });
    expect(await issue([patientId, patientId], '2030-01-01')).toEqual({ issued: 0, ended: 0, unchanged: 2 });
    expect(await work.kept(patientId)).toEqual(before);
  });

  it('are superseded by the next treatment, area by area', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-10', areas: ['glabella', 'forehead'] });
    await work.sign({ patientId, treatedOn: '2026-05-12' });
    expect(await work.kept(patientId)).toMatchObject([
      { area: 'forehead', status: 'open', earliest: '2026-04-10' },
      { area: 'glabella', status: 'superseded', endedBy: 'treated-again', earliest: '2026-04-10' },
      { area: 'glabella', status: 'open', endedBy: null, earliest: '2026-08-12' },
    ]);
  });

  it('move their earliest day with a touch-up, not their target', async () => {
    const completesId = await work.sign({ patientId, treatedOn: '2026-02-02' });
    const [before] = await open();
    await work.sign({ patientId, treatedOn: '2026-02-16', kind: 'touch-up', completesId });
    const [after] = await open();
    expect(before).toMatchObject({ earliest: '2026-05-02', target: '2026-05-25' });
    expect(after).toMatchObject({ earliest: '2026-05-16', target: '2026-05-25', treatmentId: completesId });
  });

  it('follow the product last used', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-15' });
    await work.sign({ patientId, treatedOn: '2026-04-20', product: 'rela' });
    expect(await open()).toMatchObject([{ product: 'rela', earliest: '2026-07-13', target: '2026-10-05' }]);
  });

  it('go back to the treatment before when one is entered in error, and close when it was the only one', async () => {
    const first = { patientId, treatedOn: '2026-01-15' };
    const second = { patientId, treatedOn: '2026-04-20', areas: ['glabella', 'forehead'] };
    const firstId = await work.sign(first);
    const secondId = await work.sign(second);
    const [original] = await work.kept(patientId);
    await work.withdraw(secondId, second);
    expect(await work.kept(patientId)).toMatchObject([
      { area: 'glabella', status: 'superseded', endedBy: 'treated-again' },
      { area: 'forehead', status: 'closed', endedBy: 'withdrawn' },
      { area: 'glabella', status: 'superseded', endedBy: 'recomputed', earliest: '2026-07-20' },
      { area: 'glabella', status: 'open', inputHash: original?.['inputHash'], earliest: '2026-04-15' },
    ]);
    const again = (await open())[0];
    expect([again?.['outcome'], again?.['target']]).toEqual([original?.['outcome'], original?.['target']]);
    await work.withdraw(firstId, first);
    expect(await open()).toEqual([]);
  });

  it('count a treatment entered late: an older day changes nothing that is newer', async () => {
    await work.sign({ patientId, treatedOn: '2026-04-20' });
    await work.sign({ patientId, treatedOn: '2026-01-05' });
    expect(await open()).toMatchObject([{ earliest: '2026-07-20' }]);
  });

  it('end as one open window an area when several treatments are signed at once', async () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];
    for (let round = 0; round < 5; round += 1) {
      patientId = await work.desk.aPatient();
      await Promise.all(
        days.map((treatedOn) => work.sign({ patientId, treatedOn, areas: ['glabella', 'forehead'] })),
      );
      expect(await open()).toMatchObject([{ earliest: '2026-06-06' }, { earliest: '2026-06-06' }]);
      const followUps = await work.db.admin.query('SELECT 1 FROM follow_up WHERE patient_id = $1', [
        patientId,
      ]);
      expect(followUps.rowCount).toBe(12);
    }
  });

  it('are issued for many patients at once', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => work.desk.aPatient()));
    for (const id of ids)
      await aSignedTreatment(work.db, work.clinic, { patientId: id, treatedOn: '2026-01-31' });
    expect(await issue(ids)).toEqual({ issued: 60, ended: 0, unchanged: 0 });
    expect(await issue(ids.toReversed())).toEqual({ issued: 0, ended: 0, unchanged: 60 });
  });

  it('are told to scheduling, by area', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['glabella', 'forehead'] });
    const port = work.module.get(TreatmentWindowsPort);
    const told = (areas: readonly string[]) =>
      work.db.database.read(work.clinic.actor.receptionist, (tx) => port.read(tx, patientId, areas));
    const window = { earliest: '2026-05-01', recommendedFrom: '2026-05-01', recommendedTo: '2026-06-20' };
    expect(await told(['glabella', 'masseter'])).toEqual([{ areaId: 'glabella', ...window }]);
    expect((await told([])).map(({ areaId }) => areaId)).toEqual(['forehead', 'glabella']);
  });

  it('tell scheduling how far apart planned treatments must lie, by the product or, unknown, by every one', async () => {
    const port = work.module.get(TreatmentWindowsPort);
    const told = (areas: readonly string[]) =>
      work.db.database.read(work.clinic.actor.receptionist, (tx) => port.intervals(tx, patientId, areas));
    const [unknown] = await told(['glabella']);
    expect(unknown?.areaId).toBe('glabella');
    expect(unknown?.byProduct.length).toBeGreaterThan(1);
    expect(unknown?.byProduct).toContainEqual([{ n: 3, unit: 'month' }]);
    expect((await told([])).map(({ areaId }) => areaId)).toEqual(['any']);
    await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['glabella', 'forehead'] });
    expect(await told(['glabella'])).toEqual([
      { areaId: 'glabella', byProduct: [[{ n: 3, unit: 'month' }]] },
    ]);
    expect((await told([])).map(({ areaId }) => areaId)).toEqual(['forehead', 'glabella']);
    const many = await work.db.database.read(work.clinic.actor.receptionist, (tx) =>
      port.readOfMany(tx, [patientId]),
    );
    expect(many).toMatchObject([
      { patientId, areaId: 'forehead', earliest: '2026-05-01' },
      { patientId, areaId: 'glabella', earliest: '2026-05-01' },
    ]);
  });

  it('are read for any day from the last treatment on, and leave an audit row', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31' });
    expect(await visits()).toMatchObject({
      assessedOn: '2026-06-01',
      protocolVersion: 'catalogue/1/UK',
      areas: [
        {
          area: 'glabella',
          areaName: 'Glabellar lines (frown lines)',
          productName: 'onabotulinumtoxinA',
          state: 'due',
          earliest: '2026-05-01',
          reasons: [],
        },
      ],
    });
    expect((await visits('2026-01-31')).areas[0]?.state).toBe('too-early');
    expect((await visits('2027-01-31')).areas[0]?.state).toBe('lapsed');
    await expect(visits('2026-01-30')).rejects.toThrow(AssessedBeforeTreatment);
    const trail = await work.db.admin.query(
      `SELECT action FROM audit_event WHERE patient_id = $1 AND action = 'repeat-visits.read'`,
      [patientId],
    );
    expect(trail.rowCount).toBe(3);
  });

  it('take today from the place of the last treatment', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31', locationId: work.desk.newYork.id });
    work.clock.set(new Date('2026-06-02T02:00:00Z'));
    expect((await visits()).assessedOn).toBe('2026-06-01');
    await work.sign({ patientId, treatedOn: '2026-05-31' });
    expect((await visits()).assessedOn).toBe('2026-06-02');
    work.clock.set(new Date('2026-06-01T12:00:00Z'));
  });

  it('work with the clinic’s own figures in place of the catalogue’s', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['forehead'] });
    const { rows } = await work.db.admin.query<{ figures: { window: { target: { weeks: number } } } }>(
      `SELECT figures FROM window_figures WHERE figures ->> 'area' = 'forehead' AND figures ->> 'product' = 'ona'`,
    );
    const figures = structuredClone(rows[0]?.figures);
    if (!figures) throw new Error('figures are kept with the window');
    figures.window.target.weeks = 14;
    const other = await ClinicAtWork.open('2026-06-01');
    try {
      const mine = await other.desk.aPatient();
      await other.db.admin.query(
        `INSERT INTO protocol (clinic_id, id, product_id, area_id, version, figures, catalogue_version, valid_from, reason)
         VALUES ($1, gen_random_uuid(), 'ona', 'forehead', 3, $2, 1, '2026-06-01', 'Shorter here')`,
        [other.clinic.clinicId, figures],
      );
      await other.sign({ patientId: mine, treatedOn: '2026-01-31', areas: ['forehead', 'glabella'] });
      expect(await other.kept(mine)).toMatchObject([
        { area: 'forehead', target: '2026-05-09' },
        { area: 'glabella', target: '2026-05-23' },
      ]);
      const { protocolVersion } = await other.module
        .get(RepeatVisitsService)
        .ofPatient(other.clinic.actor.receptionist, mine, undefined);
      expect(protocolVersion).toBe('catalogue/1/UK+ona.forehead.3');
    } finally {
      await other.close();
    }
  });

  it('of another clinic’s patient are those of nobody', async () => {
    await work.sign({ patientId, treatedOn: '2026-01-31' });
    const foreign = await aClinic(work.db);
    const asked = work.module
      .get(RepeatVisitsService)
      .ofPatient(foreign.actor.receptionist, patientId, undefined);
    await expect(asked).rejects.toThrow(PatientNotFound);
    const told = await work.db.database.write(systemActor(foreign.clinicId), (tx) =>
      windows.issueFor(tx, [patientId], calendarDate('2026-06-01')),
    );
    expect(told).toEqual({ issued: 0, ended: 0, unchanged: 0 });
    expect(await open()).toHaveLength(1);
  });

  it('pass the worked examples as kept', async () => {
    const { windows: vectors } = JSON.parse(
      readFileSync(new URL('../src/testing/vectors/clinical.json', import.meta.url), 'utf8'),
    ) as {
      windows: {
        market: string;
        area: string;
        doses: { date: string; product: string; kind: string }[];
        expect: Record<string, string>;
      }[];
    };
    const inUk = vectors.filter(({ market }) => market === 'UK');
    expect(inUk.length).toBeGreaterThan(0);
    for (const vector of inUk) {
      patientId = await work.desk.aPatient();
      for (const { date, product } of vector.doses)
        await work.sign({ patientId, treatedOn: date, product, areas: [vector.area] });
      expect(await open()).toMatchObject([
        { earliest: vector.expect['earliest'], target: vector.expect['target'] },
      ]);
    }
  });
});
