import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../../testing/close.js';
import { kaplanMeierDelayed, NotWatched } from './delayed-entry.js';
import { kaplanMeier, survivalAt } from './survival.js';

describe('Kaplan–Meier with delayed entry', () => {
  it('counts at risk who entered before the day and has not ended: (entry, time]', () => {
    // Risk sets by hand: day 5 {a, b}; day 8 {b, c}, since d enters on day 8; day 10 {b, d}; day 12 {d}.
    const curve = kaplanMeierDelayed([
      { entry: 0, time: 5, event: true },
      { entry: 2, time: 10, event: false },
      { entry: 5, time: 8, event: true },
      { entry: 8, time: 12, event: true },
    ]);
    expect(curve.rows.map(({ time, nRisk, nEvent, nCensor }) => [time, nRisk, nEvent, nCensor])).toEqual([
      [5, 2, 1, 0],
      [8, 2, 1, 0],
      [10, 2, 0, 1],
      [12, 1, 1, 0],
    ]);
    expectClose(survivalAt(curve, 9)?.survival, 0.25);
    // Greenwood: 0.25 √(1/2 + 1/2).
    expectClose(survivalAt(curve, 9)?.greenwoodSe, 0.25);
    expect(survivalAt(curve, 12)?.survival).toBe(0);
  });

  it('stays at 0 once everybody at risk has had the event', () => {
    const curve = kaplanMeierDelayed([
      { entry: 0, time: 3, event: true },
      { entry: 4, time: 9, event: true },
      { entry: 4, time: 10, event: false },
    ]);
    expect(curve.rows.map(({ survival }) => survival)).toEqual([0, 0, 0]);
  });

  it('refuses a span that was watched for no time, by name', () => {
    expect(() => kaplanMeierDelayed([{ entry: 5, time: 5, event: true }])).toThrow(NotWatched);
    expect(() => kaplanMeierDelayed([{ entry: -1, time: 5, event: true }])).toThrow(RangeError);
  });

  it('is the plain estimate when everybody is watched from the start', () => {
    const spans = fc.array(fc.record({ time: fc.integer({ min: 1, max: 60 }), event: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(spans, (records) => {
        const delayed = kaplanMeierDelayed(records.map((record) => ({ ...record, entry: 0 })));
        const plain = kaplanMeier(records);
        expect(delayed.rows.map(({ nRisk, nEvent }) => [nRisk, nEvent])).toEqual(
          plain.rows.map(({ nRisk, nEvent }) => [nRisk, nEvent]),
        );
        for (const [i, row] of plain.rows.entries()) {
          expectClose(delayed.rows[i]?.survival, row.survival);
          expectClose(delayed.rows[i]?.lower, row.lower);
          expectClose(delayed.rows[i]?.upper, row.upper);
        }
      }),
    );
  });
});
