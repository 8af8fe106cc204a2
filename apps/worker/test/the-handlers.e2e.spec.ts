import { readFileSync } from 'node:fs';

import { readConfig } from '#config';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic } from '#identity/testing';
import { MatchFreedTime, TreatmentWindowsPort } from '#scheduling';
import { aDesk, schedulingOn } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { HANDLERS, WorkerModule } from '../src/worker.module.js';

describe('the worker', () => {
  let db: TestDatabase;
  let app: INestApplicationContext;

  beforeAll(async () => {
    db = await createTestDatabase();
    const config = readConfig({ DATABASE_URL: db.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    app = await NestFactory.createApplicationContext(WorkerModule.with(config), {
      logger: false,
      abortOnError: false,
    });
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });

  it('has a handler for every queue there is', () => {
    const file = new URL('../../../libs/jobs/src/queues.json', import.meta.url);
    const queues = JSON.parse(readFileSync(file, 'utf8')) as { name: string }[];
    const served = HANDLERS.map((handler) => app.get(handler).queue);
    expect(served.toSorted()).toEqual(
      queues
        .map(({ name }) => name)
        .filter((name) => name !== 'nightly')
        .toSorted(),
    );
  });

  it('offers freed time to who waits, and asks the repeat visits whom it is too early for', async () => {
    const clinic = await aClinic(db);
    const desk = await aDesk(db, clinic);
    await db.admin.query(`UPDATE clinic SET quiet_from = '00:00', quiet_to = '00:00'`);
    const { waitlist } = schedulingOn(db.database);
    const [day, later] = [20, 40].map((n) =>
      new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10),
    );
    const { id, patientId } = await waitlist.join(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      to: String(later),
    });
    const windows = jest.spyOn(app.get(TreatmentWindowsPort), 'readOfMany');
    await app.get(MatchFreedTime).work({
      clinicId: clinic.clinicId,
      practitionerId: desk.nurseId,
      locationId: desk.london.id,
      start: `${day}T10:00:00Z`,
      end: `${day}T10:45:00Z`,
    });
    const asked = windows.mock.calls.map(([, patientIds]) => patientIds);
    expect(asked).toContainEqual([patientId]);
    expect((await waitlist.read(clinic.actor.receptionist, id)).offer).not.toBeNull();
  });
});
