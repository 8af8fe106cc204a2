import { record, SealsService, verifyTrail, type Anchor, type Verdict } from '#audit';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { SealsRepository } from '../src/seals/seals.repository.js';

const key = (fill: number): Buffer => Buffer.alloc(32, fill);
const keys = new Map([['2026', key(7)]]);

describe('the sealed audit trail', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  const sealsWith = (auditKeys = keys): SealsService =>
    new SealsService(db.database, new SealsRepository(), { auditKeys });
  /** Seals until so many rows are: a transaction of another database on the server holds the horizon back for a moment too. */
  const seal = async (rows: number, auditKeys = keys): Promise<void> => {
    for (let sealed = 0; sealed < rows;) {
      sealed += await sealsWith(auditKeys).seal(clinic.clinicId);
      if (sealed < rows) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const write = (times: number): Promise<void> =>
    db.database.write(clinic.actor.admin, async (tx) => {
      for (let i = 0; i < times; i += 1)
        await record(tx, {
          action: 'patient.read',
          entityId: clinic.clinicId,
          patientId: null,
          detail: { i },
        });
    });
  const verify = (anchor: Anchor | null = null, by = keys): Promise<Verdict> =>
    verifyTrail(db.database, clinic.clinicId, by, anchor);
  /** As whoever owns the server could, with every trigger asleep. */
  const tamper = async (...statements: string[]): Promise<void> => {
    const thief = await db.admin.connect();
    try {
      await thief.query('BEGIN; SET LOCAL session_replication_role = replica');
      for (const text of statements) await thief.query(text.replaceAll(':clinic', `'${clinic.clinicId}'`));
      await thief.query('COMMIT');
    } finally {
      thief.release(true);
    }
  };
  const nth = (n: number): string =>
    `(SELECT id FROM audit_event WHERE clinic_id = :clinic ORDER BY xact, id OFFSET ${n - 1} LIMIT 1)`;

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    for (let batch = 0; batch < 3; batch += 1) {
      await write(10);
      await seal(10);
    }
  });

  it('holds when nobody touched it', async () => {
    await write(2);
    expect(await verify()).toMatchObject({ seals: 3, rows: 30, unsealed: 2, findings: [] });
  });

  it.each<[string, string[], string]>([
    [
      'a flipped outcome',
      [`UPDATE audit_event SET outcome = 'refused' WHERE id = ${nth(15)}`],
      'seal 2 are not what was sealed',
    ],
    [
      'a changed detail',
      [`UPDATE audit_event SET detail = '{"i": 99}' WHERE id = ${nth(1)}`],
      'seal 1 are not what was sealed',
    ],
    [
      'a later time',
      [`UPDATE audit_event SET at = at + interval '1 ms' WHERE id = ${nth(30)}`],
      'seal 3 are not what was sealed',
    ],
    [
      'a deleted row',
      [`DELETE FROM audit_event WHERE id = ${nth(15)}`],
      'Seal 2 covers 10 rows, there are 9',
    ],
    [
      'an inserted row',
      [
        `INSERT INTO audit_event (clinic_id, action, entity, outcome, xact) SELECT clinic_id, action, entity, outcome, xact FROM audit_event WHERE id = ${nth(15)}`,
      ],
      'covers 10 rows, there are 11',
    ],
    [
      'two rows that changed places',
      [
        `DO $$ DECLARE one bigint := ${nth(12)}; other bigint := ${nth(13)}; BEGIN
           UPDATE audit_event SET id = -1 WHERE id = one;
           UPDATE audit_event SET id = one WHERE id = other;
           UPDATE audit_event SET id = other WHERE id = -1;
         END $$`,
      ],
      'seal 2 are not what was sealed',
    ],
    [
      'a row moved under another seal',
      [
        `UPDATE audit_event SET xact = (SELECT xact FROM audit_event WHERE id = ${nth(25)}) WHERE id = ${nth(15)}`,
      ],
      'Seal 2 covers 10 rows, there are 9',
    ],
    [
      'a deleted seal',
      ['DELETE FROM audit_seal WHERE clinic_id = :clinic AND number = 2'],
      'no seal 2 stands before it',
    ],
    [
      'the first rows and their seal gone',
      [
        `DELETE FROM audit_event WHERE id <= ${nth(10)} AND clinic_id = :clinic`,
        'DELETE FROM audit_seal WHERE clinic_id = :clinic AND number = 1',
      ],
      'no seal 1 stands before it',
    ],
    [
      'a seal that says another time',
      [
        `UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE clinic_id = :clinic AND number = 2`,
      ],
      'MAC was not made with the key',
    ],
  ])('finds %s', async (_, statements, finding) => {
    await tamper(...statements);
    const { findings } = await verify();
    expect(findings.join('\n')).toMatch(finding);
  });

  it('finds a tail cut off with its seal, by the anchor kept elsewhere', async () => {
    const anchor = await sealsWith().anchor(clinic.actor.admin);
    await tamper(
      `DELETE FROM audit_event WHERE clinic_id = :clinic AND id >= ${nth(21)}`,
      'DELETE FROM audit_seal WHERE clinic_id = :clinic AND number = 3',
    );
    expect((await verify()).findings).toEqual([]);
    expect((await verify(anchor)).findings).toEqual(['Seal 3 of the anchor is gone: the tail was cut off']);
  });

  it('finds a tail cut off under a seal that still stands', async () => {
    await tamper(`DELETE FROM audit_event WHERE clinic_id = :clinic AND id >= ${nth(28)}`);
    expect((await verify()).findings).toEqual([
      'Seal 3 covers 10 rows, there are 7: rows were deleted or inserted',
    ]);
  });

  it('finds that everything was hashed anew by someone without the key', async () => {
    const anchor = await sealsWith().anchor(clinic.actor.admin);
    await tamper(
      `UPDATE audit_event SET outcome = 'refused' WHERE id = ${nth(15)}`,
      'DELETE FROM audit_seal WHERE clinic_id = :clinic',
    );
    await seal(30, new Map([['2026', key(9)]]));
    expect((await verify()).findings).toEqual(['Seal 1 is not ours: its MAC was not made with the key']);
    expect((await verify(anchor)).findings).toContain('Seal 3 of the anchor is gone: the tail was cut off');
  });

  it('goes over to a new key and still proves what the old one sealed', async () => {
    const both = new Map([['2027', key(8)], ...keys]);
    await write(5);
    await seal(5, both);
    expect(await verify(null, both)).toMatchObject({ seals: 4, rows: 35, findings: [] });
    expect((await verify(null, new Map([['2027', key(8)]]))).findings).toHaveLength(3);
  });

  it('seals no row while an older transaction may still add one before it', async () => {
    const slow = await db.admin.connect();
    const ahead = `INSERT INTO audit_event (clinic_id, action, entity, outcome) VALUES ('${clinic.clinicId}', 'x.y', 'x', 'done')`;
    await slow.query(`BEGIN; ${ahead}`);
    await write(3);
    expect(await sealsWith().seal(clinic.clinicId)).toBe(0);
    await slow.query('COMMIT');
    slow.release();
    await seal(4);
    expect((await verify()).findings).toEqual([]);
  });

  it('lets writers on while several workers seal at once, and no row is sealed twice or left out', async () => {
    const work = Array.from({ length: 12 }, (_, i) =>
      i % 3 === 0 ? sealsWith().seal(clinic.clinicId) : write(20).then(() => 0),
    );
    const counts = await Promise.all(work);
    await seal(160 - counts.reduce((sum, sealed) => sum + sealed, 0));
    expect(await verify()).toMatchObject({ rows: 30 + 160, unsealed: 0, findings: [] });
  });

  it('seals nothing without a key', async () => {
    await expect(sealsWith(new Map()).seal(clinic.clinicId)).rejects.toThrow('AUDIT_KEYS');
  });

  it.each(['audit_event', 'audit_seal'])(
    'lets not even the owner change, delete or empty %s',
    async (table) => {
      for (const statement of [
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `UPDATE ${table} SET clinic_id = clinic_id`,
      ])
        await expect(db.admin.query(statement)).rejects.toMatchObject({ code: '23001' });
      await expect(db.admin.query(`SET app.erasing = 'yes'; DELETE FROM ${table}`)).rejects.toMatchObject({
        code: '23001',
      });
    },
  );
});
