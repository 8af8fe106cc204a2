import { createTestDatabase, type TestDatabase } from '#database/testing';
import { TooManyRequests } from '#http';
import { Clock } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Guesses } from '../src/guesses.js';

class MovingClock extends Clock {
  at = new Date('2026-11-27T08:00:00Z').getTime();

  override now(): Date {
    return new Date(this.at);
  }
}

const MINUTE = 60_000;

describe('guessing', () => {
  let db: TestDatabase;
  const clock = new MovingClock();
  const guesses = new Guesses();
  /** Whether one guess is looked at. */
  const guess = (email: string, address: string): Promise<boolean> =>
    db.database
      .withoutClinic((tx) => guesses.count(tx, email, address))
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof TooManyRequests) return false;
          throw error;
        },
      );

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());

  it('ten thousand times over a month, from ever new addresses: a hundred are looked at, and then the account is locked', async () => {
    const month = 30 * 24 * 60 * MINUTE;
    const start = clock.at;
    let looked = 0;
    for (let n = 0; n < 10_000; n += 1) {
      clock.at = start + Math.floor((n * (month - MINUTE)) / 10_000);
      if (await guess('doctor@clinic.example', `203.0.113.${n}`)) looked += 1;
    }
    expect(looked).toBe(100);
    await db.database.withoutClinic((tx) => guesses.unlock(tx, 'doctor@clinic.example'));
    expect(await guess('doctor@clinic.example', '198.51.100.1')).toBe(true);
  }, 120_000);

  it('in a burst: ten are looked at in a quarter of an hour, then ten more', async () => {
    const burst = async (): Promise<number> => {
      let looked = 0;
      for (let n = 0; n < 30; n += 1) if (await guess('desk@clinic.example', `198.51.100.${n}`)) looked += 1;
      return looked;
    };
    expect(await burst()).toBe(10);
    clock.at += 15 * MINUTE;
    expect(await burst()).toBe(10);
  });

  it('from one address at many accounts: a hundred are looked at in a quarter of an hour', async () => {
    let looked = 0;
    for (let n = 0; n < 150; n += 1) if (await guess(`somebody${n}@clinic.example`, '192.0.2.7')) looked += 1;
    expect(looked).toBe(100);
  });

  it('by twenty at the same moment: no more than ten are looked at', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => guess('nurse@clinic.example', `192.0.2.${100 + n}`)),
    );
    expect(all.filter(Boolean)).toHaveLength(10);
  });
});
