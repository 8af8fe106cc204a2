import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seedCatalogue } from '#catalogue';
import { addDays, calendarDate } from '#kernel';
import { AFTER_ALL, anyHistory, anyProtocol, hold, RUNS } from '../testing/any-history.js';
import { forecast } from './forecast.js';
import { type RecordedDose, replay, type WindowInput, windowsToKeep } from './kept-windows.js';
import { catalogueProtocol } from './protocol.js';
import { UnknownFigures } from './repeat-visits.errors.js';
import { windowChanges } from './window-changes.js';
import { ShiftCount } from './window-shifts.js';
import { firstStatement, stateOn } from './window-status.js';

const UK = catalogueProtocol(seedCatalogue(), 'UK');
const FIRST = calendarDate('2022-01-31');

/** As signed: a treatment a day. */
const history = anyHistory.map((doses): RecordedDose[] =>
  doses.map((dose) => ({ ...dose, treatmentId: dose.treatedOn, locationId: 'here' })),
);

describe('a kept window', () => {
  it('is computed again to the byte from what is kept with it', () => {
    fc.assert(
      fc.property(history, anyProtocol, fc.boolean(), (doses, protocol, personalInterval) => {
        const issued = forecast(doses, protocol, AFTER_ALL, { personalInterval }).areas;
        const kept = windowsToKeep(doses, protocol, AFTER_ALL, { personalInterval });
        for (const [i, window] of kept.entries()) {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was just written
          const input = JSON.parse(window.input) as WindowInput;
          const figures = new Map(window.figures.map((one) => [one.hash, one.figures]));
          const from = { area: window.area, protocolVersion: window.protocolVersion, input };
          const again = replay(from, (hash) => figures.get(hash), AFTER_ALL);
          hold(JSON.stringify(again) === JSON.stringify(issued[i]), 'the same bytes');
        }
      }),
      RUNS,
    );
  });

  it('has the same input in whatever order and on whatever day it is computed', () => {
    fc.assert(
      fc.property(history, fc.nat(400), (doses, wait) => {
        const inputs = (list: readonly RecordedDose[], days: number): string =>
          windowsToKeep(list, UK, addDays(FIRST, days), {})
            .map(({ input }) => input)
            .join();
        hold(inputs(doses, wait) === inputs(doses.toReversed(), 0), 'the same input');
      }),
      RUNS,
    );
  });

  it('cannot be explained without its figures', () => {
    const input = { formula: 'formula/1', personalInterval: false, figures: { ona: 'x' } };
    const doses: WindowInput['doses'] = [[FIRST, 'ona', 'full', 'a']];
    const from = { area: 'glabella', protocolVersion: 'v', input: { ...input, doses } };
    expect(() => replay(from, () => undefined, AFTER_ALL)).toThrow(UnknownFigures);
  });
});

describe('what a recompute writes', () => {
  const open = { id: 'w1', patientId: 'p', area: 'glabella', status: 'open', inputHash: 'h' } as const;
  const computed = { patientId: 'p', area: 'glabella', inputHash: 'h' };
  const changes = (now: readonly (typeof computed)[]) =>
    windowChanges([open], now, 'recomputed', () => 'withdrawn');

  it('is nothing where the input is the same', () => {
    expect(changes([computed])).toEqual({ issued: [], ended: [], unchanged: 1 });
  });

  it('is a successor where it is another, and an end where there is none', () => {
    const other = { ...computed, inputHash: 'i' };
    expect(changes([other])).toEqual({
      issued: [other],
      ended: [{ id: 'w1', patientId: 'p', status: 'superseded', endedBy: 'recomputed' }],
      unchanged: 0,
    });
    expect(changes([]).ended).toEqual([{ id: 'w1', patientId: 'p', status: 'closed', endedBy: 'withdrawn' }]);
  });
});

describe('how windows move', () => {
  const dates = {
    earliest: calendarDate('2026-05-01'),
    recommendedFrom: calendarDate('2026-05-01'),
    target: calendarDate('2026-05-23'),
    recommendedTo: calendarDate('2026-06-20'),
    lapsedAfter: null,
  };

  it('is counted by date and days, with what appears and disappears, and by state', () => {
    const shifts = new ShiftCount(calendarDate('2026-06-15'));
    const earlier = { target: calendarDate('2026-05-09'), recommendedTo: calendarDate('2026-06-13') };
    shifts.add(dates, dates, 1);
    shifts.add(dates, { ...dates, ...earlier }, 1);
    shifts.add(dates, { ...dates, target: null, lapsedAfter: calendarDate('2026-10-31') }, 1);
    const { windows, moved, dates: found, statesBefore, statesAfter } = shifts.result;
    expect([windows, moved, statesBefore, statesAfter]).toEqual([
      3,
      2,
      { due: 3 },
      { due: 2, 'past-due': 1 },
    ]);
    expect(found.find(({ date }) => date === 'target')).toEqual({
      date: 'target',
      earlier: 1,
      later: 0,
      unchanged: 1,
      appears: 0,
      disappears: 1,
      byDays: [{ days: -14, windows: 1 }],
    });
    expect(found.find(({ date }) => date === 'lapsedAfter')).toMatchObject({ appears: 1, byDays: [] });
  });

  it('are stated from the first night on that they are not too early any more', () => {
    expect(firstStatement(dates, calendarDate('2026-04-01'))).toEqual({
      state: 'too-early',
      changesOn: '2026-05-01',
    });
    expect(firstStatement(dates, calendarDate('2026-06-01'))).toEqual({
      state: null,
      changesOn: '2026-06-01',
    });
    expect(stateOn({ ...dates, earliest: null }, calendarDate('2026-06-01'))).toBeNull();
  });
});
