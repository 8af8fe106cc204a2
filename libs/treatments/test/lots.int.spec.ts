import { UnknownProduct } from '#catalogue';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { BadGtinCheckDigit } from '../src/domain/gs1/gs1.errors.js';
import { LotNotFound, LotStatusRefused } from '../src/domain/lots.errors.js';
import { LotRecallsService } from '../src/lot-recall/lot-recalls.service.js';
import { Practice, type Clinic } from './practice.js';

describe('the stock of lots', () => {
  let practice: Practice;
  let clinic: Clinic;
  let other: Clinic;
  const nurse = () => clinic.actor.practitioner;
  const receive = (lot: object) => practice.lots.receive(nurse(), { product: 'ona', vialUnits: 100, ...lot });

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    clinic = await practice.clinic('UK');
    other = await practice.clinic('UK');
  });
  afterAll(() => practice.close());

  it('reads number, expiry, GTIN and serial from the pack, day 00 as the last of the month', async () => {
    const scan = '\u001d0100300230221009172802001021S1'.replace('1021S1', '10C77\u001d21S1');
    expect(await receive({ scan })).toMatchObject({
      number: 'C77',
      expiresOn: '2028-02-29',
      gtin: '00300230221009',
      serial: 'S1',
      status: 'in-use',
      receivedOn: '2026-03-02',
    });
  });

  it('wants number and expiry once: scanned or typed', async () => {
    await expect(receive({})).rejects.toMatchObject({ facts: { missing: ['number', 'expiresOn'] } });
    await expect(receive({ scan: '(10)C1' })).rejects.toMatchObject({ facts: { missing: ['expiresOn'] } });
    await expect(receive({ scan: '(10)C1(17)280630', number: 'C2' })).rejects.toMatchObject({
      facts: { alsoTyped: ['number'] },
    });
    const typed = { number: 'C2', expiresOn: '2028-01-01', gtin: '00300230221005' };
    await expect(receive(typed)).rejects.toThrow(BadGtinCheckDigit);
    await expect(receive({ ...typed, gtin: undefined, product: 'water' })).rejects.toMatchObject({
      name: 'unknown_product',
    });
  });

  it('has a number of a product once, also when two receive it at the same moment', async () => {
    const twice = [
      receive({ number: 'D1', expiresOn: '2028-01-01' }),
      receive({ number: 'D1', expiresOn: '2028-01-01' }),
    ];
    const outcomes = await Promise.allSettled(twice);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const inco = await receive({ product: 'inco', number: 'D1', expiresOn: '2028-01-01' });
    expect(inco.number).toBe('D1');
  });

  it('lists what may be used on a day, first to expire first, page by page, and nothing of another clinic', async () => {
    await practice.lots.receive(other.actor.practitioner, {
      product: 'prabo',
      number: 'Z',
      expiresOn: '2028-01-01',
      vialUnits: 100,
    });
    const [late, soon, gone, held] = [
      await receive({ product: 'prabo', number: 'A', expiresOn: '2028-01-01' }),
      await receive({ product: 'prabo', number: 'B', expiresOn: '2026-03-02' }),
      await receive({ product: 'prabo', number: 'C', expiresOn: '2026-03-01' }),
      await receive({ product: 'prabo', number: 'D', expiresOn: '2027-01-01' }),
    ];
    await practice.lots.change(nurse(), held.id, 'quarantine', 'Cold chain');
    const page = async (query: object) =>
      practice.lots.list(nurse(), { product: 'prabo', limit: 1, ...query });
    const usableOn = '2026-03-02';
    const first = await page({ usableOn });
    const second = await page({ usableOn, after: first.next });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([soon.id, late.id]);
    expect(second.next).toBeNull();
    expect((await page({ limit: 10 })).items.map(({ id }) => id)).toEqual([
      gone.id,
      soon.id,
      held.id,
      late.id,
    ]);
  });

  it('does not answer an empty stock for a product the catalogue does not have', async () => {
    const nonsense = practice.lots.list(nurse(), { product: 'nonsense', limit: 10 });
    await expect(nonsense).rejects.toThrow(UnknownProduct);
  });

  it('puts a lot aside, releases it, and recalls it for good', async () => {
    const { id } = await receive({ number: 'E1', expiresOn: '2028-01-01' });
    const reason = 'Notice of the manufacturer';
    const recalls = practice.get(LotRecallsService);
    const change = (verb: 'quarantine' | 'release' | 'recall') =>
      verb === 'recall'
        ? recalls.open(nurse(), id, { reason }).then(() => practice.lots.read(nurse(), id))
        : practice.lots.change(nurse(), id, verb, reason);
    await expect(change('release')).rejects.toThrow(LotStatusRefused);
    expect((await change('quarantine')).status).toBe('quarantined');
    expect((await change('release')).status).toBe('in-use');
    expect((await change('recall')).status).toBe('recalled');
    for (const verb of ['recall', 'release', 'quarantine'] as const) {
      await expect(change(verb)).rejects.toThrow(LotStatusRefused);
    }
    const foreign = recalls.open(other.actor.practitioner, id, { reason });
    await expect(foreign).rejects.toThrow(LotNotFound);
    await expect(practice.lots.read(other.actor.practitioner, id)).rejects.toThrow(LotNotFound);
  });
});
