import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { PatientLeftCare, PatientMerged, PatientNotFound, type PatientEvent } from '../src/index.js';
import { MergeRefused, NotMerged } from '../src/merges/domain/merging.errors.js';
import { patientsOn } from '../src/testing/index.js';

describe('two records of one person', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let other: TestClinic;
  let context: ReturnType<typeof patientsOn>;
  const told: PatientEvent[] = [];
  let serial = 0;
  const aPatient = async (fields: object = {}): Promise<string> => {
    serial += 1;
    const someone = {
      givenName: `P${serial}`,
      familyName: 'Merge',
      birthDate: '1984-03-12',
      notADuplicate: true,
    };
    return (await context.register.register(clinic.actor.admin, { ...someone, ...fields })).id;
  };
  const merge = (into: string, duplicateId: string, read?: number) =>
    context.merges.merge(clinic.actor.practitioner, into, { duplicateId, reason: 'Registered twice' }, read);
  const unmerge = (id: string) =>
    context.merges.unmerge(clinic.actor.practitioner, id, { reason: 'Twins' }, undefined);
  const read = (id: string) => context.register.read(clinic.actor.practitioner, id);
  const united = (...ids: string[]) =>
    db.database.read(clinic.actor.admin, async (tx) =>
      Object.fromEntries(await context.patients.unitedIds(tx, ids)),
    );
  /** The row as it stands, without what only counts and stamps. */
  const row = async (id: string) =>
    (
      await db.admin.query(
        `SELECT to_jsonb(p) - 'version' - 'updated_at' AS row FROM patient p WHERE id = $1`,
        [id],
      )
    ).rows;

  beforeAll(async () => {
    db = await createTestDatabase();
    [clinic, other] = [await aClinic(db), await aClinic(db)];
    context = patientsOn(db.database);
    context.events.subscribe((_, event) =>
      Promise.resolve(void (event.verb === 'registered' || told.push(event))),
    );
  });
  afterAll(() => db.drop());

  it('are found by looking at one, or through the whole register', async () => {
    const twice = { givenName: 'Wilhelmina', familyName: 'Achterberg', birthDate: '1971-07-07' };
    const [first, second] = [await aPatient(twice), await aPatient({ ...twice, familyName: 'Agterberg' })];
    const of = (id: string, actor = clinic.actor.receptionist, after?: string) =>
      context.merges.duplicatesOf(actor, id, { limit: 10, ...(after === undefined ? {} : { after }) });
    const alike = await of(first);
    expect(alike).toMatchObject({ items: [{ id: second, because: ['name', 'birth-date'] }], next: null });
    const pairs: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await context.merges.duplicates(clinic.actor.admin, {
        limit: 1,
        ...(after ? { after } : {}),
      });
      pairs.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(pairs).toMatchObject([{ patient: { id: first }, duplicate: { id: second } }]);
    await expect(of(first, other.actor.admin)).rejects.toThrow(PatientNotFound);
  });

  it('are all found page by page, however many look alike', async () => {
    const twice = { givenName: 'Maximiliane', familyName: 'Zauner', birthDate: '1969-01-31' };
    const ids: string[] = [];
    for (let one = 0; one < 24; one += 1) ids.push(await aPatient(twice));
    const asked = ids[11] ?? '';
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await context.merges.duplicatesOf(clinic.actor.receptionist, asked, {
        limit: 5,
        ...(after ? { after } : {}),
      });
      expect(page.items.length).toBeLessThanOrEqual(5);
      found.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(found).toEqual(ids.filter((id) => id !== asked));
  });

  it('are read as one, and stand as before when the merge is taken back', async () => {
    const [kept, duplicate] = [
      await aPatient(),
      await aPatient({ doNotContact: true, doNotContactReason: 'Asked' }),
    ];
    const nurse = clinic.actor.practitioner;
    await context.health.addHealthFact(nurse, kept, { kind: 'allergy', text: 'Latex' });
    await context.health.addHealthFact(nurse, duplicate, { kind: 'allergy', text: 'Albumin' });
    await context.health.addPriorToxin(nurse, duplicate, { indication: 'migraine', givenOn: '2026-01' });
    const before = [await row(kept), await row(duplicate)];

    const view = await merge(kept, duplicate, 1);
    expect(view).toMatchObject({
      id: kept,
      doNotContact: true,
      healthFacts: [{ text: 'Latex' }, { text: 'Albumin' }],
    });
    expect(view.priorToxins).toMatchObject([{ indication: 'migraine' }]);
    // The merged record names the survivor, and hides nothing a clinician must know.
    expect(await read(duplicate)).toMatchObject({
      status: 'merged',
      mergedIntoId: kept,
      healthFacts: [{ text: 'Latex' }, { text: 'Albumin' }],
    });
    const samePerson = (one: string, two: string) =>
      db.database.read(nurse, (tx) => context.patients.isSamePerson(tx, one, two));
    expect([await samePerson(duplicate, kept), await samePerson(kept, duplicate)]).toEqual([true, true]);
    expect(await samePerson(kept, await aPatient())).toBe(false);
    expect(told.at(-1)).toEqual({ verb: 'merged', fromId: duplicate, intoId: kept });
    // What was written under the other record can be put right under the survivor.
    const fact = view.healthFacts?.[1]?.id ?? '';
    await context.health.endHealthFact(nurse, kept, fact, { endedOn: '2026-03-01' }, undefined);

    expect(await unmerge(duplicate)).toMatchObject({
      status: 'active',
      mergedIntoId: null,
      doNotContact: true,
    });
    expect([await row(kept), await row(duplicate)]).toEqual(before);
    expect(told.at(-1)).toEqual({ verb: 'unmerged', fromId: duplicate, intoId: kept });
    expect((await context.merges.history(nurse, kept)).items).toMatchObject([
      { fromId: duplicate, intoId: kept, reason: 'Registered twice', undoneReason: 'Twins' },
    ]);
    await expect(unmerge(duplicate)).rejects.toThrow(NotMerged);
  });

  it('gives back the day someone moved away', async () => {
    const [kept, gone] = [await aPatient(), await aPatient()];
    await context.standing.depart(
      clinic.actor.admin,
      gone,
      { cause: 'transferred', on: '2025-05-05' },
      undefined,
    );
    const before = await row(gone);
    await merge(kept, gone);
    expect(await read(kept)).toMatchObject({ status: 'active' });
    await unmerge(gone);
    expect(await row(gone)).toEqual(before);
  });

  it('leaves a merged record as it is: whoever writes in it is sent to the survivor', async () => {
    const [kept, duplicate] = [await aPatient(), await aPatient()];
    await merge(kept, duplicate);
    const [nurse, facts] = [clinic.actor.practitioner, { survivorId: kept, patientId: duplicate }];
    const attempts = [
      context.register.change(nurse, duplicate, { note: 'x' }, undefined),
      context.health.addHealthFact(nurse, duplicate, { kind: 'allergy', text: 'Latex' }),
      context.health.addPriorToxin(nurse, duplicate, { indication: 'x', givenOn: '2026' }),
      context.standing.depart(nurse, duplicate, { cause: 'deceased', on: '2026-01-01' }, undefined),
      merge(duplicate, await aPatient()),
      merge(await aPatient(), duplicate),
      db.database.read(nurse, (tx) => context.patients.requireActive(tx, duplicate)),
    ];
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: { spec: PatientMerged.spec, facts } });
  });

  it('refuses what cannot be one person', async () => {
    const [one, dead] = [await aPatient(), await aPatient()];
    await context.standing.depart(
      clinic.actor.admin,
      dead,
      { cause: 'deceased', on: '2026-01-01' },
      undefined,
    );
    await expect(merge(one, one)).rejects.toMatchObject({ facts: { because: 'same-record' } });
    await expect(merge(one, dead)).rejects.toThrow(MergeRefused);
    await expect(merge(dead, one)).rejects.toMatchObject({ facts: { because: 'only-one-died' } });
    await expect(
      db.database.read(clinic.actor.admin, (tx) => context.patients.requireActive(tx, dead)),
    ).rejects.toThrow(PatientLeftCare);
    const foreign = await context.register.register(other.actor.admin, {
      givenName: 'F',
      familyName: 'F',
      birthDate: '1990-01-01',
    });
    await expect(merge(one, foreign.id)).rejects.toThrow(PatientNotFound);
  });

  it('names the last survivor after a merge of merges, and each merge comes apart by itself', async () => {
    const [a, b, c, d] = [await aPatient(), await aPatient(), await aPatient(), await aPatient()];
    await merge(b, a);
    await merge(c, b);
    await merge(d, c);
    expect(await united(d, c)).toEqual({ [d]: [d, ...[a, b, c].toSorted()], [c]: [c] });
    expect(await read(a)).toMatchObject({ mergedIntoId: d });
    await unmerge(c);
    expect(await united(d, c)).toEqual({ [d]: [d], [c]: [c, ...[a, b].toSorted()] });
    await merge(d, c);
    await unmerge(a);
    expect(await united(d, a)).toEqual({ [d]: [d, ...[b, c].toSorted()], [a]: [a] });
    await unmerge(b);
    expect(await united(d, b)).toEqual({ [d]: [d, c], [b]: [b] });
  });

  it('lets one of two merges of each into the other through', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await aPatient(), await aPatient()];
      const both = await Promise.allSettled([merge(one, two), merge(two, one)]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { spec: PatientMerged.spec },
      });
    }
  });

  it('never makes a circle or a chain, whoever merges whom at once', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => aPatient()));
    const attempts = ids.flatMap((into) => ids.filter((id) => id !== into).map((id) => [into, id] as const));
    const tried = await Promise.allSettled(
      attempts.toSorted(() => Math.random() - 0.5).map(([into, id]) => merge(into, id)),
    );
    for (const one of tried)
      if (one.status === 'rejected')
        expect(['patient_merged', 'database_busy']).toContain((one.reason as PatientMerged).spec.code);
    const { rows } = await db.admin.query(
      `SELECT count(*) FILTER (WHERE s.status = 'merged')::int AS deep, count(DISTINCT p.merged_into_id)::int AS survivors,
              count(*) FILTER (WHERE m.id IS NULL)::int AS untold
         FROM patient p JOIN patient s ON s.id = p.merged_into_id
         LEFT JOIN patient_merge m ON m.from_id = p.id AND m.undone_at IS NULL
        WHERE p.id = ANY ($1::uuid[])`,
      [ids],
    );
    expect(rows).toEqual([{ deep: 0, survivors: 1, untold: 0 }]);
  });

  it('cannot be made a circle or a chain behind the service’s back either', async () => {
    const [a, b, c] = [await aPatient(), await aPatient(), await aPatient()];
    const force = (from: string, into: string) =>
      db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [from, into]);
    await force(a, b);
    for (const [from, into] of [
      [b, a],
      [b, c],
      [c, a],
    ] as const)
      await expect(force(from, into)).rejects.toMatchObject({ constraint: 'patient_merge_one_deep' });
  });
});
