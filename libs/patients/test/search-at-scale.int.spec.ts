import { sql } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { PatientsRepository } from '../src/patients.repository.js';

const MANY = 20_000;

describe('finding one among many', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  const find = (...words: string[]) =>
    db.database.read(clinic.actor.receptionist, (tx) => new PatientsRepository().find(tx, words, 10));

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    await db.admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date, phone)
       SELECT $1, gen_random_uuid(), n, (ARRAY['Olivia', 'Liam', 'Emma', 'Noah'])[1 + n % 4],
              (ARRAY['Anderson', 'Rossi', 'Lindqvist', 'Okafor', 'Collins'])[1 + n % 5], date '1950-01-01' + n,
              '+44 77' || lpad((n * 7919 % 100000000)::text, 8, '0')
         FROM generate_series(1, $2::int) n`,
      [clinic.actor.receptionist.clinicId, MANY],
    );
    await db.admin.query(
      `UPDATE patient SET given_name = 'Wei', family_name = 'Li' WHERE clinic_id = $1 AND number = $2`,
      [clinic.actor.receptionist.clinicId, MANY - 1],
    );
    await db.admin.query('VACUUM ANALYZE patient');
  });
  afterAll(() => db.drop());

  it.each([
    ['what is written', ['anderson', '1955-06-25']],
    ['a typo', ['andreson', 'olvia']],
    ['part of a telephone number', ['7700007919']],
  ])('asks the trigram index as the service role for %s', async (_, words) => {
    const service = new pg.Client({
      connectionString: db.url,
      options: '-c pg_trgm.word_similarity_threshold=0.5',
    });
    await service.connect();
    try {
      const used = async () => {
        const { rows } = await db.admin.query(
          `SELECT idx_scan::int AS scans, (SELECT seq_scan::int FROM pg_stat_user_tables WHERE relname = 'patient') AS whole
             FROM pg_stat_user_indexes WHERE indexrelname = 'patient_search'`,
        );
        return rows[0];
      };
      const before = await used();
      await service.query(
        `BEGIN; SELECT set_config('app.clinic_id', '${clinic.actor.receptionist.clinicId}', true)`,
      );
      await service.query('SELECT found FROM find_patients($1, 10)', [words]);
      await service.query('COMMIT; SELECT pg_stat_force_next_flush()');
      await service.query('SELECT 1');
      const after = await used();
      expect(after.scans).toBeGreaterThan(before.scans);
      expect(after.whole).toBe(before.whole);
    } finally {
      await service.end();
    }
  });

  it('puts a whole word before the thousands in whom it is a part', async () => {
    const [first] = await find('li');
    expect(first).toMatchObject({ givenName: 'Wei', familyName: 'Li' });
    expect((await find('77'))[0]).toMatchObject({ number: 77 });
  });

  it('takes single letters for what they are', async () => {
    expect(await find('a', 'b', 'c', 'd', 'e', 'f')).toEqual([]);
    // One more than a page of ten, which tells that another follows.
    expect(await find('o')).toHaveLength(11);
  });

  it('gives up a search that takes seconds, and only that', async () => {
    const settings = sql(`SELECT current_setting('statement_timeout') AS most`);
    const during = await db.database.read(clinic.actor.receptionist, async (tx) => {
      await new PatientsRepository().find(tx, ['li'], 1);
      return tx.one<{ most: string }>(settings);
    });
    const later = await db.database.read(clinic.actor.receptionist, (tx) =>
      tx.one<{ most: string }>(settings),
    );
    expect([during.most, later.most]).toEqual(['3s', '30s']);
  });
});
