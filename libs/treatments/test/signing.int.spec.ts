import { UnknownArea } from '#catalogue';
import * as assessed from '#consultations';
import { StaleVersion } from '#http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { LotExpired, LotNotFound, LotNotUsable, LotOfOtherProduct } from '../src/domain/lots.errors.js';
import {
  TreatmentEmpty,
  TreatmentNotFound,
  TreatmentOfAnother,
  TreatmentSigned,
} from '../src/domain/treatments.errors.js';
import { aLot } from '../src/testing/index.js';
import { LotRecallsService } from '../src/lot-recall/lot-recalls.service.js';
import { Practice, type Clinic } from './practice.js';

describe('a treatment', () => {
  let practice: Practice;
  let uk: Clinic;
  let us: Clinic;

  const doctor = (clinic = uk) => clinic.actor.prescriber;
  const nurse = (clinic = uk) => clinic.actor.practitioner;
  const sign = (id: string, signing = {}, actor = doctor()) => practice.sign(uk, id, signing, actor);

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
    us = await practice.clinic('US');
  });
  beforeEach(() => practice.newDay());
  afterAll(() => practice.close());

  it('is charted today, with totals per area and product and volumes from the vial', async () => {
    const draft = await practice.draft(uk);
    expect(draft).toMatchObject({
      status: 'draft',
      treatedOn: '2026-03-02',
      practitionerId: doctor().staffId,
      totals: [{ product: 'ona', area: 'glabella', units: 20, points: 5, volumeMl: 0.5 }],
      productTotals: [{ product: 'ona', units: 20 }],
      signature: null,
      doseFindings: [],
    });
    expect(draft.injections[0]).toMatchObject({ units: 4, volumeMl: 0.1 });
  });

  it('is signed: name, time, meaning and an intact hash, and whoever plans what follows is practice.told', async () => {
    const draft = await practice.draft(uk);
    const signed = await sign(draft.id);
    expect(signed).toMatchObject({
      status: 'signed',
      signature: {
        by: doctor().staffId,
        name: 'Dr Ada Okafor',
        at: '2026-03-02T10:00:00.000Z',
        intact: true,
      },
    });
    expect(practice.told).toEqual([
      {
        what: 'signed',
        treatmentId: draft.id,
        replacesId: null,
        patientId: draft.patientId,
        treatedOn: '2026-03-02',
        kind: 'full',
        doses: [{ product: 'ona', area: 'glabella' }],
      },
    ]);
    const again = [
      () => sign(draft.id),
      async () => practice.treatments.chart(doctor(), draft.id, { injections: [] }, undefined),
      () => practice.corrections.discard(doctor(), draft.id),
    ];
    for (const change of again) await expect(change()).rejects.toThrow(TreatmentSigned);
    const doses = await practice.db.database.read(doctor(), (tx) =>
      practice.history.doses(tx, [draft.patientId]),
    );
    expect(doses).toMatchObject([{ product: 'ona', area: 'glabella', units: 20, treatedOn: '2026-03-02' }]);
  });

  it('is signed once when two sign at the same moment', async () => {
    const { id } = await practice.draft(uk);
    const outcomes = await Promise.allSettled([sign(id), sign(id), sign(id)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = outcomes.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    expect(refusals.every((reason) => reason instanceof TreatmentSigned)).toBe(true);
    expect(practice.told).toHaveLength(1);
  });

  it('is charted and signed only by its own practitioner', async () => {
    const { id } = await practice.draft(uk);
    await expect(sign(id, {}, nurse())).rejects.toThrow(TreatmentOfAnother);
    const chart = practice.treatments.chart(nurse(), id, { injections: [] }, undefined);
    await expect(chart).rejects.toThrow(TreatmentOfAnother);
    await expect(practice.treatments.read(doctor(us), id)).rejects.toThrow(TreatmentNotFound);
    await expect(sign(id, {}, doctor(us))).rejects.toThrow(TreatmentNotFound);
  });

  it('is charted as a whole list, against the version that was read', async () => {
    const draft = await practice.draft(uk);
    const injections = await practice.points(uk, { units: 2 }, 2);
    const charted = await practice.treatments.chart(doctor(), draft.id, { injections }, draft.version);
    expect(charted).toMatchObject({ totals: [{ units: 4, points: 2 }], version: draft.version + 1 });
    const stale = practice.treatments.chart(doctor(), draft.id, { injections }, draft.version);
    await expect(stale).rejects.toThrow(StaleVersion);
  });

  it('refuses an area the catalogue does not have, begun with it or charted later', async () => {
    const injections = await practice.points(uk, { area: 'nonsense' });
    await expect(practice.draft(uk, { injections })).rejects.toThrow(UnknownArea);
    const { id } = await practice.draft(uk);
    const charted = practice.treatments.chart(doctor(), id, { injections }, undefined);
    await expect(charted).rejects.toMatchObject({ facts: { area: 'nonsense' } });
  });

  it('is not signed empty', async () => {
    const { id } = await practice.draft(uk, { injections: [] });
    await expect(sign(id)).rejects.toThrow(TreatmentEmpty);
  });

  describe('needs a clearance', () => {
    it('of this patient', async () => {
      const other = await practice.draft(uk);
      const begin = practice.treatments.begin(doctor(), {
        patientId: await practice.patient(uk),
        locationId: uk.locationId,
        clearanceId: other.clearanceId ?? '',
        kind: 'full',
      });
      await expect(begin).rejects.toThrow(assessed.ClearanceNotFound);
    });

    it('that has not expired', async () => {
      const cleared = { decidedOn: '2026-01-01', validDays: 30 };
      await expect(practice.draft(uk, { cleared })).rejects.toThrow(assessed.ClearanceExpired);
    });

    it('with the answers of the day given on the day', async () => {
      const { id } = await practice.draft(uk, { cleared: { decidedOn: '2026-03-01' } });
      const refusal = sign(id);
      await expect(refusal).rejects.toThrow(assessed.BlockedBySafetyRule);
      await expect(refusal).rejects.toMatchObject({
        facts: { rules: expect.arrayContaining(['screening_incomplete:pregnancy']) },
      });
    });

    it('and is refused for a pregnancy that came to light after clearing', async () => {
      const { id } = await practice.draft(uk, { cleared: { answers: { pregnancy: 'pregnant' } } });
      await expect(sign(id)).rejects.toMatchObject({ facts: { rules: ['PREGNANCY:pregnancy'] } });
    });

    it('checked for what was injected: milk allergy and Dysport, planned with Botox', async () => {
      const plan = [{ area: 'glabella', product: 'ona', units: 20 }];
      const cleared = { plan, answers: { cow_milk_allergy: 'yes' } };
      const injections = await practice.points(us, { product: 'abo', units: 10 });
      const { id } = await practice.draft(us, { cleared, injections });
      await expect(sign(id, {}, doctor(us))).rejects.toMatchObject({
        facts: { rules: ['COW_MILK_ALLERGY:abo'] },
      });
    });

    it('and the consent to be treated', async () => {
      const { id } = await practice.draft(uk, { cleared: { consentsToTreatment: false } });
      await expect(sign(id)).rejects.toMatchObject({ name: 'consent_missing', facts: { kind: 'treatment' } });
    });
  });

  describe('comes from a lot', () => {
    it.each([
      ['expired', { number: 'E1', expiresOn: '2026-03-01' }, LotExpired],
      ['quarantined', { number: 'Q1', status: 'quarantined' as const }, LotNotUsable],
      ['recalled', { number: 'R1', status: 'recalled' as const }, LotNotUsable],
    ])('refuses a dose from a lot that is %s', async (_, lot, refusal) => {
      const { id: lotId } = await aLot(practice.db, uk, { product: 'ona', ...lot });
      const injections = await practice.points(uk, { lotId });
      await expect(practice.draft(uk, { injections })).rejects.toThrow(refusal);
    });

    it('that expires on the day itself', async () => {
      const { id: lotId } = await aLot(practice.db, uk, {
        product: 'ona',
        number: 'L1',
        expiresOn: '2026-03-02',
      });
      const { id } = await practice.draft(uk, { injections: await practice.points(uk, { lotId }) });
      expect((await sign(id)).status).toBe('signed');
    });

    it('refuses a lot of another product, and one of another clinic', async () => {
      const { id: lotId } = await aLot(practice.db, uk, { product: 'inco' });
      const ofOther = practice.draft(uk, { injections: await practice.points(uk, { lotId }) });
      await expect(ofOther).rejects.toThrow(LotOfOtherProduct);
      const foreign = await practice.points(us);
      await expect(practice.draft(uk, { injections: foreign })).rejects.toThrow(LotNotFound);
    });

    it('refuses to sign when the lot was recalled after charting', async () => {
      const { id: lotId } = await aLot(practice.db, uk, { product: 'ona', number: 'L2' });
      const { id } = await practice.draft(uk, { injections: await practice.points(uk, { lotId }) });
      await practice.get(LotRecallsService).open(nurse(), lotId, { reason: 'Manufacturer notice' });
      await expect(sign(id)).rejects.toThrow(LotNotUsable);
    });
  });

  it('stays a draft when what follows cannot be planned', async () => {
    const { id } = await practice.draft(uk);
    const broken = new Error('no protocol');
    let fails = true;
    practice.events.subscribe(() => (fails ? Promise.reject(broken) : Promise.resolve()));
    await expect(sign(id)).rejects.toBe(broken);
    fails = false;
    expect((await practice.treatments.read(doctor(), id)).status).toBe('draft');
  });
});
