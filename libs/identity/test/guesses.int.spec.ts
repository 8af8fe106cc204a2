import { createTestDatabase, type TestDatabase } from '#database/testing';
import { TooManyRequests } from '#http';
import { Clock } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Guesses } from '../src/guesses/guesses.js';
import { GuessesRepository } from '../src/guesses/guesses.repository.js';

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
  const guesses = new Guesses(new GuessesRepository());
  /** Whether one guess is looked at. */
  const guess = (email: string, address: string, known: string | null = null): Promise<boolean> =>
    db.database
      .withoutClinic((tx) => guesses.count(tx, { email, address, known }))
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

  it('locks a known device neither by what strangers guess nor from the address they guess from', async () => {
    const email = 'manager@clinic.example';
    for (let n = 0; n < 120; n += 1) await guess(email, '192.0.2.9');
    for (let n = 0; n < 120; n += 1) await guess(`anybody${n}@clinic.example`, '192.0.2.9');
    expect(await guess(email, '192.0.2.9')).toBe(false);
    expect(await guess(email, '192.0.2.9', 'her telephone')).toBe(true);
  });

  it('on a known device: ten are looked at, then it is locked by itself, and another device is not', async () => {
    const email = 'owner@clinic.example';
    const some = (known: string | null) =>
      Promise.all(Array.from({ length: 40 }, (_, n) => guess(email, `198.51.100.${n}`, known)));
    const looked = async (known: string | null) => (await some(known)).filter(Boolean).length;
    expect([await looked('stolen laptop'), await looked('telephone'), await looked(null)]).toEqual([
      10, 10, 10,
    ]);
  });

  it('every twenty minutes for four weeks on a known device: a hundred are looked at; a reset by mail opens it', async () => {
    const email = 'locum@clinic.example';
    const start = clock.at;
    let looked = 0;
    for (let n = 0; n < 2000; n += 1) {
      clock.at = start + n * 20 * MINUTE;
      if (await guess(email, '203.0.113.1', 'laptop')) looked += 1;
    }
    expect(looked).toBe(100);
    await db.database.withoutClinic((tx) => guesses.unlock(tx, email));
    expect(await guess(email, '203.0.113.1', 'laptop')).toBe(true);
  }, 60_000);

  it('right on a known device, what strangers guessed still counts against strangers', async () => {
    const email = 'assistant@clinic.example';
    for (let n = 0; n < 10; n += 1) await guess(email, '192.0.2.20');
    const known = { email, address: '192.0.2.21', known: 'tablet' };
    await db.database.withoutClinic((tx) => guesses.forgive(tx, known));
    expect(await guess(email, '192.0.2.20')).toBe(false);
    await db.database.withoutClinic((tx) => guesses.forgive(tx, { ...known, known: null }));
    expect(await guess(email, '192.0.2.20')).toBe(true);
  });
});
