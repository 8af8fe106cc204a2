import { ReviewsService } from '#follow-ups';
import { InvalidInput } from '#http';
import { newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { AreaNeverTreated, OverrideNotFound, OverrideTooEarly } from '../src/index.js';
import { KeptWindowsService } from '../src/kept/kept-windows.service.js';
import { OverridesService } from '../src/overrides/overrides.service.js';
import { ProposalsService } from '../src/proposals/proposals.service.js';
import { RepeatVisitsService } from '../src/repeat-visits.service.js';
import { WhatIfService } from '../src/what-if/what-if.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

describe('the windows of a patient, live', () => {
  let work: ClinicAtWork;
  let patientId: string;
  const desk = () => work.clinic.actor.receptionist;
  const doctor = () => work.clinic.actor.prescriber;
  const visits = async () =>
    (await work.module.get(RepeatVisitsService).ofPatient(desk(), patientId, undefined)).areas;
  const reasons = async (): Promise<string[]> =>
    (await visits()).flatMap(({ reasons: found }) => found.map(({ code }) => code));
  const proposals = (query: object = {}) =>
    work.module.get(ProposalsService).ofPatient(desk(), patientId, { slots: 3, ...query });

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
  });
  beforeEach(async () => {
    patientId = await work.desk.aPatient();
  });
  afterAll(() => work.close());

  describe('a clinician’s own day', () => {
    const decide = (notBefore: string, area = 'glabella', actor = doctor()) =>
      work.module
        .get(OverridesService)
        .decide(actor, patientId, area, { notBefore, reason: 'After the wedding' });

    it('stands with who, why and the calculated date, and the visit waits for it', async () => {
      await work.sign({ patientId, treatedOn: '2026-01-31' });
      expect(await decide('2026-07-10')).toMatchObject({
        notBefore: '2026-07-10',
        calculated: '2026-05-23',
        afterTreatmentOn: '2026-01-31',
        reason: 'After the wedding',
      });
      expect((await visits())[0]?.reasons).toMatchObject([
        {
          code: 'override-waiting',
          until: '2026-07-10',
          because: { why: 'After the wedding', calculated: '2026-05-23' },
        },
      ]);
      expect(await proposals()).toMatchObject({ visits: [{ date: '2026-07-10', areas: ['glabella'] }] });
    });

    it('is replaced by a newer decision and can be taken back', async () => {
      await work.sign({ patientId, treatedOn: '2026-01-31' });
      await decide('2026-07-10');
      await decide('2026-08-10');
      expect((await visits())[0]?.reasons).toMatchObject([{ until: '2026-08-10' }]);
      await work.module.get(OverridesService).withdraw(doctor(), patientId, 'glabella');
      expect(await reasons()).toEqual([]);
      await expect(
        work.module.get(OverridesService).withdraw(doctor(), patientId, 'glabella'),
      ).rejects.toThrow(OverrideNotFound);
    });

    it('is dropped by the next treatment, and stands again when that was entered in error', async () => {
      await work.sign({ patientId, treatedOn: '2026-01-31' });
      await decide('2026-07-10');
      const next = { patientId, treatedOn: '2026-05-30' };
      const id = await work.sign(next);
      expect(await reasons()).toEqual([]);
      await work.withdraw(id, next);
      expect(await reasons()).toEqual(['override-waiting']);
    });

    it('cannot come before the label permits, nor for an area never treated', async () => {
      await work.sign({ patientId, treatedOn: '2026-05-01' });
      await expect(decide('2026-07-31')).rejects.toThrow(OverrideTooEarly);
      await expect(decide('2026-09-01', 'forehead')).rejects.toThrow(AreaNeverTreated);
    });
  });

  describe('what is known elsewhere', () => {
    it('holds a visit while an adverse event is active, and lets it go once it is resolved', async () => {
      const treatmentId = await work.sign({ patientId, treatedOn: '2026-01-31' });
      await work.harm({ patientId, treatmentId });
      expect((await visits())[0]?.reasons).toMatchObject([
        { code: 'on-hold', because: { reason: 'adverse-event', since: '2026-02-05' }, suppresses: true },
      ]);
      expect(await proposals()).toMatchObject({ visits: [], leftOut: [{ area: 'glabella' }] });
      await work.heal({ treatmentId });
      expect(await reasons()).toEqual([]);
    });

    it('shows a treatment without response to whoever plans the next, until there is one', async () => {
      const treatmentId = await work.sign({ patientId, treatedOn: '2026-01-31' });
      const { rows } = await work.db.admin.query<{ id: string }>(
        `SELECT id FROM follow_up WHERE treatment_id = $1 AND kind = 'non-response-check'`,
        [treatmentId],
      );
      const nothing = { area: 'glabella', result: 'none', touchUp: 'not-needed' } as const;
      await work.module
        .get(ReviewsService)
        .complete(
          work.clinic.actor.prescriber,
          rows[0]?.id ?? '',
          { reviewedOn: '2026-03-02', areas: [nothing] },
          undefined,
        );
      expect((await visits())[0]?.reasons).toMatchObject([
        {
          code: 'no-response',
          because: { treatedOn: '2026-01-31', foundOn: '2026-03-02', notBefore: '2026-05-01' },
          suppresses: false,
        },
      ]);
      await work.sign({ patientId, treatedOn: '2026-05-30' });
      expect(await reasons()).toEqual([]);
    });

    it('follows a booking and its cancelling, as if it had never been', async () => {
      await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['glabella', 'forehead'] });
      const before = await visits();
      const booked = await work.book(patientId, '2026-06-10', ['glabella']);
      expect(await reasons()).toEqual(['combinable', 'booked']);
      expect(await proposals()).toMatchObject({
        visits: [{ areas: ['forehead'] }],
        leftOut: [{ area: 'glabella', reasons: [{ code: 'booked' }] }],
        combinable: [{ appointmentId: booked, on: '2026-06-10', areas: ['forehead'] }],
      });
      await work.db.admin.query(`UPDATE appointment SET status = 'cancelled' WHERE id = $1`, [booked]);
      expect(await visits()).toEqual(before);
    });
  });

  it('unite when two records are, and part again, in the same transaction', async () => {
    const twin = await work.desk.aPatient();
    await work.sign({ patientId, treatedOn: '2026-01-10', areas: ['glabella'] });
    await work.sign({ patientId: twin, treatedOn: '2026-05-20', areas: ['glabella', 'forehead'] });
    await work.merge('merged', twin, patientId);
    const open = async (id: string) => (await work.kept(id)).filter(({ status }) => status === 'open');
    expect(await open(patientId)).toMatchObject([
      { area: 'forehead', earliest: '2026-08-20' },
      { area: 'glabella', earliest: '2026-08-20' },
    ]);
    expect(await work.kept(twin)).toMatchObject([
      { status: 'superseded', endedBy: 'merged' },
      { status: 'superseded', endedBy: 'merged' },
    ]);
    expect((await visits()).map(({ area, earliest }) => [area, earliest])).toEqual([
      ['forehead', '2026-08-20'],
      ['glabella', '2026-08-20'],
    ]);
    await work.merge('unmerged', twin, patientId);
    expect(await open(patientId)).toMatchObject([{ area: 'glabella', earliest: '2026-04-10' }]);
    expect(await open(twin)).toMatchObject([{ area: 'forehead' }, { area: 'glabella' }]);
  });

  describe('proposals', () => {
    it('are bookable at once: free times inside each visit', async () => {
      await work.sign({ patientId, treatedOn: '2026-01-31', areas: ['glabella', 'forehead', 'masseter'] });
      const { london, type } = work.desk;
      const found = await proposals({ locationId: london.id, typeId: type.treatment });
      expect(found.visits).toHaveLength(1);
      const [visit] = found.visits;
      expect(visit).toMatchObject({
        from: '2026-06-01',
        to: '2026-06-20',
        areas: ['forehead', 'glabella', 'masseter'],
      });
      expect(visit?.availability).toMatchObject({
        zone: 'Europe/London',
        from: '2026-06-01',
        to: '2026-06-20',
      });
      expect(visit?.availability?.slots).toHaveLength(3);
      for (const slot of visit?.availability?.slots ?? []) {
        expect(slot.localTime >= '2026-06-01' && slot.localTime < '2026-06-21').toBe(true);
      }
    });

    it('need both a place and a type for free times', async () => {
      await expect(proposals({ locationId: work.desk.london.id })).rejects.toThrow(InvalidInput);
    });
  });

  it('can be listed and read as they were given, page by page', async () => {
    await work.sign({ patientId, treatedOn: '2025-06-10' });
    await work.sign({ patientId, treatedOn: '2025-11-10' });
    await work.sign({ patientId, treatedOn: '2026-04-10' });
    const kept = work.module.get(KeptWindowsService);
    const first = await kept.list(desk(), patientId, { limit: 2 });
    const second = await kept.list(desk(), patientId, { limit: 2, after: String(first.next) });
    expect([...first.items, ...second.items].map(({ earliest, status }) => [earliest, status])).toEqual([
      ['2026-07-10', 'open'],
      ['2026-02-10', 'superseded'],
      ['2025-09-10', 'superseded'],
    ]);
    expect(second.next).toBeNull();
    const read = await kept.read(desk(), patientId, String(second.items[0]?.id));
    expect(read.input.doses).toMatchObject([{ treatedOn: '2025-06-10', product: 'ona', kind: 'full' }]);
    expect(read.explanation.target.date).toBe(read.target);
    await expect(kept.read(desk(), patientId, newId())).rejects.toMatchObject({ name: 'window_not_found' });
  });

  it('answer what-if questions for many histories at once, with proposals and own intervals when asked', async () => {
    const dose = (treatedOn: string, area = 'glabella') => ({
      treatedOn,
      product: 'ona',
      area,
      kind: 'full' as const,
    });
    const ask = (request: object) =>
      work.module.get(WhatIfService).forecast(desk(), { market: 'UK', assessedOn: '2026-06-01', ...request });
    const plain = await ask({ doses: [dose('2026-01-31')] });
    expect(plain).toMatchObject({
      areas: [{ state: 'due', personal: null }],
      proposals: null,
      histories: null,
    });
    const history = [
      dose('2025-01-01'),
      dose('2025-06-01'),
      dose('2025-11-01'),
      dose('2026-03-01', 'forehead'),
    ];
    const many = await ask({
      personalInterval: true,
      proposals: true,
      histories: Array.from({ length: 1000 }, (_, i) => ({ ref: `p${i}`, doses: history })),
    });
    expect(many.areas).toEqual([]);
    expect(many.histories).toHaveLength(1000);
    expect(many.histories?.[999]).toMatchObject({
      ref: 'p999',
      areas: [
        { area: 'forehead', personal: null },
        { area: 'glabella', personal: { intervals: 2, medianDays: 152 } },
      ],
      proposals: { visits: [{ areas: ['forehead', 'glabella'] }] },
    });
    await expect(
      ask({ doses: [], histories: [{ doses: [{ ...dose('2026-01-01'), product: 'x' }] }] }),
    ).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/histories' }, { pointer: '/histories/0/doses/0/product' }] },
    });
  });
});
