import { StaleVersion } from '#http';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  AlreadyEnteredInError,
  HealthCodeUnknown,
  HealthFactEnded,
  HealthFactNotFound,
  PriorToxinNotFound,
} from '../src/health/domain/health.errors.js';
import { IdentityCheckNotFound } from '../src/identity-checks/identity-check.errors.js';
import {
  PatientNotFound,
  RecordedDateImpossible,
  RefusalReasonMisplaced,
  type PatientEvent,
} from '../src/index.js';
import { DeathStands, NeverLeftCare } from '../src/standing/standing.errors.js';
import { patientsOn } from '../src/testing/index.js';

const someone = { givenName: 'Ada', familyName: 'Chart', birthDate: '1984-03-12', notADuplicate: true };

describe('what a clinic knows of a patient', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let other: TestClinic;
  let context: ReturnType<typeof patientsOn>;
  const told: PatientEvent[] = [];
  const aPatient = async (): Promise<string> =>
    (await context.register.register(clinic.actor.receptionist, someone)).id;

  beforeAll(async () => {
    db = await createTestDatabase();
    [clinic, other] = [await aClinic(db), await aClinic(db)];
    context = patientsOn(db.database);
    context.events.subscribe((_, event) => Promise.resolve(void told.push(event)));
  });
  afterAll(() => db.drop());

  describe('contact preferences', () => {
    const wishes = {
      contactChannels: ['email'],
      language: 'es-ES',
      quietHours: { from: '20:00', to: '08:30' },
      emergencyContact: { name: 'Luis', relation: 'husband', phone: '07700 900124' },
      generalPractitioner: { name: 'Dr Poe', practice: 'Marylebone', lettersAgreed: true },
    };

    it('are kept as given at registration, changed and cleared', async () => {
      const desk = clinic.actor.receptionist;
      const { id, ...view } = await context.register.register(desk, { ...someone, ...wishes });
      expect(view).toMatchObject(wishes);
      const changed = await context.register.change(
        desk,
        id,
        {
          quietHours: null,
          emergencyContact: null,
          language: 'en',
          doNotContact: true,
          doNotContactReason: 'Asked',
        },
        1,
      );
      expect(changed).toMatchObject({
        quietHours: null,
        emergencyContact: null,
        language: 'en',
        doNotContact: true,
        version: 2,
        generalPractitioner: wishes.generalPractitioner,
      });
      const again = await context.register.change(desk, id, { doNotContact: false }, 2);
      expect(again).toMatchObject({ doNotContact: false, doNotContactReason: null });
      expect(told.filter((event) => 'patientId' in event && event.patientId === id)).toEqual([
        { verb: 'registered', patientId: id },
        { verb: 'changed', patientId: id },
        { verb: 'contact-changed', patientId: id },
        { verb: 'changed', patientId: id },
        { verb: 'contact-changed', patientId: id },
      ]);
      const late = context.register.change(desk, id, { doNotContactReason: 'Late' }, 3);
      await expect(late).rejects.toThrow(RefusalReasonMisplaced);
    });

    it('leave a line of history each: who, when, what was before', async () => {
      const id = await aPatient();
      const desk = clinic.actor.receptionist;
      await context.register.change(desk, id, { familyName: 'Married', phone: '07700 900125' }, undefined);
      await context.register.change(desk, id, { phone: '07700 900125' }, undefined); // says nothing new
      await context.register.change(clinic.actor.admin, id, { phone: null }, undefined);
      const first = await context.register.changes(desk, id, { limit: 1 });
      expect(first.items).toMatchObject([
        {
          version: 3,
          verb: 'change',
          byName: 'Max Office',
          before: { phone: '07700 900125' },
          after: { phone: null },
        },
      ]);
      const rest = await context.register.changes(desk, id, { limit: 5, after: first.next ?? '' });
      expect(rest).toMatchObject({
        items: [{ version: 2, byName: 'Rhea Desk', before: { familyName: 'Chart', phone: null } }],
        next: null,
      });
      await expect(context.register.changes(other.actor.admin, id, { limit: 5 })).rejects.toThrow(
        PatientNotFound,
      );
      await expect(
        db.admin.query(`UPDATE patient_change SET verb = 'x' WHERE patient_id = $1`, [id]),
      ).rejects.toMatchObject({ code: '23001' });
    });

    it('lose nothing when two change different things at once, and one of two who read the same version', async () => {
      const id = await aPatient();
      const change = (read: number | undefined) => (fields: object) =>
        context.register.change(clinic.actor.receptionist, id, fields, read);
      await Promise.all(
        [{ note: 'a' }, { language: 'de' }, { phone: '07700 900126' }].map(change(undefined)),
      );
      const view = await context.register.read(clinic.actor.receptionist, id);
      expect(view).toMatchObject({ note: 'a', language: 'de', phone: '07700 900126', version: 4 });
      const raced = await Promise.allSettled([{ note: 'b' }, { note: 'c' }].map(change(4)));
      expect(raced.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(raced.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: expect.any(StaleVersion),
      });
    });
  });

  describe('allergies, conditions and medications', () => {
    const migraine = {
      kind: 'condition',
      text: 'Migraine',
      codeSystem: 'http://hl7.org/fhir/sid/icd-10-cm',
      code: 'G43.909',
    };

    it('end, or were entered in error, and are never deleted', async () => {
      const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
      await context.health.addHealthFact(nurse, id, migraine);
      const { healthFacts } = await context.health.addHealthFact(nurse, id, {
        kind: 'medication',
        text: 'Aspirin',
      });
      const [ended = '', wrong = ''] = healthFacts?.map((fact) => fact.id) ?? [];
      await context.health.endHealthFact(nurse, id, ended, { endedOn: '2026-01-31' }, 1);
      const view = await context.health.correctHealthFact(
        nurse,
        id,
        wrong,
        { reason: 'Misheard', replacement: { kind: 'allergy', text: 'Aspirin' } },
        1,
      );
      expect(view.healthFacts).toMatchObject([{ kind: 'allergy', text: 'Aspirin' }]);
      expect((await context.health.read(nurse, id)).healthFacts).toMatchObject([
        { text: 'Migraine', code: 'G43.909', endedOn: '2026-01-31', version: 2 },
        { text: 'Aspirin', kind: 'medication', errorReason: 'Misheard', version: 2 },
        { text: 'Aspirin', kind: 'allergy', errorReason: null, version: 1 },
      ]);
      const end = (endedOn: string, fact = ended, read?: number) =>
        context.health.endHealthFact(nurse, id, fact, { endedOn }, read);
      await expect(end('2026-01-31', ended, 1)).rejects.toThrow(StaleVersion);
      await expect(end('2026-01-31')).rejects.toThrow(HealthFactEnded);
      await expect(end('2026-01-31', wrong)).rejects.toThrow(AlreadyEnteredInError);
      await expect(end('2026-01-31', id)).rejects.toThrow(HealthFactNotFound);
    });

    it('are coded by a system that has such codes, or not at all', async () => {
      const id = await aPatient();
      const add = (code: string) =>
        context.health.addHealthFact(clinic.actor.practitioner, id, { ...migraine, code });
      await expect(add('migraine')).rejects.toThrow(HealthCodeUnknown);
      expect((await context.health.read(clinic.actor.practitioner, id)).healthFacts).toEqual([]);
    });

    it('are no business of the desk', async () => {
      const id = await aPatient();
      await context.health.addHealthFact(clinic.actor.practitioner, id, migraine);
      const desk = await context.register.read(clinic.actor.receptionist, id);
      expect(desk).toMatchObject({ healthFacts: null, priorToxins: null });
      const nurse = await context.register.read(clinic.actor.practitioner, id);
      expect(nurse.healthFacts).toHaveLength(1);
    });
  });

  it('keeps toxin given elsewhere as far as it is known, and corrects it', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    await context.health.addPriorToxin(nurse, id, {
      indication: 'bruxism',
      givenOn: '2025',
      area: 'masseter',
    });
    const { priorToxins } = await context.health.addPriorToxin(nurse, id, {
      indication: 'migraine',
      product: 'ona',
      units: 155,
      givenOn: '2026-02',
    });
    expect(priorToxins).toMatchObject([
      {
        indication: 'bruxism',
        product: null,
        units: null,
        area: 'masseter',
        givenOn: '2025-12-31',
        givenText: '2025',
      },
      { indication: 'migraine', product: 'ona', units: 155, givenOn: '2026-02-28', givenText: '2026-02' },
    ]);
    const [, wrong] = priorToxins ?? [];
    const replacement = { indication: 'hyperhidrosis', givenOn: '2026-03-05' };
    const correct = (read?: number) =>
      context.health.correctPriorToxin(nurse, id, wrong?.id ?? '', { reason: 'Sister', replacement }, read);
    expect((await correct(1)).priorToxins).toMatchObject([{ indication: 'bruxism' }, replacement]);
    await expect(correct(1)).rejects.toThrow(StaleVersion);
    await expect(correct()).rejects.toThrow(AlreadyEnteredInError);
    await expect(context.health.correctPriorToxin(nurse, id, id, { reason: 'x' }, undefined)).rejects.toThrow(
      PriorToxinNotFound,
    );
    await expect(
      context.health.addPriorToxin(nurse, id, { indication: 'x', givenOn: '1983' }),
    ).rejects.toThrow(RecordedDateImpossible);
  });

  it('says how identity and age were proved, and what of it was wrong', async () => {
    const [id, desk] = [await aPatient(), clinic.actor.receptionist];
    const check = { evidence: 'passport', proves: ['identity', 'age'], checkedOn: '2026-01-05' };
    const kept = await context.checks.add(desk, id, check);
    expect(kept).toMatchObject({ ...check, checkedByName: 'Rhea Desk', version: 1 });
    const wrong = { reason: 'Other person' };
    await expect(context.checks.correct(desk, id, kept.id, wrong, 9)).rejects.toThrow(StaleVersion);
    await context.checks.correct(desk, id, kept.id, wrong, 1);
    expect((await context.checks.list(desk, id)).items).toMatchObject([
      { errorReason: 'Other person', version: 2 },
    ]);
    await expect(context.checks.correct(desk, id, kept.id, wrong, 2)).rejects.toThrow(AlreadyEnteredInError);
    await expect(context.checks.correct(desk, id, id, wrong, 2)).rejects.toThrow(IdentityCheckNotFound);
    await expect(context.checks.add(desk, id, { ...check, checkedOn: '2199-01-01' })).rejects.toThrow(
      RecordedDateImpossible,
    );
    await expect(context.checks.list(other.actor.admin, id)).rejects.toThrow(PatientNotFound);
  });

  describe('whether a patient is in care', () => {
    const died = { cause: 'deceased', on: '2026-02-01' } as const;

    it('is put right when a death was recorded by mistake, and who moved away may return', async () => {
      const [id, desk] = [await aPatient(), clinic.actor.receptionist];
      const back = (because: 'returned' | 'recorded-by-mistake') =>
        context.standing.takeBack(desk, id, { because, reason: 'Her sister' }, undefined);
      await expect(back('returned')).rejects.toThrow(NeverLeftCare);
      await context.standing.depart(desk, id, died, 1);
      await expect(back('returned')).rejects.toThrow(DeathStands);
      expect(await back('recorded-by-mistake')).toMatchObject({ status: 'active', statusOn: null });
      await context.standing.depart(desk, id, { cause: 'transferred', on: '2026-02-01' }, undefined);
      expect(await back('returned')).toMatchObject({ status: 'active', version: 5 });
      expect(told.slice(-4)).toEqual(
        ['died', 'reactivated', 'transferred', 'reactivated'].map((verb) => ({ verb, patientId: id })),
      );
      const { items } = await context.register.changes(desk, id, { limit: 9 });
      expect(items.map(({ verb }) => verb)).toEqual(['returned', 'depart', 'recorded-by-mistake', 'depart']);
      const left = await db.admin.query('SELECT status_recorded_at FROM patient WHERE id = $1', [id]);
      expect(left.rows).toEqual([{ status_recorded_at: null }]);
    });

    it('changes nothing when a context above cannot follow', async () => {
      const broken = patientsOn(db.database);
      broken.events.subscribe(() => Promise.reject(new Error('cannot follow')));
      const id = await aPatient();
      await expect(broken.standing.depart(clinic.actor.admin, id, died, 1)).rejects.toThrow('cannot follow');
      expect(await context.register.read(clinic.actor.admin, id)).toMatchObject({
        status: 'active',
        version: 1,
      });
    });
  });
});
