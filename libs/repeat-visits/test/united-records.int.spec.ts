import { setTimeout as wait } from 'node:timers/promises';

import { aClearedConsultation } from '#consultations/testing';
import { FollowUpsService, PathwaysService, ReviewsService, WorklistsService } from '#follow-ups';
import { BookingService, TreatmentWindowsPort } from '#scheduling';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { KeptWindowsService } from '../src/kept/kept-windows.service.js';
import { OverridesService } from '../src/overrides/overrides.service.js';
import { ProposalsService } from '../src/proposals/proposals.service.js';
import { RepeatVisitsService } from '../src/repeat-visits.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const TREATED = '2026-01-31';
const MASSETER = { area: 'masseter', result: 'none', touchUp: 'not-needed' } as const;

/** `twin` is the record merged later; what was decided, found or booked under it follows the person, and comes back. */
describe('two records of one person', () => {
  let work: ClinicAtWork;
  let patientId: string;
  let twin: string;
  const desk = () => work.clinic.actor.receptionist;
  const doctor = () => work.clinic.actor.prescriber;
  const reasons = async (of: string): Promise<string[]> => {
    const { areas } = await work.module.get(RepeatVisitsService).ofPatient(desk(), of, undefined);
    return areas.flatMap((area) => area.reasons.map(({ code }) => `${area.area} ${code}`));
  };
  const proposed = async (of: string): Promise<string[]> => {
    const { visits } = await work.module.get(ProposalsService).ofPatient(desk(), of, { slots: 3 });
    return visits.map(({ date, areas }) => `${date} ${areas.join('+')}`);
  };
  const forBooking = (of: string) =>
    work.db.database.read(desk(), (tx) => work.module.get(TreatmentWindowsPort).read(tx, of, []));
  const decide = (of: string, notBefore: string) =>
    work.module.get(OverridesService).decide(doctor(), of, 'glabella', { notBefore, reason: 'The wedding' });
  const withdraw = (of: string) => work.module.get(OverridesService).withdraw(doctor(), of, 'glabella');
  const someoneWaits = async (): Promise<void> => {
    const WAITING = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await work.db.admin.query(WAITING)).rowCount === 0) await wait(10);
  };
  const merge = () => work.merge('merged', twin, patientId);
  const unmerge = () => work.merge('unmerged', twin, patientId);

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
  });
  beforeEach(async () => {
    patientId = await work.desk.aPatient();
    twin = await work.desk.aPatient();
  });
  afterAll(() => work.close());

  describe('a clinician’s own day', () => {
    it('holds for the person, wherever it was decided, and goes back with its record', async () => {
      await work.sign({ patientId: twin, treatedOn: TREATED });
      await decide(twin, '2026-07-10');
      await merge();
      expect(await reasons(patientId)).toEqual(['glabella override-waiting']);
      expect(await proposed(patientId)).toEqual(['2026-07-10 glabella']);
      expect(await forBooking(patientId)).toMatchObject([{ recommendedFrom: '2026-07-10' }]);
      await unmerge();
      expect(await reasons(patientId)).toEqual([]);
      expect(await reasons(twin)).toEqual(['glabella override-waiting']);
      expect(await forBooking(twin)).toMatchObject([{ recommendedFrom: '2026-07-10' }]);
    });

    it('is dropped by a newer treatment the other record holds, and stands again apart from it', async () => {
      await work.sign({ patientId: twin, treatedOn: TREATED });
      await work.sign({ patientId, treatedOn: '2026-02-20' });
      await decide(twin, '2026-07-10');
      await merge();
      expect(await reasons(patientId)).toEqual([]);
      expect(await forBooking(patientId)).toMatchObject([{ recommendedFrom: '2026-05-20' }]);
      await expect(withdraw(patientId)).rejects.toMatchObject({ name: 'override_not_found' });
      await unmerge();
      expect(await reasons(twin)).toEqual(['glabella override-waiting']);
    });

    it('is the newest of both, and can be taken back under the record that is in use', async () => {
      for (const one of [patientId, twin]) await work.sign({ patientId: one, treatedOn: TREATED });
      await decide(patientId, '2026-08-10');
      work.clock.set(new Date(work.clock.now().getTime() + 1000));
      await decide(twin, '2026-07-10');
      await merge();
      expect(await proposed(patientId)).toEqual(['2026-07-10 glabella']);
      expect(await forBooking(patientId)).toMatchObject([{ recommendedFrom: '2026-07-10' }]);
      await withdraw(patientId);
      expect(await reasons(patientId)).toEqual([]);
      await unmerge();
      expect([...(await reasons(twin)), ...(await reasons(patientId))]).toEqual([]);
    });
  });

  it('a pregnancy told under one holds the visits of both, and goes back with its record', async () => {
    await work.sign({ patientId, treatedOn: TREATED });
    await aClearedConsultation(work.db, work.clinic, {
      patientId: twin,
      decidedOn: '2026-05-20',
      answers: { pregnancy: 'pregnant' },
    });
    await merge();
    expect(await reasons(patientId)).toEqual(['glabella on-hold']);
    expect(await proposed(patientId)).toEqual([]);
    await unmerge();
    expect(await reasons(patientId)).toEqual([]);
  });

  it('reviews of one are booked for the person, and shown under the record in use', async () => {
    await work.sign({ patientId: twin, treatedOn: '2026-05-20' });
    const listed = async (): Promise<string[]> =>
      (await work.module.get(WorklistsService).desk(desk(), { limit: 100 })).items
        .map((item) => item.patientId)
        .filter((id) => id === patientId || id === twin);
    expect(await listed()).toEqual([twin]);
    await merge();
    expect(await listed()).toEqual([patientId]);
    const { london, type, nurseId } = work.desk;
    await work.module.get(BookingService).book(desk(), {
      patientId,
      typeId: type.review,
      locationId: london.id,
      practitionerId: nurseId,
      startsAt: '2026-06-05T09:00',
    });
    const reviews = async (of: string): Promise<string[]> =>
      (await work.module.get(FollowUpsService).ofPatient(desk(), of)).items
        .filter(({ kind }) => kind === 'review')
        .map(({ status }) => status);
    expect(await listed()).toEqual([]);
    expect(await reviews(patientId)).toEqual(['booked']);
    await unmerge();
    expect([await reviews(patientId), await reviews(twin)]).toEqual([[], ['booked']]);
  });

  it('a missing response found under one holds the area back for the person, until a newer treatment of either', async () => {
    const treatmentId = await work.sign({ patientId: twin, treatedOn: '2026-04-20', areas: ['masseter'] });
    const { rows } = await work.db.admin.query<{ id: string }>(
      `SELECT id FROM follow_up WHERE treatment_id = $1 AND kind = 'non-response-check'`,
      [treatmentId],
    );
    await work.module
      .get(ReviewsService)
      .complete(doctor(), rows[0]?.id ?? '', { reviewedOn: '2026-06-01', areas: [MASSETER] }, undefined);
    const pathways = async (of: string): Promise<number> =>
      (await work.module.get(PathwaysService).ofPatient(doctor(), of)).items.length;
    await merge();
    expect(await reasons(patientId)).toEqual(['masseter no-response']);
    expect(await forBooking(patientId)).toMatchObject([{ withoutResponse: true, earliest: '2026-07-20' }]);
    expect(await pathways(patientId)).toBe(1);
    const { items } = await work.module.get(WorklistsService).pathways(doctor(), { limit: 100 });
    expect(items.map((item) => item.patientId)).toContain(patientId);
    await work.sign({ patientId, treatedOn: '2026-05-30', areas: ['masseter'] });
    expect(await reasons(patientId)).toEqual([]);
    await unmerge();
    expect(await reasons(twin)).toEqual(['masseter no-response']);
    expect(await reasons(patientId)).toEqual([]);
    expect([await pathways(patientId), await pathways(twin)]).toEqual([0, 1]);
  });

  describe('a treatment under the merged record that was a mistake', () => {
    const MISTAKEN = { treatedOn: '2026-03-10' };
    let standing: string;
    let mistaken: string;
    const openOf = async (of: string): Promise<unknown[]> =>
      (await work.kept(of)).filter(({ status }) => status === 'open').map(({ treatmentId }) => treatmentId);
    const takeBack = () => work.withdraw(mistaken, { patientId: twin, ...MISTAKEN });
    beforeEach(async () => {
      standing = await work.sign({ patientId, treatedOn: TREATED });
      mistaken = await work.sign({ patientId: twin, ...MISTAKEN });
    });

    it('gives the person the window of the one that stands', async () => {
      await merge();
      expect(await openOf(patientId)).toEqual([mistaken]);
      await takeBack();
      expect([await openOf(patientId), await openOf(twin)]).toEqual([[standing], []]);
    });

    it('does so too when it is taken back while the records are being merged', async () => {
      let taken = Promise.resolve();
      await work.merge('merged', twin, patientId, async () => {
        taken = takeBack();
        await someoneWaits();
      });
      await taken;
      expect([await openOf(patientId), await openOf(twin)]).toEqual([[standing], []]);
    });
  });

  it('what was told under either stays readable', async () => {
    await work.sign({ patientId: twin, treatedOn: TREATED });
    await merge();
    const kept = work.module.get(KeptWindowsService);
    const { items } = await kept.list(desk(), patientId, { limit: 10 });
    expect(items.map(({ status, endedBy }) => [status, endedBy])).toEqual([
      ['open', null],
      ['superseded', 'merged'],
    ]);
    expect(await kept.read(desk(), patientId, items[1]?.id ?? '')).toMatchObject({ target: '2026-05-23' });
  });

  it('nobody is chased for the review of a patient who died under either', async () => {
    await work.sign({ patientId: twin, treatedOn: '2026-05-20' });
    await merge();
    await work.db.admin.query(
      `UPDATE patient SET status = 'deceased', status_on = '2026-05-30' WHERE id = $1`,
      [patientId],
    );
    const lists = work.module.get(WorklistsService);
    const left = await lists.desk(desk(), { limit: 100 });
    expect(left.items.map((item) => item.patientId)).not.toContain(patientId);
  });
});
