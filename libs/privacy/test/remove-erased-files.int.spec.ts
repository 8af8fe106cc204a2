import { createTestDatabase, type TestDatabase } from '#database/testing';
import { FileStore } from '#files';
import { aClinic, type TestClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Readable } from 'node:stream';

import { ErasuresRepository } from '../src/erasures/erasures.repository.js';
import { RemoveErasedFiles } from '../src/erasures/remove-erased-files.job.js';

class Refusing extends FileStore {
  readonly asked: string[] = [];

  constructor(private readonly refuses: (key: string) => boolean) {
    super();
  }

  remove(key: string): Promise<void> {
    this.asked.push(key);
    return this.refuses(key) ? Promise.reject(new Error('denied')) : Promise.resolve();
  }

  put(): Promise<void> {
    return Promise.resolve();
  }

  open(): Promise<Readable | null> {
    return Promise.resolve(null);
  }

  async *list(): AsyncIterable<string> {
    // Nobody asks in these tests.
  }
}

describe('files of erased patients', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  const keys = Array.from({ length: 250 }, (_, n) => `file-${String(n).padStart(3, '0')}`);
  const waiting = async (): Promise<string[]> =>
    (
      await db.admin.query<{ key: string }>(
        'SELECT key FROM erased_file WHERE removed_at IS NULL ORDER BY key',
      )
    ).rows.map(({ key }) => key);
  const run = (store: FileStore): Promise<void> =>
    new RemoveErasedFiles(db.database, new ErasuresRepository(), store).work({ clinicId: clinic.clinicId });

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    const erasure = newId();
    await db.admin.query(
      `INSERT INTO erasure (clinic_id, id, patient_id, kind, reason, requested_at, plan) VALUES ($1, $2, $3, 'retention', 'over', now(), '{}')`,
      [clinic.clinicId, erasure, newId()],
    );
    await db.admin.query(
      'INSERT INTO erased_file (clinic_id, key, erasure_id, erased_at) SELECT $1, key, $2, now() FROM unnest($3::text[]) AS k (key)',
      [clinic.clinicId, erasure, keys],
    );
  });
  afterAll(() => db.drop());

  it('are not all asked for where the store is away', async () => {
    const away = new Refusing(() => true);
    await expect(run(away)).rejects.toThrow(AggregateError);
    expect(away.asked).toHaveLength(100);
    expect(await waiting()).toEqual(keys);
  });

  it('go although one is refused, which is tried again', async () => {
    await expect(run(new Refusing((key) => key === 'file-000'))).rejects.toThrow(AggregateError);
    expect(await waiting()).toEqual(['file-000']);
    await run(new Refusing(() => false));
    expect(await waiting()).toEqual([]);
  });
});
