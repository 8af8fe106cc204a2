import { UnknownProduct } from '#catalogue';
import { sql, type Actor } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { InvalidInput } from '#http';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { HealthService } from '../src/health/health.service.js';
import type { StandingService } from '../src/standing/standing.service.js';
import { patientsOn } from '../src/testing/index.js';
import {
  PatientLeftCare,
  PatientNotFound,
  type PatientsService,
  PossibleDuplicate,
  type RegisterService,
  RecordedDateImpossible,
} from '../src/index.js';

const zoe = { givenName: 'Zoë', familyName: 'Núñez', birthDate: '1984-03-12', phone: '+44 7700 900123' };

describe('the register of patients', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let other: TestClinic;
  let register: RegisterService;
  let patients: PatientsService;
  let health: HealthService;
  let standing: StandingService;
  let zoeId: string;
  const find = async (typed: string, limit = 50): Promise<string[]> =>
    (await register.find(clinic.actor.receptionist, { find: typed, limit })).items.map(
      ({ givenName }) => givenName,
    );

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    other = await aClinic(db);
    ({ register, patients, health, standing } = patientsOn(db.database));
    const desk = clinic.actor.receptionist;
    zoeId = (await register.register(desk, { ...zoe, email: 'zoe@example.com' })).id;
    await register.register(desk, { givenName: 'Jonathan', familyName: "O'Connor", birthDate: '1990-07-01' });
    await register.register(desk, { givenName: 'Aşkın', familyName: 'Łukaszewicz', birthDate: '2000-02-29' });
    await register.register(other.actor.receptionist, { ...zoe, givenName: 'Foreign Zoë' });
  });
  afterAll(() => db.drop());

  it.each([
    ['zoe', 'Zoë'],
    ['nunez', 'Zoë'],
    ['NÚÑ', 'Zoë'],
    ['zoe nunes', 'Zoë'],
    ['07700 900 123', 'Zoë'],
    ['0044 7700 900123', 'Zoë'],
    ['12/03/1984', 'Zoë'],
    ['example.com', 'Zoë'],
    ['jonatan', 'Jonathan'],
    ["o'conor", 'Jonathan'],
    ['lukaszewicz', 'Aşkın'],
    ['2000-02-29', 'Aşkın'],
  ])('finds by %j', async (typed, expected) => {
    expect(await find(typed)).toEqual([expected]);
  });

  it.each(['%', '_', 'xylophone', 'zoe 1990-07-01', 'foreign'])('finds nobody by %j', async (typed) => {
    expect(await find(typed)).toEqual([]);
  });

  it('looks only in the own clinic, also where the index is asked past row-level security', async () => {
    const statement = sql(`SELECT found FROM find_patients(ARRAY['foreign', 'zoe'], 10)`);
    const ask = (actor: Actor) => db.database.read(actor, (tx) => tx.rows(statement));
    expect(await ask(clinic.actor.receptionist)).toEqual([]);
    expect(await ask(other.actor.receptionist)).toHaveLength(1);
    expect(await db.database.withoutClinic((tx) => tx.rows(statement))).toEqual([]);
  });

  it('refuses the service role the rows of other clinics and the function to everybody else', async () => {
    const texts = sql('SELECT search_text FROM patient');
    const seen = await db.database.read(clinic.actor.receptionist, (tx) =>
      tx.rows<{ search_text: string }>(texts),
    );
    expect(seen.map(({ search_text }) => search_text).join()).not.toContain('foreign');
    const { rows } = await db.admin.query(`
      SELECT proname AS name, proacl::text ~ '[{,]=' AS everybody FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
       ORDER BY proname`);
    expect(rows).toEqual([
      { name: 'erase_rows', everybody: false },
      { name: 'find_patients', everybody: false },
      { name: 'keep_known_row', everybody: false },
      { name: 'keep_vial_balance', everybody: false },
      { name: 'redact_rows', everybody: false },
      { name: 'redact_signed_copy', everybody: false },
      { name: 'similar_patients', everybody: false },
    ]);
  });

  it('does not find someone merged into another record', async () => {
    const desk = (await aClinic(db)).actor.receptionist;
    const twice = { givenName: 'Twice', familyName: 'Written', birthDate: '1970-01-01', notADuplicate: true };
    const [kept, merged] = [await register.register(desk, twice), await register.register(desk, twice)];
    await db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
      merged.id,
      kept.id,
    ]);
    for (const typed of ['twice written', 'twice writen']) {
      expect((await register.find(desk, { find: typed, limit: 9 })).items).toMatchObject([{ id: kept.id }]);
    }
  });

  it('knows for many at once who was merged into whom', async () => {
    const desk = (await aClinic(db)).actor.receptionist;
    const add = async (givenName: string) =>
      (await register.register(desk, { givenName, familyName: 'Q', birthDate: '1970-01-01' })).id;
    const [kept, alone, first, second] = [
      await add('Kept'),
      await add('Alone'),
      await add('First'),
      await add('Second'),
    ];
    await db.admin.query(
      `UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = ANY ($1::uuid[])`,
      [[first, second], kept],
    );
    const united = await db.database.read(desk, (tx) => patients.unitedIds(tx, [kept, alone, first, zoeId]));
    expect(Object.fromEntries(united)).toEqual({
      [kept]: [kept, ...[first, second].toSorted()],
      [alone]: [alone],
      [first]: [first],
    });
  });

  it('pages through the whole register without losing or repeating anyone', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await register.find(clinic.actor.receptionist, {
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.items.map(({ givenName }) => givenName));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen.toSorted()).toEqual(['Aşkın', 'Jonathan', 'Zoë']);
  });

  it.each([
    ['by what is found', 'paging'],
    ['by what is nearly found', 'pagingg'],
  ])('pages through a search %s, also while others register', async (_, typed) => {
    const desk = (await aClinic(db)).actor.receptionist;
    const add = (givenName: string) =>
      register.register(desk, {
        givenName,
        familyName: 'Paging',
        birthDate: '1970-01-01',
        notADuplicate: true,
      });
    for (const name of ['Eve', 'Dan', 'Cy', 'Bo', 'Al', 'Al']) await add(name);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page = await register.find(desk, { find: typed, limit: 2, ...(after === '' ? {} : { after }) });
      seen.push(...page.items.map(({ givenName, number }) => `${givenName} ${number}`));
      after = page.next;
      if (seen.length === 2) await add('Aa'); // stands before the cursor
    }
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it('refuses a cursor of another list', async () => {
    const desk = clinic.actor.receptionist;
    const { next } = await register.find(desk, { limit: 1 });
    await expect(register.find(desk, { find: 'zoe', limit: 1, after: next ?? '' })).rejects.toThrow(
      InvalidInput,
    );
  });

  it('gives running numbers, also to people registered at the same moment', async () => {
    const clinicOfTen = await aClinic(db);
    const registered = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        register.register(clinicOfTen.actor.receptionist, {
          givenName: `P${i}`,
          familyName: 'Q',
          birthDate: `199${i}-01-01`,
        }),
      ),
    );
    expect(registered.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  it('warns of a possible duplicate and registers when the desk says it is another person', async () => {
    const again = { ...zoe, givenName: 'ZOE', familyName: 'nunez' };
    const refused = register.register(clinic.actor.receptionist, again);
    await expect(refused).rejects.toThrow(PossibleDuplicate);
    await expect(refused).rejects.toMatchObject({
      facts: { candidates: [{ id: zoeId, number: 1, because: ['name', 'birth-date', 'phone'] }] },
    });
    const registered = await register.register(clinic.actor.receptionist, { ...again, notADuplicate: true });
    expect(registered.number).toBe(4);
  });

  it('warns of whoever shares an e-mail address, however it is written', async () => {
    const another = {
      givenName: 'Someone',
      familyName: 'Else',
      birthDate: '1971-02-03',
      email: 'ZOE@Example.com',
    };
    await expect(register.register(clinic.actor.receptionist, another)).rejects.toMatchObject({
      facts: { candidates: [{ id: zoeId, because: ['email'] }] },
    });
  });

  it('finds the same person among many born on the same day', async () => {
    const desk = (await aClinic(db)).actor.receptionist;
    const add = (givenName: string, notADuplicate: boolean) =>
      register.register(desk, { givenName, familyName: 'Q', birthDate: '1980-01-01', notADuplicate });
    for (let i = 0; i < 25; i += 1) await add(`P${i}`, true);
    await expect(add('P24', false)).rejects.toMatchObject({
      facts: { candidates: [{ number: 25, because: ['name', 'birth-date'] }] },
    });
  });

  it('registers a person once when the same form is sent six times at once', async () => {
    const desk = (await aClinic(db)).actor.receptionist;
    const sent = await Promise.allSettled(Array.from({ length: 6 }, () => register.register(desk, zoe)));
    const refused = sent.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(5);
    for (const reason of refused) expect(reason).toBeInstanceOf(PossibleDuplicate);
  });

  it('knows the same person by another hand: apostrophe, hyphen, a typo, the number dialled from home', async () => {
    const first = {
      givenName: 'Anaïs',
      familyName: 'O’Brien‑Müller',
      birthDate: '1979-05-04',
      phone: '+44 7700 900777',
    };
    const { id } = await register.register(clinic.actor.receptionist, first);
    const otherHand = {
      givenName: 'Anais',
      familyName: "O'Brien-Muler",
      birthDate: '1979-05-04',
      phone: '07700900777',
    };
    await expect(register.register(clinic.actor.receptionist, otherHand)).rejects.toMatchObject({
      facts: { candidates: [{ id, because: ['name', 'birth-date', 'phone'] }] },
    });
  });

  it('does not see a patient of another clinic', async () => {
    await expect(register.read(other.actor.admin, zoeId)).rejects.toThrow(PatientNotFound);
    await expect(register.change(other.actor.admin, zoeId, { note: 'x' }, undefined)).rejects.toThrow(
      PatientNotFound,
    );
  });

  it('refuses prior toxin of an unknown product, of the future and from before birth', async () => {
    const add = (product: string, givenOn: string) =>
      health.addPriorToxin(clinic.actor.practitioner, zoeId, { product, indication: 'migraine', givenOn });
    await expect(add('nonsense', '2026-02-20')).rejects.toThrow(UnknownProduct);
    await expect(add('ona', '2199-01-01')).rejects.toThrow(RecordedDateImpossible);
    await expect(add('ona', '1984-03-11')).rejects.toThrow(RecordedDateImpossible);
  });

  it('lets a patient leave once, on a day of their life', async () => {
    const desk = (await aClinic(db)).actor.receptionist;
    const { id } = await register.register(desk, zoe);
    const depart = (cause: 'deceased' | 'transferred', on: string) =>
      standing.depart(desk, id, { cause, on }, undefined);
    await expect(depart('deceased', '2199-01-01')).rejects.toThrow(RecordedDateImpossible);
    await expect(depart('deceased', '1984-03-11')).rejects.toThrow(RecordedDateImpossible);
    expect(await depart('deceased', '2026-01-02')).toMatchObject({
      status: 'deceased',
      statusOn: '2026-01-02',
    });
    await expect(depart('transferred', '2026-01-03')).rejects.toThrow(PatientLeftCare);
  });

  it('keeps prior toxin and health facts with the patient and leaves an audit row for every read and change', async () => {
    const nurse = clinic.actor.practitioner;
    await health.addPriorToxin(nurse, zoeId, {
      product: 'ona',
      indication: 'migraine',
      units: 155.5,
      givenOn: '2026-02-20',
    });
    const view = await health.addHealthFact(nurse, zoeId, { kind: 'allergy', text: 'Cow’s milk protein' });
    expect(view.priorToxins).toMatchObject([{ product: 'ona', units: 155.5, givenOn: '2026-02-20' }]);
    expect(view.healthFacts).toMatchObject([{ kind: 'allergy', text: 'Cow’s milk protein' }]);
    await register.read(nurse, zoeId);
    const trail = await db.admin.query(
      'SELECT action, staff_id, outcome FROM audit_event WHERE patient_id = $1 ORDER BY id',
      [zoeId],
    );
    expect(trail.rows.map((row) => row.action)).toEqual([
      'patient.register',
      'patient.add-prior-toxin',
      'patient.add-health-fact',
      'patient.read',
    ]);
  });
});
