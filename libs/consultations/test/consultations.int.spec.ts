import { PatientLeftCare, PatientNotFound } from '#patients';
import { AppointmentNotFound, LocationNotFound } from '#scheduling';
import { StaleVersion } from '#http';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import * as refused from '../src/domain/consultations.errors.js';
import { type Clinic, everyAnswer, Practice, severities } from './practice.js';

describe('a consultation', () => {
  let practice: Practice;
  let uk: Clinic;
  let eu: Clinic;

  const doctor = (clinic: Clinic) => clinic.actor.prescriber;
  const nurse = (clinic: Clinic) => clinic.actor.practitioner;

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
    eu = await practice.clinic('EU');
  });
  afterAll(() => practice.close());

  it('lists the questions with their answers and shelf lives', async () => {
    const { version, questions } = await practice.policies.questionnaire(nurse(uk), {});
    expect(version).toBe(1);
    expect(questions.find(({ id }) => id === 'pregnancy')).toMatchObject({
      shelfLifeDays: 0,
      answers: ['no', 'not-applicable', 'pregnant', 'trying'],
    });
  });

  it('is held on the day it is at the location', async () => {
    const auckland = await practice.clinic('UK', 'Pacific/Auckland');
    practice.clock.set(new Date('2026-03-02T12:30:00Z'));
    const begun = await practice.consultations.begin(nurse(auckland), {
      patientId: await practice.patient(auckland),
      locationId: auckland.locationId,
    });
    practice.clock.set(new Date('2026-03-02T10:00:00Z'));
    expect(begun).toMatchObject({
      heldOn: '2026-03-03',
      checkedOn: '2026-03-03',
      status: 'open',
      version: 1,
    });
  });

  it('says which questions are still unanswered, and that not knowing blocks', async () => {
    const { actor, locationId } = uk;
    const patientId = await practice.patient(uk);
    const plan = [{ area: 'glabella', product: 'ona', units: 20 }];
    const begun = await practice.consultations.begin(actor.practitioner, { patientId, locationId, plan });
    expect(begun.unanswered).toContain('pregnancy');
    expect(begun.unanswered).not.toContain('cow_milk_allergy');
    expect(begun.comesTo).toBe('deferred');
    const answered = await practice.consultations.answer(
      actor.practitioner,
      begun.id,
      { answers: everyAnswer() },
      1,
    );
    expect(answered).toMatchObject({ unanswered: [], findings: [], comesTo: 'cleared', version: 2 });
    const refusal = practice.clearances.clear(actor.prescriber, begun.id, {}, 1);
    await expect(refusal).rejects.toThrow(StaleVersion);
  });

  it('dates another toxin between the birth of the patient and today', async () => {
    const { id } = await practice.screened(uk, await practice.patient(uk));
    const answer = (lastOn: string) =>
      practice.consultations.answer(
        doctor(uk),
        id,
        { answers: [{ questionId: 'other_toxin', value: 'yes', lastOn }] },
        undefined,
      );
    for (const lastOn of ['2026-03-03', '1984-03-11']) {
      await expect(answer(lastOn)).rejects.toThrow(refused.AnsweredDateImpossible);
    }
    const { screening } = await answer('2026-03-02');
    expect(screening.find(({ questionId }) => questionId === 'other_toxin')).toMatchObject({
      lastOn: '2026-03-02',
    });
  });

  it('carries fresh answers over to the next consultation and asks the stale ones again', async () => {
    const patientId = await practice.patient(uk);
    await practice.screened(uk, patientId);
    practice.clock.set(new Date('2026-03-16T10:00:00Z'));
    const next = await practice.consultations.begin(nurse(uk), {
      patientId,
      locationId: uk.locationId,
      plan: [{ area: 'glabella', product: 'ona', units: 20 }],
    });
    practice.clock.set(new Date('2026-03-02T10:00:00Z'));
    const standing = Object.fromEntries(next.screening.map((one) => [one.questionId, one]));
    expect(standing['keloid']).toMatchObject({ state: 'fresh', carriedOver: true, answeredOn: '2026-03-02' });
    expect(standing['pregnancy']).toMatchObject({ state: 'stale', carriedOver: false });
    expect(next.unanswered).toContain('pregnancy');
    expect(next.unanswered).not.toContain('keloid');
  });

  it('is concluded as deferred or unsuitable only with a reason, and then stays as it was', async () => {
    const view = await practice.screened(uk, await practice.patient(uk), { said: { site_infection: 'yes' } });
    const { clearances, consultations, decisions } = practice;
    const decline = (reason: string) =>
      clearances.decline(nurse(uk), view.id, { outcome: 'deferred', reason }, undefined);
    await expect(decline('  ')).rejects.toThrow(refused.DecisionReasonMissing);
    const declined = await decline('Cold sore');
    expect(declined).toMatchObject({
      status: 'closed',
      clearance: { outcome: 'deferred', reason: 'Cold sore', expiresOn: null },
    });
    expect(severities(declined.findings)).toHaveProperty('SITE_INFECTION:site_infection');
    const closed = [
      () => decline('again'),
      () => clearances.clear(doctor(uk), view.id, {}, undefined),
      () => consultations.answer(nurse(uk), view.id, { answers: everyAnswer() }, undefined),
      () => consultations.plan(nurse(uk), view.id, { plan: [] }, undefined),
      () => decisions.decide(doctor(uk), view.id, 'X', { decision: 'acknowledged' }),
      () =>
        decisions.consent(nurse(uk), view.id, {
          kind: 'treatment',
          textVersion: '1',
          text: 'x',
          signedName: 'Z',
        }),
    ];
    for (const refusal of closed) await expect(refusal()).rejects.toThrow(refused.ConsultationClosed);
  });

  it('wants a prescriber who saw the patient before it clears, in the UK', async () => {
    const view = await practice.screened(uk, await practice.patient(uk));
    const clear = (seen: object) => practice.clearances.clear(nurse(uk), view.id, seen, undefined);
    const prescriberId = doctor(uk).staffId;
    await expect(clear({})).rejects.toThrow(refused.PrescriberMissing);
    await expect(clear({ prescriberId })).rejects.toThrow(refused.PrescriberMissing);
    await expect(clear({ prescriberId: nurse(uk).staffId, faceToFaceOn: '2026-03-01' })).rejects.toThrow(
      refused.DecisionNeedsPrescriber,
    );
    await expect(clear({ prescriberId, faceToFaceOn: '2026-03-03' })).rejects.toThrow(
      refused.FaceToFaceImpossible,
    );
    const cleared = await clear({ prescriberId, faceToFaceOn: '2026-03-01' });
    expect(cleared.clearance).toMatchObject({ prescriberId, faceToFaceOn: '2026-03-01', outcome: 'cleared' });
  });

  it('has nothing to clear without a plan, and refuses plans that name things twice or unknown', async () => {
    const begun = await practice.consultations.begin(nurse(uk), {
      patientId: await practice.patient(uk),
      locationId: uk.locationId,
    });
    const plan = (...areas: { area: string; product: string }[]) =>
      practice.consultations.plan(
        nurse(uk),
        begun.id,
        { plan: areas.map((one) => ({ ...one, units: 10 })) },
        undefined,
      );
    await expect(practice.clearances.clear(doctor(uk), begun.id, {}, undefined)).rejects.toThrow(
      refused.PlanMissing,
    );
    const brow = { area: 'glabella', product: 'ona' };
    await expect(plan(brow, brow)).rejects.toThrow(refused.PlanRepeatsItself);
    await expect(plan({ area: 'elbow', product: 'ona' })).rejects.toMatchObject({ name: 'unknown_area' });
    await expect(plan({ area: 'glabella', product: 'water' })).rejects.toMatchObject({
      name: 'unknown_product',
    });
    expect((await plan(brow, { area: 'forehead', product: 'ona' })).plan).toEqual([
      { area: 'forehead', product: 'ona', units: 10, offLabel: [] },
      { area: 'glabella', product: 'ona', units: 10, offLabel: [] },
    ]);
  });

  it('keeps the hash of what the patient read, off-label per area', async () => {
    const view = await practice.screened(uk, await practice.patient(uk));
    const consent = (body: object) =>
      practice.decisions.consent(nurse(uk), view.id, {
        kind: 'treatment',
        textVersion: '2026-01',
        signedName: 'Zoë Núñez',
        ...body,
      });
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await consent({ text: 'abc' });
    const offLabel = { kind: 'off-label', area: 'masseter' };
    // The words are known, but as those of a consent to treatment.
    await expect(consent({ ...offLabel, textHash: hash })).rejects.toThrow(refused.ConsentTextUnknown);
    const both = await consent({ ...offLabel, text: 'abc' });
    expect(both.consents).toMatchObject([
      { kind: 'treatment', area: null, textHash: hash, signedAt: '2026-03-02T10:00:00.000Z' },
      { kind: 'off-label', area: 'masseter', textHash: hash },
    ]);
    await expect(consent({ kind: 'off-label', text: 'x' })).rejects.toThrow(refused.ConsentAreaMismatch);
    await expect(consent({ area: 'masseter', text: 'x' })).rejects.toThrow(refused.ConsentAreaMismatch);
    await expect(consent({ textVersion: 'never kept' })).rejects.toThrow(refused.ConsentTextMissing);
    await expect(consent({ text: 'x', textHash: hash })).rejects.toThrow(refused.ConsentTextMissing);
  });

  it('does not see patients, places, appointments or consultations of another clinic', async () => {
    const mine = { patientId: await practice.patient(uk), locationId: uk.locationId };
    const begin = (body: object) => practice.consultations.begin(nurse(uk), { ...mine, ...body });
    await expect(begin({ patientId: await practice.patient(eu) })).rejects.toThrow(PatientNotFound);
    await expect(begin({ locationId: eu.locationId })).rejects.toThrow(LocationNotFound);
    await expect(begin({ appointmentId: newId() })).rejects.toThrow(AppointmentNotFound);
    const { id } = await begin({});
    await expect(practice.consultations.read(nurse(eu), id)).rejects.toThrow(refused.ConsultationNotFound);
    await expect(practice.clearances.clear(doctor(eu), id, {}, undefined)).rejects.toThrow(
      refused.ConsultationNotFound,
    );
  });

  it('is not begun for someone who left care', async () => {
    const patientId = await practice.patient(uk);
    await practice.db.admin.query(
      `UPDATE patient SET status = 'deceased', status_on = '2026-02-01' WHERE id = $1`,
      [patientId],
    );
    const begin = practice.consultations.begin(nurse(uk), { patientId, locationId: uk.locationId });
    await expect(begin).rejects.toThrow(PatientLeftCare);
  });

  it('leaves an audit row for every reading and change', async () => {
    const patientId = await practice.patient(uk);
    const { id } = await practice.screened(uk, patientId);
    await practice.consultations.read(nurse(uk), id);
    await practice.clearances.clear(doctor(uk), id, {}, undefined);
    const { rows } = await practice.db.admin.query<{ action: string }>(
      'SELECT action FROM audit_event WHERE patient_id = $1 ORDER BY id',
      [patientId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'consultation.begin',
      'consultation.answer',
      'consultation.read',
      'consultation.clear',
    ]);
  });
});
