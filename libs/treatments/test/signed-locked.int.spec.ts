import { sql } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { aSignedTreatment } from '../src/testing/index.js';

describe('a signed treatment in the database', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let signed: string;
  let draft: string;
  const patientId = newId();

  /** As the service signs in, through its own pool. */
  const asService = (statement: string, values: readonly unknown[] = []): Promise<number> =>
    db.database.write(clinic.actor.prescriber, (tx) => tx.run(sql(statement), values));
  const locked = { code: '23001' };

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    await db.admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date) VALUES ($1, $2, 1, 'Zoë', 'Núñez', '1984-03-12')`,
      [clinic.clinicId, patientId],
    );
    signed = await aSignedTreatment(db, clinic, { patientId, treatedOn: '2026-02-01' });
    draft = newId();
    await db.admin.query(
      `INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on)
       SELECT clinic_id, $2, patient_id, practitioner_id, location_id, treated_on FROM treatment WHERE id = $1`,
      [signed, draft],
    );
    await db.admin.query(
      `INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
       SELECT clinic_id, $3, $2, area_id, side, product_id, lot_id, units FROM injection WHERE treatment_id = $1`,
      [signed, draft, newId()],
    );
  });
  afterAll(() => db.drop());

  it.each([
    ['change', 'UPDATE treatment SET note = $2 WHERE id = $1', 'x'],
    ['return to draft', 'UPDATE treatment SET status = $2 WHERE id = $1', 'draft'],
    ['re-sign', 'UPDATE treatment SET content_hash = $2 WHERE id = $1', '00'],
    ['change an injection of', 'UPDATE injection SET units = $2 WHERE treatment_id = $1', 1],
  ])('refuses to %s it', async (_, statement, value) => {
    await expect(asService(statement, [signed, value])).rejects.toMatchObject(locked);
  });

  it('refuses to delete it or its injections', async () => {
    await expect(asService('DELETE FROM injection WHERE treatment_id = $1', [signed])).rejects.toMatchObject(
      locked,
    );
    await expect(asService('DELETE FROM treatment WHERE id = $1', [signed])).rejects.toMatchObject(locked);
  });

  it('refuses to add an injection, to move one in, and to move one out', async () => {
    const add = `INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
                 SELECT clinic_id, $2, $1, area_id, side, product_id, lot_id, units FROM injection WHERE treatment_id = $1`;
    const move = 'UPDATE injection SET treatment_id = $2 WHERE treatment_id = $1';
    await expect(asService(add, [signed, newId()])).rejects.toMatchObject(locked);
    await expect(asService(move, [draft, signed])).rejects.toMatchObject(locked);
    await expect(asService(move, [signed, draft])).rejects.toMatchObject(locked);
  });

  it.each(['treatment CASCADE', 'injection CASCADE', 'treatment_withdrawal'])(
    'refuses TRUNCATE %s',
    async (table) => {
      await expect(asService(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '42501' });
      await expect(db.admin.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '23001' });
    },
  );

  it('lets a draft be changed and removed', async () => {
    expect(await asService('UPDATE treatment SET note = $2 WHERE id = $1', [draft, 'x'])).toBe(1);
    expect(await asService('DELETE FROM injection WHERE treatment_id = $1', [draft])).toBe(1);
    expect(await asService('DELETE FROM treatment WHERE id = $1', [draft])).toBe(1);
  });
});
