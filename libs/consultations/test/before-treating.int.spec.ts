import { MARKETS } from '#catalogue';
import { textHash } from '#kernel';
import { StaleVersion } from '#http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import * as refused from '../src/domain/consultations.errors.js';
import { type Clinic, Practice } from './practice.js';

const TODAY = '2026-03-02T10:00:00Z';

describe('before a patient is treated', () => {
  let practice: Practice;
  let uk: Clinic;
  const doctor = (clinic = uk) => clinic.actor.prescriber;
  const nurse = (clinic = uk) => clinic.actor.practitioner;
  const admin = (clinic = uk) => clinic.actor.admin;
  const set = (clinic: Clinic, policy: object, read?: number) =>
    practice.policies.set(admin(clinic), { reason: 'Agreed', ...policy }, read);

  beforeAll(async () => {
    practice = await Practice.open(TODAY);
    uk = await practice.clinic('UK');
  });
  beforeEach(() => practice.clock.set(new Date(TODAY)));
  afterAll(() => practice.close());

  describe('the clinic’s own policy', () => {
    it('is the market’s until the clinic decides, and then a version a decision', async () => {
      const clinic = await practice.clinic('EU');
      expect(await practice.policies.read(nurse(clinic))).toMatchObject({
        version: 0,
        coolingOffHours: 0,
        faceToFaceRequired: false,
      });
      expect(await set(clinic, { coolingOffHours: 24 }, 0)).toMatchObject({
        version: 1,
        coolingOffHours: 24,
        reason: 'Agreed',
      });
      await expect(set(clinic, {}, 0)).rejects.toThrow(StaleVersion);
      expect(await set(clinic, { faceToFaceRequired: true }, 1)).toMatchObject({
        version: 2,
        coolingOffHours: 0,
      });
      const both = await Promise.allSettled([set(clinic, {}), set(clinic, {})]);
      expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    });

    it('asks as much as the market or more, never less', async () => {
      await expect(set(uk, { faceToFaceRequired: false })).rejects.toThrow(refused.PolicyBelowMarket);
      await expect(set(uk, { shelfLives: [{ questionId: 'pregnancy', days: 1 }] })).rejects.toThrow(
        refused.PolicyBelowMarket,
      );
      await expect(set(uk, { shelfLives: [{ questionId: 'shoe_size', days: 1 }] })).rejects.toThrow(
        refused.UnknownQuestion,
      );
    });

    it('gives answers its own shelf life', async () => {
      const clinic = await practice.clinic('UK');
      await set(clinic, { shelfLives: [{ questionId: 'keloid', days: 30 }] });
      const patientId = await practice.patient(clinic);
      await practice.screened(clinic, patientId);
      const { questions } = await practice.policies.questionnaire(nurse(clinic), { version: 1 });
      expect(questions.find(({ id }) => id === 'keloid')?.shelfLifeDays).toBe(30);
      const stateOn = async (day: string) => {
        practice.clock.set(new Date(`${day}T10:00:00Z`));
        const { locationId } = clinic;
        const { screening } = await practice.consultations.begin(nurse(clinic), { patientId, locationId });
        return screening.find(({ questionId }) => questionId === 'keloid');
      };
      expect(await stateOn('2026-04-01')).toMatchObject({ state: 'fresh', freshUntil: '2026-04-01' });
      expect(await stateOn('2026-04-02')).toMatchObject({ state: 'stale' });
    });

    it('wants the meeting in person wherever it says so, and not too long ago', async () => {
      const clinic = await practice.clinic('US');
      await set(clinic, { faceToFaceRequired: true, faceToFaceDays: 14 });
      const { id } = await practice.screened(clinic, await practice.patient(clinic));
      const clear = (seen: object) => practice.clearances.clear(nurse(clinic), id, seen, undefined);
      const prescriberId = doctor(clinic).staffId;
      await expect(clear({})).rejects.toThrow(refused.PrescriberMissing);
      await expect(clear({ prescriberId, faceToFaceOn: '2026-02-15' })).rejects.toThrow(
        refused.FaceToFaceImpossible,
      );
      const cleared = await clear({ prescriberId, faceToFaceOn: '2026-02-16' });
      expect(cleared.clearance).toMatchObject({ prescriberId, faceToFaceOn: '2026-02-16' });
    });

    it('has the edition of the questionnaire that is asked for', async () => {
      const asked = practice.policies.questionnaire(nurse(), { version: 99 });
      await expect(asked).rejects.toThrow(refused.QuestionnaireNotFound);
    });
  });

  describe('severity', () => {
    it('is scored an area at rest and at maximum contraction, on a named scale', async () => {
      const begun = await practice.consultations.begin(nurse(), {
        patientId: await practice.patient(uk),
        locationId: uk.locationId,
        severity: [{ area: 'glabella', scale: 'merz-5', atRest: 0, atContraction: 4 }],
      });
      expect(begun.severity).toEqual([{ area: 'glabella', scale: 'merz-5', atRest: 0, atContraction: 4 }]);
      const score = (...severity: { area: string; scale: string; atRest: number; atContraction: number }[]) =>
        practice.consultations.score(nurse(), begun.id, { severity }, undefined);
      const frown = { area: 'glabella', scale: 'wrinkle-4', atRest: 1, atContraction: 3 };
      await expect(score({ ...frown, scale: 'vas' })).rejects.toThrow(refused.ScaleUnknown);
      await expect(score({ ...frown, atContraction: 4 })).rejects.toThrow(refused.ScoreOffScale);
      await expect(score({ ...frown, area: 'elbow' })).rejects.toMatchObject({ name: 'unknown_area' });
      await expect(score(frown, frown)).rejects.toThrow(refused.SeverityRepeatsItself);
      expect((await score(frown)).severity).toEqual([frown]);
    });
  });

  describe('the plan', () => {
    it('is marked where it leaves the label of the market', async () => {
      const planned = async (market: string, product: string, area: string, units: number) => {
        const clinic = await practice.clinic(market);
        const { plan } = await practice.consultations.begin(nurse(clinic), {
          patientId: await practice.patient(clinic),
          locationId: clinic.locationId,
          plan: [{ product, area, units }],
        });
        return plan[0]?.offLabel;
      };
      expect(MARKETS).toHaveLength(4);
      expect(await planned('UK', 'ona', 'glabella', 20)).toEqual([]);
      expect(await planned('UK', 'inco', 'glabella', 30)).toEqual([]);
      expect(await planned('US', 'inco', 'glabella', 30)).toEqual(['above_label_total(20)']);
      expect(await planned('US', 'abo', 'lateral_canthal', 60)).toEqual(['off_label_area']);
      expect(await planned('EU', 'daxi', 'glabella', 40)).toEqual(['unlicensed_product']);
      expect(await planned('UK', 'ona', 'forehead', 20)).toEqual(['requires_same_session:glabella']);
    });
  });

  describe('the text of a consent', () => {
    it('is kept by kind, area and version, and never says two things', async () => {
      const clinic = await practice.clinic('UK');
      const keep = (text: object) =>
        practice.texts.keep(admin(clinic), {
          kind: 'treatment',
          version: '2026-10',
          text: 'I agree.',
          covers: ['risks'],
          ...text,
        });
      const kept = await keep({});
      expect(kept).toMatchObject({ textHash: textHash('I agree.'), covers: ['risks'] });
      expect(await keep({})).toEqual(kept);
      await expect(keep({ text: 'I disagree.' })).rejects.toThrow(refused.ConsentTextDiffers);
      await expect(keep({ area: 'masseter' })).rejects.toThrow(refused.ConsentAreaMismatch);
      await keep({ kind: 'off-label', text: 'Off-label, any area.' });
      await keep({ kind: 'off-label', area: 'masseter', text: 'Off-label, masseter.' });
      const all = await practice.texts.list(nurse(clinic), { limit: 2 });
      expect(all.items.map(({ text }) => text)).toEqual(['Off-label, masseter.', 'Off-label, any area.']);
      const rest = await practice.texts.list(nurse(clinic), { limit: 2, after: all.next ?? '' });
      expect(rest).toMatchObject({ items: [{ text: 'I agree.' }], next: null });

      const view = await practice.screened(clinic, await practice.patient(clinic));
      const consent = (given: object) =>
        practice.decisions.consent(nurse(clinic), view.id, {
          kind: 'treatment',
          textVersion: '2026-10',
          signedName: 'Zoë',
          ...given,
        });
      const cost = { amount: 220.5, currency: 'GBP' };
      await consent({ covers: ['costs'], cost });
      const { consents } = await consent({ kind: 'off-label', area: 'masseter' });
      expect(consents).toMatchObject([
        {
          textId: kept.id,
          textHash: kept.textHash,
          covers: ['risks', 'costs'],
          costAmount: 220.5,
          costCurrency: 'GBP',
        },
        { kind: 'off-label', area: 'masseter', textHash: textHash('Off-label, masseter.') },
      ]);
      expect(await practice.texts.read(nurse(clinic), kept.id)).toMatchObject({
        text: 'I agree.',
        version: '2026-10',
      });
      await expect(practice.texts.read(nurse(), kept.id)).rejects.toThrow(refused.ConsentTextNotFound);
      await expect(consent({ text: 'I agree to something else.' })).rejects.toThrow(
        refused.ConsentTextDiffers,
      );
      await expect(consent({ textHash: textHash('never kept') })).rejects.toThrow(refused.ConsentTextUnknown);
    });
  });
});
