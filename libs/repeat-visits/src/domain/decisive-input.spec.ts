import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { calendarDate } from '#kernel';
import { AFTER_ALL, anyHistory, anyProtocol, hold, RUNS } from '../testing/any-history.js';
import { decisive } from './decisive-input.js';
import { replay, type WindowInput, windowsToKeep } from './kept-windows.js';
import type { Protocol } from './protocol.js';
import { WINDOW_DATES } from './window-shifts.js';

const date = calendarDate;
const input = (...doses: WindowInput['doses']): WindowInput => ({
  formula: 'formula/1',
  personalInterval: false,
  figures: Object.fromEntries(doses.map(([, product]) => [product, product])),
  doses,
});
const deciding = (of: WindowInput): string[] =>
  decisive(of).input.doses.map(([day, product, kind]) => `${day} ${product} ${kind}`);

describe('what decides the dates of a window', () => {
  it('gives the same dates as everything that was ever given, by any figures', () => {
    fc.assert(
      fc.property(
        anyHistory,
        anyProtocol,
        anyProtocol,
        fc.boolean(),
        (history, protocol, changed, personalInterval) => {
          const doses = history.map((dose, i) => ({ ...dose, treatmentId: `t${i}`, locationId: 'here' }));
          for (const window of windowsToKeep(doses, protocol, AFTER_ALL, { personalInterval })) {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was just written
            const all = JSON.parse(window.input) as WindowInput;
            const few = decisive(all);
            hold(few.input.doses.length <= all.doses.length, 'fewer');
            for (const figures of [protocol, changed]) {
              const dates = (of: WindowInput, day: typeof AFTER_ALL): string => {
                const again = replay(asKept(of, window.area, figures), known(figures, window.area), day);
                return WINDOW_DATES.map((name) => again[name]).join();
              };
              hold(dates(few.input, few.from) === dates(all, AFTER_ALL), 'the same dates');
            }
          }
        },
      ),
      RUNS,
    );
  });

  it('is the last full treatment of each product, and a touch-up after it', () => {
    const of = input(
      [date('2025-01-10'), 'abo', 'full', 'a'],
      [date('2025-01-10'), 'ona', 'full', 'b'],
      [date('2025-01-24'), 'ona', 'touch-up', 'c'],
      [date('2025-06-10'), 'ona', 'full', 'd'],
      [date('2025-06-24'), 'ona', 'touch-up', 'e'],
    );
    expect(deciding(of)).toEqual(['2025-01-10 abo full', '2025-06-10 ona full', '2025-06-24 ona touch-up']);
    expect(deciding({ ...of, personalInterval: true })).toEqual([
      '2025-01-10 abo full',
      '2025-01-10 ona full',
      '2025-06-10 ona full',
      '2025-06-24 ona touch-up',
    ]);
  });

  it('is alike for patients whose other treatments differ', () => {
    const last = date('2026-01-31');
    const once = input([last, 'ona', 'full', 'a']);
    const often = input([date('2025-05-01'), 'ona', 'full', 'b'], [last, 'ona', 'full', 'c']);
    expect(decisive(often).key).toBe(decisive(once).key);
    expect(decisive({ ...often, personalInterval: true }).key).not.toBe(
      decisive({ ...once, personalInterval: true }).key,
    );
    expect(decisive(input([last, 'abo', 'full', 'a'])).key).not.toBe(decisive(once).key);
  });
});

/** The figures of a product stand under its name. */
const asKept = (of: WindowInput, area: string, { version }: Protocol) => ({
  area,
  protocolVersion: version,
  input: { ...of, figures: Object.fromEntries(Object.keys(of.figures).map((product) => [product, product])) },
});
const known =
  (protocol: Protocol, area: string) =>
  (product: string): ReturnType<Protocol['figures']> =>
    protocol.figures(product, area);
