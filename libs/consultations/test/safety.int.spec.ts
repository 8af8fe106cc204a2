import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import * as refused from '../src/domain/consultations.errors.js';
import { type Clinic, Practice, severities } from './practice.js';

describe('the safety check of a consultation', () => {
  let practice: Practice;
  let uk: Clinic;
  let eu: Clinic;
  let us: Clinic;

  const doctor = (clinic: Clinic) => clinic.actor.prescriber;
  const nurse = (clinic: Clinic) => clinic.actor.practitioner;

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
    eu = await practice.clinic('EU');
    us = await practice.clinic('US');
  });
  afterAll(() => practice.close());

  it('blocks myasthenia in the EU and asks a prescriber in the US', async () => {
    const said = { neuromuscular_disease: 'yes' };
    const inEurope = await practice.screened(eu, await practice.patient(eu), { said });
    const inAmerica = await practice.screened(us, await practice.patient(us), { said });
    expect(severities(inEurope.findings)).toMatchObject({ 'NMJ_DISEASE:neuromuscular_disease': 'block' });
    expect(severities(inAmerica.findings)).toMatchObject({
      'NMJ_DISEASE:neuromuscular_disease': 'prescriber-decision',
    });
    const [finding] = inAmerica.findings;
    expect(finding).toMatchObject({
      version: expect.any(String),
      sources: expect.arrayContaining([expect.any(String)]),
      because: { question: 'neuromuscular_disease', answer: 'yes', answeredOn: '2026-03-02' },
    });
    const { decisions, clearances } = practice;
    const proceed = { decision: 'proceed' as const, reason: 'Mild, neurologist agrees' };
    await expect(
      decisions.decide(doctor(eu), inEurope.id, 'NMJ_DISEASE:neuromuscular_disease', proceed),
    ).rejects.toThrow(refused.BlockedBySafetyRule);
    await expect(clearances.clear(doctor(eu), inEurope.id, {}, undefined)).rejects.toThrow(
      refused.BlockedBySafetyRule,
    );

    const key = 'NMJ_DISEASE:neuromuscular_disease';
    const decide = (actor = doctor(us), body: object = proceed) =>
      decisions.decide(actor, inAmerica.id, key, body as typeof proceed);
    await expect(clearances.clear(doctor(us), inAmerica.id, {}, undefined)).rejects.toThrow(
      refused.DecisionMissing,
    );
    await expect(decide(nurse(us))).rejects.toThrow(refused.DecisionNeedsPrescriber);
    await expect(decide(doctor(us), { decision: 'proceed', reason: ' ' })).rejects.toThrow(
      refused.DecisionReasonMissing,
    );
    await expect(decide(doctor(us), { decision: 'acknowledged' })).rejects.toThrow(
      refused.DecisionDoesNotFit,
    );
    const decided = await decide();
    expect(decided.findings[0]?.decision).toMatchObject({ decision: 'proceed', reason: proceed.reason });
    const cleared = await clearances.clear(doctor(us), inAmerica.id, {}, undefined);
    expect(cleared.clearance).toMatchObject({
      outcome: 'cleared-with-decision',
      decidedOn: '2026-03-02',
      expiresOn: '2026-08-29',
      prescriberId: doctor(us).staffId,
      faceToFaceOn: '2026-03-02',
    });
  });

  it('drops a decision when the answer it was taken on changes', async () => {
    const view = await practice.screened(us, await practice.patient(us), { said: { albumin: 'objection' } });
    const [finding] = view.findings;
    if (!finding) throw new Error('An objection to blood products is a finding');
    const fits = finding.severity === 'prescriber-decision' ? 'proceed' : 'acknowledged';
    const decided = await practice.decisions.decide(doctor(us), view.id, finding.key, {
      decision: fits,
      reason: 'Told of the albumin',
    });
    expect(decided.findings[0]?.decision).not.toBeNull();
    const changed = await practice.consultations.answer(
      doctor(us),
      view.id,
      { answers: [{ questionId: 'albumin', value: 'allergy' }] },
      undefined,
    );
    expect(changed.findings.every(({ decision }) => decision === null)).toBe(true);
  });

  it('blocks Dysport for cow’s milk allergy in the US, and leaves Botox alone', async () => {
    const said = { cow_milk_allergy: 'yes' };
    const dysport = await practice.screened(us, await practice.patient(us), { product: 'abo', said });
    const botox = await practice.screened(us, await practice.patient(us), { product: 'ona', said });
    expect(severities(dysport.findings)).toMatchObject({ 'COW_MILK_ALLERGY:abo': 'block' });
    expect(botox.findings).toEqual([]);
  });

  it('hears the register where the form says no', async () => {
    const patientId = await practice.patient(us);
    await practice.db.admin.query(
      `INSERT INTO health_fact (clinic_id, id, patient_id, kind, text, noted_on, recorded_by)
       VALUES ($1, $2, $3, 'allergy', 'Cow’s milk protein', '2025-01-01', $4)`,
      [us.clinicId, newId(), patientId, nurse(us).staffId],
    );
    const view = await practice.screened(us, patientId, { product: 'abo' });
    expect(severities(view.findings)).toMatchObject({ 'COW_MILK_ALLERGY:abo': 'block' });
    expect(view.findings[0]?.because).toMatchObject({ answer: 'yes', register: 'Cow’s milk protein' });
  });

  it.each([
    ['pregnancy', { said: { pregnancy: 'pregnant' }, birthDate: '1990-01-01' }, 'PREGNANCY:pregnancy'],
    ['someone under 18', { said: {}, birthDate: '2008-03-03' }, 'AGE_U18:all'],
  ])('defers %s in every market', async (_, { said, birthDate }, key) => {
    for (const clinic of [uk, eu, us]) {
      const view = await practice.screened(clinic, await practice.patient(clinic, birthDate), { said });
      expect(severities(view.findings)).toMatchObject({ [key]: 'block' });
      expect(view.comesTo).toBe('deferred');
      await expect(practice.clearances.clear(doctor(clinic), view.id, {}, undefined)).rejects.toThrow(
        refused.BlockedBySafetyRule,
      );
    }
  });

  it('puts a pregnant or breastfeeding patient on hold until a newer answer', async () => {
    const [expecting, nursing, well] = [
      await practice.patient(us),
      await practice.patient(us),
      await practice.patient(us),
    ];
    const pregnant = await practice.screened(us, expecting, { said: { pregnancy: 'pregnant' } });
    await practice.screened(us, nursing, { said: { breastfeeding: 'yes' } });
    await practice.screened(us, well);
    const ask = () =>
      practice.db.database.read(doctor(us), (tx) => practice.holds.onHold(tx, [expecting, nursing, well]));
    const held = await ask();
    expect(held.get(expecting)).toMatchObject({
      cause: 'pregnancy',
      answer: 'pregnant',
      answeredOn: '2026-03-02',
    });
    expect(held.get(nursing)).toMatchObject({ cause: 'breastfeeding' });
    expect(held.has(well)).toBe(false);
    await practice.consultations.answer(
      doctor(us),
      pregnant.id,
      { answers: [{ questionId: 'pregnancy', value: 'no' }] },
      undefined,
    );
    expect((await ask()).has(expecting)).toBe(false);
  });
});
