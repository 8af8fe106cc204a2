import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { firstFree, firstFreeFirstOf } from './first-free.js';

const MINUTE = 60_000;
const at = (minutes: number): Date => new Date(minutes * MINUTE);
const slot = (minutes: number, practitionerId = 'ada') => ({
  startsAt: at(minutes),
  endsAt: at(minutes + 30),
  practitionerId,
  roomId: null,
});
const span = (start: number, end: number) => ({ start: start * MINUTE, end: end * MINUTE });
const timing = { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 };
const starts = (slots: readonly { startsAt: Date }[]) =>
  slots.map(({ startsAt }) => startsAt.getTime() / MINUTE);

describe('the first free times of one patient', () => {
  const slots = [slot(0), slot(15), slot(15, 'ben'), slot(30), slot(60), slot(90)];

  it('are different times, whoever is free, inside the days asked for', () => {
    expect(starts(firstFree(slots, span(0, 200), [], timing, 3))).toEqual([0, 15, 30]);
    expect(firstFree(slots, span(10, 200), [], timing, 1)[0]?.practitionerId).toBe('ada');
    expect(starts(firstFree(slots, span(10, 100), [], timing, 9))).toEqual([15, 30, 60]);
  });

  it('keep clear of what the patient has, with the buffers', () => {
    // A visit until minute 20: the one at 15 collides, and the one at 30 starts its buffer at 25.
    expect(starts(firstFree(slots, span(0, 200), [span(0, 20)], timing, 3))).toEqual([30, 60, 90]);
    expect(starts(firstFree(slots, span(0, 200), [span(69, 70)], timing, 4))).toEqual([0, 15, 90]);
  });

  it('are what a plain search over every slot finds', () => {
    const minutes = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(
        fc.uniqueArray(minutes, { maxLength: 30 }),
        fc.array(fc.tuple(minutes, minutes), { maxLength: 4 }),
        minutes,
        minutes,
        fc.integer({ min: 1, max: 5 }),
        (begins, spans, from, length, count) => {
          const all = begins.toSorted((a, b) => a - b).map((begin) => slot(begin));
          const busy = spans.map(([start, more]) => span(start, start + more + 1));
          const days = span(from, from + length);
          const plain = all.filter(
            ({ startsAt, endsAt }) =>
              startsAt.getTime() >= days.start &&
              endsAt.getTime() <= days.end &&
              !busy.some(
                (one) =>
                  one.start < endsAt.getTime() + 10 * MINUTE && startsAt.getTime() - 5 * MINUTE < one.end,
              ),
          );
          expect(firstFree(all, days, busy, timing, count)).toEqual(plain.slice(0, count));
        },
      ),
    );
  });
});

describe('the first free times of somebody with a usual practitioner', () => {
  const slots = [slot(0), slot(0, 'ben'), slot(15), slot(30), slot(45, 'ben'), slot(60)];
  const told = (usual: string, count: number, patientBusy = [span(500, 501)]) =>
    firstFreeFirstOf(
      slots.filter(({ practitionerId }) => practitionerId === usual),
      slots,
      span(0, 200),
      patientBusy,
      timing,
      count,
    ).map(({ slot: { startsAt, practitionerId }, usual: own }) => [
      startsAt.getTime() / MINUTE,
      practitionerId,
      own,
    ]);

  it('are theirs first, and then those of anybody at other times', () => {
    expect(told('ben', 3)).toEqual([
      [0, 'ben', true],
      [45, 'ben', true],
      [15, 'ada', false],
    ]);
    expect(told('ben', 3, [span(0, 20)])).toEqual([
      [45, 'ben', true],
      [30, 'ada', false],
      [60, 'ada', false],
    ]);
  });

  it('are those of anybody where the usual one is not there', () => {
    expect(told('cleo', 2)).toEqual([
      [0, 'ada', false],
      [15, 'ada', false],
    ]);
  });
});
