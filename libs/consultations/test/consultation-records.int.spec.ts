import { StaleVersion } from '#http';
import { sql } from '#database';
import { calendarDate, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import * as refused from '../src/domain/consultations.errors.js';
import { type Clinic, everyAnswer, Practice } from './practice.js';

describe('a signed consultation', () => {
  let practice: Practice;
  let uk: Clinic;
  const doctor = () => uk.actor.prescriber;
  const nurse = () => uk.actor.practitioner;
  const sign = (id: string, actor = doctor(), read?: number) => practice.records.sign(actor, id, {}, read);

  /** Screened, scored, consented and cleared by the prescriber. */
  const cleared = async () => {
    const { id } = await practice.screened(uk, await practice.patient(uk));
    const severity = [{ area: 'glabella', scale: 'wrinkle-4', atRest: 1, atContraction: 3 }];
    await practice.consultations.score(doctor(), id, { severity }, undefined);
    const consent = {
      kind: 'treatment' as const,
      textVersion: '2026-10',
      text: 'I agree.',
      signedName: 'Zoë Núñez',
    };
    await practice.decisions.consent(doctor(), id, consent);
    return practice.clearances.clear(doctor(), id, {}, undefined);
  };

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
  });
  afterAll(() => practice.close());

  it('is concluded first, then signed with name, time, meaning and an intact hash', async () => {
    const open = await practice.screened(uk, await practice.patient(uk));
    await expect(sign(open.id)).rejects.toThrow(refused.ConsultationNotConcluded);
    const concluded = await cleared();
    await expect(sign(concluded.id, nurse())).rejects.toThrow(refused.ConsultationOfAnother);
    await expect(sign(concluded.id, doctor(), 1)).rejects.toThrow(StaleVersion);
    expect(await sign(concluded.id)).toMatchObject({
      status: 'signed',
      severity: [{ area: 'glabella', scale: 'wrinkle-4', atRest: 1, atContraction: 3 }],
      signature: {
        by: doctor().staffId,
        name: 'Dr Ada Okafor',
        at: '2026-03-02T10:00:00.000Z',
        intact: true,
      },
    });
    await expect(sign(concluded.id)).rejects.toThrow(refused.ConsultationSigned);
  });

  it('takes nothing more, by any verb', async () => {
    const { id } = await cleared();
    await sign(id);
    const { consultations, decisions, clearances } = practice;
    const verbs = [
      () => consultations.answer(doctor(), id, { answers: everyAnswer() }, undefined),
      () => consultations.plan(doctor(), id, { plan: [] }, undefined),
      () => consultations.score(doctor(), id, { severity: [] }, undefined),
      () => decisions.decide(doctor(), id, 'X', { decision: 'acknowledged' }),
      () => decisions.consent(doctor(), id, { kind: 'treatment', textVersion: '2026-10', signedName: 'Z' }),
      () => clearances.clear(doctor(), id, {}, undefined),
      () => clearances.decline(doctor(), id, { outcome: 'deferred', reason: 'x' }, undefined),
    ];
    for (const verb of verbs) await expect(verb()).rejects.toThrow(refused.ConsultationSigned);
  });

  it('is locked in the database, for the service and for the owner', async () => {
    const { id, patientId } = await cleared();
    await sign(id);
    const asService = (text: string) =>
      practice.db.database.write(doctor(), (tx) => tx.run(sql(text.replaceAll(':id', `'${id}'`))));
    const asOwner = (text: string) => practice.db.admin.query(text.replaceAll(':id', `'${id}'`));
    const added = `INSERT INTO screening_answer (clinic_id, id, consultation_id, patient_id, question_id, questionnaire_version, answer,
      answered_on, recorded_by) VALUES ('${uk.clinicId}', '${newId()}', :id, '${patientId}', 'keloid', 1, '{"value":"no"}', '2026-03-02', '${doctor().staffId}')`;
    for (const [change, ofService] of [
      [`UPDATE consultation SET held_on = '2026-03-01' WHERE id = :id`, '23001'],
      [`UPDATE consultation SET status = 'closed' WHERE id = :id`, '23001'],
      ['DELETE FROM consultation WHERE id = :id', '42501'],
      [`UPDATE screening_answer SET answer = '{"value":"yes"}' WHERE consultation_id = :id`, '42501'],
      ['DELETE FROM screening_answer WHERE consultation_id = :id', '42501'],
      [added, '23001'],
      ['UPDATE plan_item SET units = 1 WHERE consultation_id = :id', '42501'],
      ['DELETE FROM plan_item WHERE consultation_id = :id', '23001'],
      ['UPDATE severity_score SET at_rest = 0 WHERE consultation_id = :id', '42501'],
      ['DELETE FROM severity_score WHERE consultation_id = :id', '23001'],
      [`UPDATE consent SET signed_name = 'X' WHERE consultation_id = :id`, '42501'],
      ['DELETE FROM consent WHERE consultation_id = :id', '42501'],
      [`UPDATE clearance SET expires_on = '2030-01-01' WHERE consultation_id = :id`, '42501'],
      ['DELETE FROM clearance WHERE consultation_id = :id', '42501'],
      ['UPDATE signed_record SET content = $$x$$ WHERE record_id = :id', '42501'],
      ['DELETE FROM signed_record WHERE record_id = :id', '42501'],
    ] as const) {
      await expect(asService(change)).rejects.toMatchObject({ code: ofService });
      await expect(asOwner(change)).rejects.toMatchObject({ code: '23001' });
    }
    const tables = [
      'consultation',
      'screening_answer',
      'plan_item',
      'severity_score',
      'consent',
      'clearance',
    ];
    for (const table of [
      ...tables,
      'safety_finding',
      'signed_record',
      'consultation_withdrawal',
      'consent_text',
    ]) {
      await expect(asService(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: '42501' });
      await expect(asOwner(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: '23001' });
    }
    expect((await practice.consultations.read(doctor(), id)).signature?.intact).toBe(true);
  });

  it('waits for an answer being given at the same moment, or refuses it', async () => {
    const { id } = await cleared();
    const outcomes = await Promise.allSettled([
      sign(id),
      practice.consultations.answer(doctor(), id, { answers: everyAnswer() }, undefined),
      sign(id),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    expect(await practice.consultations.read(doctor(), id)).toMatchObject({
      status: 'signed',
      signature: { intact: true },
    });
  });

  it('is amended by a whole new version, which takes its place when it is signed', async () => {
    const old = await cleared();
    await expect(practice.records.amend(doctor(), old.id, 'x')).rejects.toThrow(
      refused.ConsultationStepRefused,
    );
    await sign(old.id);
    await expect(practice.records.amend(nurse(), old.id, 'x')).rejects.toThrow(refused.ConsultationOfAnother);
    await expect(practice.records.amend(doctor(), old.id, ' ')).rejects.toThrow(
      refused.ConsultationReasonMissing,
    );
    const draft = await practice.records.amend(doctor(), old.id, 'Scored on the wrong scale');
    await expect(practice.records.amend(doctor(), old.id, 'again')).rejects.toThrow(
      refused.ConsultationStepRefused,
    );
    expect(draft).toMatchObject({
      status: 'open',
      amendsId: old.id,
      plan: old.plan,
      severity: old.severity,
      unanswered: [],
      consents: [{ textHash: old.consents[0]?.textHash, signedAt: old.consents[0]?.signedAt }],
      clearance: null,
    });
    await practice.clearances.clear(doctor(), draft.id, {}, undefined);
    const amended = await sign(draft.id);
    expect(amended.signature?.intact).toBe(true);
    expect(await practice.consultations.read(doctor(), old.id)).toMatchObject({
      status: 'amended',
      withdrawal: { cause: 'amended', reason: 'Scored on the wrong scale', replacedById: draft.id },
      signature: { intact: true },
    });
    const held = practice.db.database.read(doctor(), (tx) =>
      practice.clearances.requireClearance(
        tx,
        old.patientId,
        old.clearance?.id ?? '',
        calendarDate(old.heldOn),
      ),
    );
    await expect(held).rejects.toThrow(refused.NotCleared);
  });

  it('entered in error stays readable, but its answers and its clearance count no more', async () => {
    const view = await cleared();
    await sign(view.id);
    const taken = await practice.records.enterInError(nurse(), view.id, 'Wrong patient');
    expect(taken).toMatchObject({ status: 'entered-in-error', withdrawal: { reason: 'Wrong patient' } });
    expect(await practice.timeline(nurse(), view.patientId)).toEqual([
      { id: view.id, status: 'entered-in-error' },
    ]);
    expect(await practice.timeline(uk.actor.receptionist, view.patientId)).toEqual([]);
    await expect(practice.records.enterInError(nurse(), view.id, 'again')).rejects.toThrow(
      refused.ConsultationStepRefused,
    );
    const next = await practice.consultations.begin(doctor(), {
      patientId: view.patientId,
      locationId: uk.locationId,
      plan: [{ area: 'glabella', product: 'ona', units: 20 }],
    });
    expect(next.unanswered).toContain('keloid');
    const answers = practice.consultations.answer(doctor(), view.id, { answers: everyAnswer() }, undefined);
    await expect(answers).rejects.toThrow(refused.ConsultationClosed);
  });

  it('of another clinic is not there', async () => {
    const us = await practice.clinic('US');
    const { id } = await cleared();
    await expect(practice.records.sign(us.actor.prescriber, id, {}, undefined)).rejects.toThrow(
      refused.ConsultationNotFound,
    );
    await expect(practice.records.enterInError(us.actor.prescriber, id, 'x')).rejects.toThrow(
      refused.ConsultationNotFound,
    );
  });
});
