import { newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  DoseFindingNotFound,
  DoseFindingsOpen,
  DoseNeedsPrescriber,
} from '../src/domain/dose/dose.errors.js';
import {
  TouchUpCompletesNothing,
  TouchUpOfOtherProduct,
  TouchUpTooEarly,
  TouchUpTooLate,
} from '../src/domain/touch-up.errors.js';
import { ReasonMissing } from '../src/domain/treatments.errors.js';
import type { ChartInjection } from '../src/http/injection.dto.js';
import { aSignedTreatment, RECORDED } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

describe('a dose', () => {
  let practice: Practice;
  let uk: Clinic;

  const doctor = (clinic = uk) => clinic.actor.prescriber;
  const nurse = (clinic = uk) => clinic.actor.practitioner;
  const sign = (id: string, signing = {}, actor = doctor()) => practice.sign(uk, id, signing, actor);

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
  });
  beforeEach(() => practice.newDay());
  afterAll(() => practice.close());

  describe('is held to the dose guard', () => {
    it('flags a forehead without frown lines; a prescriber decides, and the patient consents to off-label', async () => {
      const injections = await practice.points(uk, { area: 'forehead' });
      const { id, doseFindings } = await practice.draft(uk, { injections });
      expect(doseFindings).toMatchObject([
        { flag: 'requires_same_session:glabella', offLabel: true, accepted: null },
      ]);
      const acknowledge = ['requires_same_session'];
      await expect(sign(id)).rejects.toThrow(DoseFindingsOpen);
      await expect(sign(id, { acknowledge })).rejects.toThrow(DoseNeedsPrescriber);
      await expect(sign(id, { acknowledge, reason: 'Frown treated last week' })).rejects.toMatchObject({
        name: 'consent_missing',
        facts: { kind: 'off-label', areas: ['forehead'] },
      });
      const consented = await practice.draft(uk, { injections, cleared: { offLabelAreas: ['forehead'] } });
      const signed = await sign(consented.id, { acknowledge, reason: 'Frown treated last week' });
      expect(signed.doseFindings[0]?.accepted).toMatchObject({
        by: doctor().staffId,
        reason: 'Frown treated last week',
      });
      expect(signed.signature?.intact).toBe(true);
    });

    it('lets a prescriber approve in a nurse’s draft, for as long as the dose stays', async () => {
      const plan = [{ area: 'glabella', product: 'ona', units: 40 }];
      const own = await practice.draft(uk, { cleared: { plan, offLabelAreas: ['glabella'] } });
      const { patientId, clearanceId } = own;
      const injections = await practice.points(uk, {}, 8);
      const draft = await practice.treatments.begin(nurse(), {
        patientId,
        clearanceId: clearanceId ?? '',
        locationId: uk.locationId,
        kind: 'full',
        record: RECORDED,
        injections,
      });
      const acknowledge = ['above_label_total'];
      const bySelf = practice.signing.sign(nurse(), draft.id, { acknowledge, reason: 'Strong muscle' });
      await expect(bySelf).rejects.toThrow(DoseNeedsPrescriber);
      const approval = { findings: acknowledge, reason: 'Strong corrugators' };
      await expect(practice.signing.approve(nurse(), draft.id, approval)).rejects.toThrow(
        DoseNeedsPrescriber,
      );
      await practice.signing.approve(doctor(), draft.id, approval);
      await practice.treatments.chart(
        nurse(),
        draft.id,
        { injections: await practice.points(uk, {}, 9) },
        undefined,
      );
      await expect(practice.signing.sign(nurse(), draft.id, {})).rejects.toThrow(DoseFindingsOpen);
      await practice.signing.approve(doctor(), draft.id, approval);
      const signed = await practice.signing.sign(nurse(), draft.id, {});
      expect(signed).toMatchObject({ status: 'signed', signature: { by: nurse().staffId } });
    });

    it('holds a nurse to the areas, product and units the prescriber cleared, until a prescriber decides', async () => {
      const { patientId, clearanceId } = await practice.draft(uk);
      const begin = (injections: ChartInjection[]) =>
        practice.treatments.begin(nurse(), {
          patientId,
          clearanceId: clearanceId ?? '',
          locationId: uk.locationId,
          kind: 'full',
          record: RECORDED,
          injections,
        });
      const glabella = await practice.points(uk);
      const draft = await begin([
        ...glabella,
        ...(await practice.points(uk, { area: 'lateral_canthal' }, 6)),
      ]);
      expect(draft.doseFindings).toMatchObject([
        { code: 'outside_cleared_plan', area: 'lateral_canthal', limit: 0, actual: 24, accepted: null },
      ]);
      const finding = 'outside_cleared_plan';
      const signNow = (id: string, signing = {}) => practice.signing.sign(nurse(), id, signing);
      await expect(signNow(draft.id)).rejects.toThrow(DoseFindingsOpen);
      await expect(signNow(draft.id, { acknowledge: [finding], reason: 'Asked for' })).rejects.toThrow(
        DoseNeedsPrescriber,
      );
      const more = await begin(await practice.points(uk, { units: 4.01 }));
      expect(more.doseFindings).toContainEqual(
        expect.objectContaining({ code: finding, flag: 'outside_cleared_plan(20)', actual: 20.05 }),
      );
      const less = await begin(await practice.points(uk, {}, 4));
      expect(less.doseFindings).toEqual([]);
      await practice.signing.approve(doctor(), draft.id, { findings: [finding], reason: 'Seen together' });
      expect(await signNow(draft.id)).toMatchObject({ status: 'signed' });
    });

    it('approves only what it finds, and with a reason', async () => {
      const draft = await practice.draft(uk, { injections: await practice.points(uk, {}, 8) });
      const approve = (findings: string[], reason: string) =>
        practice.signing.approve(doctor(), draft.id, { findings, reason });
      await expect(approve(['no_such_finding'], 'Strong muscle')).rejects.toThrow(DoseFindingNotFound);
      await expect(approve(['above_label_total'], ' ')).rejects.toThrow(ReasonMissing);
      const { version } = await practice.treatments.read(doctor(), draft.id);
      expect(version).toBe(draft.version);
    });

    it('knows the patient’s history, here and elsewhere', async () => {
      const patientId = await practice.patient(uk);
      await aSignedTreatment(practice.db, uk, { patientId, treatedOn: '2026-01-20' });
      await practice.db.admin.query(
        `INSERT INTO prior_toxin (clinic_id, id, patient_id, product_id, indication, units, given_on, recorded_by)
         VALUES ($1, $2, $3, 'inco', 'chronic migraine', 155, '2026-01-10', $4)`,
        [uk.clinicId, newId(), patientId, nurse().staffId],
      );
      const { doseFindings } = await practice.draft(uk, { patientId });
      expect(doseFindings.map(({ code }) => code).toSorted()).toEqual([
        'before_minimum_interval',
        'different_toxin_within_4_months',
        'therapeutic_toxin_within_4_months',
      ]);
    });
  });

  describe('as a touch-up', () => {
    const touchUp = async (treatedOn: string, given: object = {}) => {
      const patientId = await practice.patient(uk);
      const completesId = await aSignedTreatment(practice.db, uk, { patientId, treatedOn });
      const injections = await practice.points(uk, given, 1);
      return practice.draft(uk, { patientId, kind: 'touch-up', completesId, injections });
    };

    it('completes a treatment of 14 to 21 days ago', async () => {
      const { id } = await touchUp('2026-02-16');
      expect(await sign(id)).toMatchObject({ status: 'signed', kind: 'touch-up' });
      expect(practice.told).toMatchObject([{ kind: 'touch-up' }]);
    });

    it.each([
      ['2026-02-17', TouchUpTooEarly],
      ['2026-02-08', TouchUpTooLate],
    ])('refuses one of a treatment on %s before anything is charted', async (treatedOn, refusal) => {
      await expect(touchUp(treatedOn)).rejects.toThrow(refusal);
    });

    it('refuses an area that the treatment did not have', async () => {
      const draft = await touchUp('2026-02-16', { area: 'forehead' });
      await expect(sign(draft.id)).rejects.toThrow(TouchUpOfOtherProduct);
    });

    it('names a signed full treatment of the patient', async () => {
      const patientId = await practice.patient(uk);
      const completesId = await aSignedTreatment(practice.db, uk, {
        patientId: await practice.patient(uk),
        treatedOn: '2026-02-16',
      });
      for (const begun of [
        { kind: 'touch-up' as const },
        { kind: 'touch-up' as const, completesId },
        { completesId },
      ]) {
        await expect(practice.draft(uk, { patientId, ...begun })).rejects.toThrow(TouchUpCompletesNothing);
      }
    });
  });
});
