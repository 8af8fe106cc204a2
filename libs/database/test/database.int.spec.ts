import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import {
  assertFit,
  createPool,
  Database,
  DatabaseBusy,
  DatabaseUnavailable,
  sql,
  sqlState,
  UnfitDatabase,
  violatedConstraint,
  type Tx,
} from '../src/index.js';

const NAMES = sql('SELECT family_name AS name FROM patient ORDER BY 1');
const ADD = sql(
  `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date) VALUES ($1, $2, $3, 'A', $4, '1990-01-01')`,
);

describe('the database', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let other: TestClinic;
  const desk = () => clinic.actor.receptionist;
  const add = (tx: Tx, number: number, name: string, clinicId = tx.clinicId) =>
    tx.run(ADD, [clinicId, newId(), number, name]);
  const names = async (actor = desk()): Promise<string[]> =>
    (await db.database.read(actor, (tx) => tx.rows<{ name: string }>(NAMES))).map(({ name }) => name);

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    other = await aClinic(db);
    await db.database.write(other.actor.receptionist, (tx) => add(tx, 1, 'Foreign'));
  });
  afterAll(() => db.drop());

  it('commits Prisma calls and prepared statements together', async () => {
    await db.database.write(desk(), async (tx) => {
      await add(tx, 1, 'Prepared');
      const prisma = await tx.prisma();
      const data = {
        clinicId: tx.clinicId,
        number: 2,
        givenName: 'A',
        familyName: 'Modelled',
        birthDate: new Date('1990-01-01'),
      };
      await prisma.patient.create({ data });
      expect(await tx.rows(NAMES)).toHaveLength(2);
      expect(await prisma.patient.count()).toBe(2);
    });
    expect(await names()).toEqual(['Modelled', 'Prepared']);
  });

  it('commits nothing when a statement nobody waited for fails, and says why', async () => {
    const failing = db.database.write(desk(), async (tx) => {
      await add(tx, 5, 'Gone with it');
      tx.later(ADD, [tx.clinicId, newId(), 5, 'Same number']);
      tx.later(ADD, [tx.clinicId, newId(), 6, 'Behind it']);
    });
    const error: unknown = await failing.catch((cause: unknown) => cause);
    expect([sqlState(error), violatedConstraint(error)]).toEqual(['23505', 'patient_number_unique']);
    expect(await names()).toEqual(['Modelled', 'Prepared']);
  });

  it('never takes a transaction that was rolled back for a committed one', async () => {
    const ignoring = db.database.write(desk(), async (tx) => {
      await add(tx, 1, 'Same number').catch(() => undefined);
    });
    await expect(ignoring).rejects.toThrow('rolled back');
  });

  it('rolls both back together, whichever failed', async () => {
    const failing = db.database.write(desk(), async (tx) => {
      await add(tx, 3, 'Gone');
      await (await tx.prisma()).patient.updateMany({ data: { note: 'gone' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const clashing = db.database.write(desk(), async (tx) => {
      await add(tx, 4, 'Gone too');
      const data = {
        clinicId: tx.clinicId,
        number: 1,
        givenName: 'A',
        familyName: 'Twice',
        birthDate: new Date('1990-01-01'),
      };
      await (await tx.prisma()).patient.create({ data });
    });
    await expect(clashing).rejects.toThrow();
    await clashing.catch((error: unknown) => expect(sqlState(error)).toBe('23505'));
    expect(await names()).toEqual(['Modelled', 'Prepared']);
  });

  it('keeps many Prisma transactions of different clinics apart', async () => {
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        db.database.read(i % 2 ? desk() : other.actor.receptionist, async (tx) =>
          (await tx.prisma()).patient.count(),
        ),
      ),
    );
    expect(counts).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 ? 2 : 1)));
  });

  it('shows one clinic nothing of another, and no clinic nothing at all', async () => {
    expect(await names(other.actor.receptionist)).toEqual(['Foreign']);
    expect(await db.database.withoutClinic((tx) => tx.rows(NAMES))).toEqual([]);
    const raw = new pg.Client({ connectionString: db.url });
    await raw.connect();
    expect((await raw.query(NAMES.text)).rows).toEqual([]);
    await raw.query(`SELECT set_config('app.clinic_id', '${clinic.clinicId}', false)`);
    expect((await raw.query(`SELECT * FROM patient WHERE clinic_id = '${other.clinicId}'`)).rows).toEqual([]);
    expect(
      (await raw.query(`UPDATE patient SET note = 'x' WHERE clinic_id = '${other.clinicId}'`)).rowCount,
    ).toBe(0);
    await raw.end();
  });

  it('refuses to write a row of another clinic', async () => {
    const smuggling = db.database.write(desk(), (tx) => add(tx, 9, 'Smuggled', other.clinicId));
    await expect(smuggling).rejects.toThrow(/row-level security/);
  });

  it('leaves no clinic behind on a connection that goes back to the pool', async () => {
    const pool = createPool({ databaseUrl: db.url, databasePoolSize: 1 });
    const single = new Database(pool, { now: () => new Date() });
    await single.read(desk(), (tx) => tx.rows(NAMES));
    expect((await pool.query(NAMES.text)).rows).toEqual([]);
    await single.close();
  });

  it('runs the whole work again after a deadlock', async () => {
    const ids = await db.database.write(desk(), async (tx) => {
      const rows = await tx.rows<{ id: string }>(sql('SELECT id FROM patient ORDER BY id'));
      return rows.map(({ id }) => id);
    });
    const lock = sql(`UPDATE patient SET note = 'locked' WHERE clinic_id = $1 AND id = $2`);
    let attempts = 0;
    const cross = (order: readonly string[]) =>
      db.database.write(desk(), async (tx) => {
        attempts += 1;
        for (const id of order) {
          await tx.run(lock, [tx.clinicId, id]);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    await Promise.all([cross(ids), cross(ids.toReversed())]);
    expect(attempts).toBeGreaterThan(2);
  });

  it('says that it is away when nothing answers', async () => {
    const pool = createPool({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/nowhere', databasePoolSize: 1 });
    const away = new Database(pool, { now: () => new Date() });
    await expect(away.ping()).rejects.toThrow(DatabaseUnavailable);
    await expect(away.read(desk(), (tx) => tx.rows(NAMES))).rejects.toThrow(DatabaseUnavailable);
    await away.close();
  });

  it('says that it is busy, not away, when every connection stays in use', async () => {
    const pool = createPool({ databaseUrl: db.url, databasePoolSize: 1 });
    pool.options.connectionTimeoutMillis = 1000;
    const narrow = new Database(pool, { now: () => new Date() });
    await narrow.read(desk(), async () => {
      await expect(narrow.ping()).rejects.toThrow(DatabaseBusy);
      await expect(narrow.read(desk(), (tx) => tx.rows(NAMES))).rejects.toThrow(DatabaseBusy);
    });
    await narrow.close();
  });

  it('serves in production only as a role that row-level security holds', async () => {
    const fit = createPool({ databaseUrl: db.url, databasePoolSize: 1 });
    await expect(assertFit(fit, 'production')).resolves.toBeUndefined();
    await fit.end();
    const mighty = createPool({ databaseUrl: db.adminUrl, databasePoolSize: 1 });
    await expect(assertFit(mighty, 'production')).rejects.toThrow(UnfitDatabase);
    await expect(assertFit(mighty, 'development')).resolves.toBeUndefined();
    await mighty.end();
  });
});
