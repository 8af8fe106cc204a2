import { describe, expect, it } from '@jest/globals';

import { localMoment } from './series-dates.js';
import { byNumber, changedTimes, newTimes } from './series-wishes.js';
import { SeriesVisitUnknown } from './series.errors.js';

const open = [
  { number: 2, localTime: '2026-03-10T10:00', startsAt: '2026-03-10T10:00:00.000Z' },
  { number: 4, localTime: '2026-03-25T16:00', startsAt: '2026-03-25T16:00:00.000Z' },
];

describe('what is wished for a series', () => {
  it('repeats from the first visit, without those left out', () => {
    const times = newTimes('2026-03-03T10:00Z', localMoment('2026-03-03T10:00'), {
      everyWeeks: 2,
      visits: 4,
      skip: [3],
    });
    expect(times).toEqual([
      { number: 1, startsAt: '2026-03-03T10:00Z' },
      { number: 2, startsAt: '2026-03-17T10:00' },
      { number: 4, startsAt: '2026-04-14T10:00' },
    ]);
  });

  it('keeps each visit on its day for a new time, and at its moment for neither', () => {
    expect(changedTimes(open, { time: '14:30' }, 1).map(({ startsAt }) => startsAt)).toEqual([
      '2026-03-10T14:30',
      '2026-03-25T14:30',
    ]);
    expect(changedTimes(open, {}, 1)).toEqual(open.map(({ number, startsAt }) => ({ number, startsAt })));
    expect(changedTimes([], {}, 1)).toEqual([]);
  });

  it('counts later visits from the first for a new day or period', () => {
    const startsAt = { text: '2026-03-12T09:00', onTheWall: localMoment('2026-03-12T09:00') };
    expect(changedTimes(open, { startsAt }, 1).map((one) => one.startsAt)).toEqual([
      '2026-03-12T09:00',
      '2026-03-26T09:00',
    ]);
    expect(changedTimes(open, { everyWeeks: 3 }, 1).map((one) => one.startsAt)).toEqual([
      '2026-03-10T10:00:00.000Z',
      '2026-04-21T10:00',
    ]);
    expect(
      changedTimes(open, { startsAt, everyWeeks: 2, time: '11:00' }, 1).map((one) => one.startsAt),
    ).toEqual(['2026-03-12T11:00', '2026-04-09T11:00']);
  });

  it('refuses a visit that is not there or named twice', () => {
    const numbers = new Set([1, 2]);
    expect(byNumber([{ number: 2, roomId: 'r' }], numbers).get(2)).toEqual({ number: 2, roomId: 'r' });
    expect(() => byNumber([{ number: 3 }], numbers)).toThrow(SeriesVisitUnknown);
    expect(() => byNumber([{ number: 1 }, { number: 1 }], numbers)).toThrow(SeriesVisitUnknown);
  });
});
