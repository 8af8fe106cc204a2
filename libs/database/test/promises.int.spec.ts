import { createTestDatabase, type TestDatabase } from '#database/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

describe('what the database promises by itself', () => {
  let db: TestDatabase;
  let service: pg.Client;
  const column = async (query: string): Promise<string[]> =>
    (await db.admin.query({ text: query, rowMode: 'array' })).rows.flat();

  beforeAll(async () => {
    db = await createTestDatabase();
    service = new pg.Client({ connectionString: db.url });
    await service.connect();
  });
  afterAll(async () => {
    await service.end();
    await db.drop();
  });

  it('holds row-level security over every tenant table, also for its owner', async () => {
    const tenant = await column(`
      SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`);
    const walled = await column(`
      SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
         AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') AND c.relname <> 'clinic' ORDER BY 1`);
    expect(tenant.length).toBeGreaterThan(20);
    expect(walled).toEqual(tenant);
  });

  it('leads the primary key of every tenant table with the clinic', async () => {
    const wrong = await column(`
      SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND i.indkey[0] <> a.attnum`);
    expect(wrong).toEqual([]);
  });

  it('lets views look with the eyes of who asks', async () => {
    const wrong = await column(`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
         AND NOT coalesce(reloptions, '{}') @> ARRAY['security_invoker=true']`);
    expect(wrong).toEqual([]);
  });

  it('gives the service role no table of its own and no way past row-level security', async () => {
    const { rows } = await service.query(`
      SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty,
             (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns FROM pg_roles r WHERE rolname = current_user`);
    expect(rows).toEqual([{ mighty: false, owns: 0 }]);
  });

  it.each([
    'CREATE TABLE public.mine (id int)',
    'ALTER TABLE patient DISABLE ROW LEVEL SECURITY',
    'DROP TRIGGER signed_locked ON treatment',
    'TRUNCATE audit_event',
    'DELETE FROM audit_event',
    `UPDATE audit_event SET action = 'x.y'`,
    'DELETE FROM patient',
    'DELETE FROM appointment',
    'UPDATE clearance SET reason = NULL',
    `UPDATE catalogue_release SET checksum = 'x'`,
    `SET ROLE postgres`,
  ])('refuses the service role: %s', async (statement) => {
    await expect(service.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses even the owner of the tables to change what is append-only', async () => {
    for (const table of ['audit_event', 'appointment_change', 'treatment_withdrawal', 'consent']) {
      await expect(db.admin.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '23001' });
    }
  });
});
