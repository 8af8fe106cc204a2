import { readConfig, type Config } from '#config';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { Sealing } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ALL_SEALED_COLUMNS, resealAll } from '../src/reseal.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');

describe('secrets sealed anew under a new key', () => {
  let db: TestDatabase;
  let clinics: TestClinic[];
  const config = (...keys: string[]): Config =>
    readConfig({ DATABASE_URL: db.url, NODE_ENV: 'test', SECRETS_KEYS: keys.join(',') });
  const sealing = (...keys: string[]): Sealing => new Sealing(config(...keys));
  const sql = async (text: string, values: unknown[] = []): Promise<Record<string, string>[]> =>
    (await db.admin.query(text, values)).rows;

  /** Every secret, opened; throws where one does not open. */
  const opened = async (...keys: string[]): Promise<string[]> => {
    const secrets: string[] = [];
    for (const { table, column, key: id, belongsTo } of ALL_SEALED_COLUMNS)
      for (const row of await sql(
        `SELECT clinic_id, ${id ?? 'clinic_id'} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
      ))
        secrets.push(
          sealing(...keys).open(row['sealed'] ?? '', belongsTo(row['clinic_id'] ?? '', row['id'] ?? '')),
        );
    return secrets.toSorted();
  };

  beforeAll(async () => {
    db = await createTestDatabase();
    clinics = [await aClinic(db), await aClinic(db)];
    const old = sealing(key(1));
    for (const { clinicId, actor } of clinics) {
      for (const { staffId } of Object.values(actor))
        await sql(
          `INSERT INTO second_factor (clinic_id, staff_id, sealed_secret, created_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING`,
          [clinicId, staffId, old.seal(`totp of ${staffId}`, `second-factor ${clinicId} ${staffId}`)],
        );
      await sql(
        `INSERT INTO identity_provider (clinic_id, issuer, client_id, sealed_client_secret, redirect_uri, vouches_second_factor, updated_at)
         VALUES ($1, 'https://idp.example', 'x', $2, 'https://x.example', false, now())`,
        [clinicId, old.seal('of the client', `identity-provider ${clinicId}`)],
      );
      const id = newId();
      const hook = (secret: string): string => old.seal(secret, `webhook ${clinicId} ${id}`);
      await sql(
        `INSERT INTO webhook_endpoint (clinic_id, id, url, events, sealed_secret, sealed_previous_secret, created_by, created_at, place)
         VALUES ($1, $2, 'https://x.example', '{}', $3, $4, $5, now(), 1)`,
        [clinicId, id, hook('whsec_new'), hook('whsec_old'), actor.admin.staffId],
      );
    }
  });
  afterAll(() => db.drop());

  it('knows every column of the schema that holds one', async () => {
    const columns = await sql(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name LIKE 'sealed\\_%' AND data_type = 'text' ORDER BY 1`,
    );
    expect(ALL_SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(
      columns.map(({ name }) => name),
    );
  });

  it('open with the new key alone afterwards, so that the old one can be dropped; twice is once, and it is audited', async () => {
    const before = await opened(key(1));
    await expect(opened(key(2))).rejects.toThrow();
    const done = await resealAll(config(key(2), key(1)));
    expect(done).toEqual({ clinics: 2, resealed: before.length, unreadable: [] });
    expect(await opened(key(2))).toEqual(before);
    await expect(opened(key(1))).rejects.toThrow();
    expect(await resealAll(config(key(2), key(1)))).toMatchObject({ resealed: 0 });
    const trail = await sql(
      `SELECT detail->>'table' AS "table", sum(jsonb_array_length(detail->'ids'))::int AS rows FROM audit_event
        WHERE action = 'secret.reseal' GROUP BY 1 ORDER BY 1`,
    );
    expect(trail).toEqual([
      { table: 'identity_provider', rows: 2 },
      { table: 'second_factor', rows: before.length - 6 },
      { table: 'webhook_endpoint', rows: 4 },
    ]);
  });

  it('goes on where it was stopped, and names what opens with no key given', async () => {
    const [one] = clinics;
    const { staffId = '' } = one?.actor.admin ?? {};
    const where = `clinic_id = '${one?.clinicId}' AND staff_id = '${staffId}'`;
    const lost = sealing(key(9)).seal('x', `second-factor ${one?.clinicId} ${staffId}`);
    await sql(`UPDATE second_factor SET sealed_secret = $1 WHERE ${where}`, [lost]);
    const done = await resealAll(config(key(3), key(2)));
    expect(done.unreadable).toEqual([{ clinicId: one?.clinicId, table: 'second_factor', id: staffId }]);
    expect(await sql(`SELECT sealed_secret FROM second_factor WHERE ${where}`)).toEqual([
      { sealed_secret: lost },
    ]);
    // The key turned up: only what was left is sealed anew.
    expect(await resealAll(config(key(3), key(9)))).toMatchObject({ resealed: 1, unreadable: [] });
    expect(await opened(key(3))).toHaveLength(done.resealed + 1);
  });
});
