import { createTestDatabase, type TestDatabase } from '#database/testing';
import { isId } from '#kernel';
import { aClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { createClinic, listClinics, resetAdmin } from '../../../tools/clinic.mjs';

const wanted = {
  slug: 'harbour',
  name: 'Harbour Skin',
  market: 'UK',
  email: 'Office@Harbour.example',
  admin: 'Max Office',
};

describe('the operator', () => {
  let db: TestDatabase;
  let owner: pg.Client;
  const one = async (query: string, values: unknown[]): Promise<unknown> =>
    (await db.admin.query(query, values)).rows[0];

  beforeAll(async () => {
    db = await createTestDatabase();
    owner = new pg.Client({ connectionString: db.adminUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await db.drop();
  });

  it('founds a clinic whose admin has no password yet, only a link', async () => {
    const { clinicId, token } = await createClinic(owner, wanted);
    expect([isId(clinicId), token]).toEqual([true, expect.stringMatching(/^[\w-]{43}$/)]);
    expect(
      await one('SELECT email, password_hash, joined_at, roles FROM staff WHERE clinic_id = $1', [clinicId]),
    ).toEqual({ email: 'office@harbour.example', password_hash: null, joined_at: null, roles: ['admin'] });
    expect(await one('SELECT action, detail FROM audit_event WHERE clinic_id = $1', [clinicId])).toEqual({
      action: 'clinic.create',
      detail: { by: 'operator' },
    });
    await expect(createClinic(owner, wanted)).rejects.toThrow('already');
  });

  it.each([
    [{ slug: 'No Slug' }, '--slug'],
    [{ market: 'FR' }, '--market'],
    [{ email: 'nobody' }, '--email'],
  ])('is told what is wrong with %j', async (wrong, says) => {
    await expect(createClinic(owner, { ...wanted, slug: 'other', ...wrong })).rejects.toThrow(says);
  });

  it('sees which clinics there are', async () => {
    expect(await listClinics(owner)).toContainEqual(
      expect.objectContaining({ slug: 'harbour', admins: 0, people: 1 }),
    );
  });

  it('lets a lost admin back in: active, an admin, signed out everywhere, without the lost second factor, by password again', async () => {
    const clinic = await aClinic(db);
    const { staffId } = clinic.actor.receptionist;
    await db.admin.query('UPDATE staff SET active = false WHERE id = $1', [staffId]);
    await db.admin.query(
      `INSERT INTO second_factor (clinic_id, staff_id, sealed_secret, created_at, confirmed_at) VALUES ($1, $2, 'x', now(), now())`,
      [clinic.clinicId, staffId],
    );
    await db.admin.query('UPDATE clinic SET passwords_allowed = false WHERE id = $1', [clinic.clinicId]);
    const reset = { slug: clinic.slug, email: clinic.email.receptionist, removeSecondFactor: true };
    expect(await resetAdmin(owner, reset)).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      allowedPasswords: true,
    });
    expect(await one('SELECT passwords_allowed FROM clinic WHERE id = $1', [clinic.clinicId])).toEqual({
      passwords_allowed: true,
    });
    expect(await one('SELECT active, roles FROM staff WHERE id = $1', [staffId])).toEqual({
      active: true,
      roles: ['receptionist', 'admin'],
    });
    const left =
      'SELECT (SELECT count(*)::int FROM second_factor WHERE staff_id = $1) AS factors, (SELECT count(*)::int FROM session WHERE staff_id = $1 AND revoked_at IS NULL) AS sessions';
    expect(await one(left, [staffId])).toEqual({ factors: 0, sessions: 0 });
    await expect(resetAdmin(owner, { ...reset, slug: 'nowhere' })).rejects.toThrow('no clinic');
    await expect(resetAdmin(owner, { ...reset, email: 'a@b.example' })).rejects.toThrow('Nobody');
  });
});
