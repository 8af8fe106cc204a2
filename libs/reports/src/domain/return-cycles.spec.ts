import { addDays, calendarDate, daysBetween } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { aDeparture, aTreatment } from '../testing/recorded-treatment.builder.js';
import { returnCycles, type Departure, type ReturnScope } from './return-cycles.js';

const asOf = calendarDate('2025-06-30');
const anyArea = { scope: 'any-area', asOf } as const;
const sameArea = { scope: 'same-area', asOf } as const;
const inShort = (cycles: ReturnType<typeof returnCycles>) =>
  cycles.map(({ area, treatedOn, outcome, endedOn, days }) => [area, treatedOn, outcome, endedOn, days]);

describe('a cycle', () => {
  it('runs from a full treatment to the next, and the last one stays open', () => {
    const cycles = returnCycles([aTreatment('A', '2025-03-03'), aTreatment('A', '2024-12-02')], [], anyArea);
    expect(inShort(cycles)).toEqual([
      [null, '2024-12-02', 'returned', '2025-03-03', 91],
      [null, '2025-03-03', 'open', '2025-06-30', 119],
    ]);
    expect(cycles.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it('neither starts nor ends with a touch-up, a draft or a treatment entered in error', () => {
    const treatments = [
      aTreatment('A', '2025-01-01'),
      aTreatment('A', '2025-01-15', { kind: 'touch-up' }),
      aTreatment('A', '2025-02-01', { signedOn: null }),
      aTreatment('A', '2025-03-01', { withdrawnOn: calendarDate('2025-03-02') }),
    ];
    expect(inShort(returnCycles(treatments, [], anyArea))).toEqual([
      [null, '2025-01-01', 'open', '2025-06-30', 180],
    ]);
  });

  it('counts two treatments of one day as one', () => {
    const treatments = [
      aTreatment('A', '2025-01-01'),
      aTreatment('A', '2025-01-01', { areas: ['forehead'] }),
      aTreatment('A', '2025-05-01', { areas: ['forehead'] }),
    ];
    const [first, second] = returnCycles(treatments, [], anyArea);
    expect(first).toMatchObject({ outcome: 'returned', days: 120 });
    expect(first?.treatments).toHaveLength(2);
    expect(second).toMatchObject({ outcome: 'open' });
    expect(inShort(returnCycles(treatments, [], sameArea))).toEqual([
      ['forehead', '2025-01-01', 'returned', '2025-05-01', 120],
      ['glabella', '2025-01-01', 'open', '2025-06-30', 180],
      ['forehead', '2025-05-01', 'open', '2025-06-30', 60],
    ]);
  });

  it('ends when the patient leaves, unless the patient is treated that day or before', () => {
    const treatments = [aTreatment('A', '2025-01-01'), aTreatment('A', '2025-05-01')];
    const left = (leftOn: string) =>
      returnCycles(treatments, [aDeparture('A', leftOn, { reason: 'transferred' })], anyArea).map(
        ({ outcome, days, leftBecause }) => [outcome, days, leftBecause],
      );
    expect(left('2025-04-30')).toEqual([
      ['left', 119, 'transferred'],
      ['open', 60, null],
    ]);
    expect(left('2025-05-01')).toEqual([
      ['returned', 120, null],
      ['left', 0, 'transferred'],
    ]);
    expect(left('2024-12-31')).toEqual([
      ['returned', 120, null],
      ['open', 60, null],
    ]);
  });

  it('goes on when the patient opts out, which is told beside unless it came after the return or was taken back', () => {
    const treatments = [aTreatment('A', '2025-01-01'), aTreatment('A', '2025-05-01')];
    const wish = (leftOn: string, changes: Partial<Departure> = {}) =>
      returnCycles(treatments, [aDeparture('A', leftOn, { reason: 'opted-out', ...changes })], anyArea).map(
        ({ outcome, days, optedOutAfter }) => [outcome, days, optedOutAfter],
      );
    expect(wish('2025-03-02')).toEqual([
      ['returned', 120, 60],
      ['open', 60, null],
    ]);
    expect(wish('2025-05-01')).toEqual([
      ['returned', 120, null],
      ['open', 60, 0],
    ]);
    expect(wish('2024-12-31')).toEqual([
      ['returned', 120, null],
      ['open', 60, null],
    ]);
    expect(wish('2025-03-02', { takenBackOn: calendarDate('2025-06-30') })[0]?.[2]).toBeNull();
    expect(wish('2025-03-02', { takenBackOn: calendarDate('2025-07-01') })[0]?.[2]).toBe(60);
  });

  it('keeps the treatment’s own facts for filtering', () => {
    const [cycle] = returnCycles([{ ...aTreatment('A', '2025-01-01'), practitionerId: 'P' }], [], anyArea);
    expect(cycle?.treatments[0]?.practitionerId).toBe('P');
  });
});

describe('a report about an earlier day', () => {
  it('does not know of what was signed, withdrawn or recorded later', () => {
    const treatments = [
      aTreatment('A', '2025-01-01', { withdrawnOn: calendarDate('2025-05-01') }),
      aTreatment('A', '2025-04-01', { signedOn: calendarDate('2025-04-20') }),
    ];
    const death = [aDeparture('A', '2025-04-05', { recordedOn: calendarDate('2025-04-25') })];
    const on = (day: string) =>
      inShort(returnCycles(treatments, death, { scope: 'any-area', asOf: calendarDate(day) })).map((cycle) =>
        cycle.slice(1),
      );
    expect(on('2025-04-10')).toEqual([['2025-01-01', 'open', '2025-04-10', 99]]);
    expect(on('2025-04-20')).toEqual([
      ['2025-01-01', 'returned', '2025-04-01', 90],
      ['2025-04-01', 'open', '2025-04-20', 19],
    ]);
    expect(on('2025-04-25')[1]).toEqual(['2025-04-01', 'left', '2025-04-05', 4]);
    expect(on('2025-05-01')).toEqual([['2025-04-01', 'left', '2025-04-05', 4]]);
  });
});

const start = calendarDate('2024-01-01');
const day = fc.nat(500).map((n) => addDays(start, n));
const patient = fc.constantFrom('A', 'B', 'C');
const scope = fc.constantFrom<ReturnScope>('any-area', 'same-area');
const treatments = fc.array(
  fc
    .record({
      patientId: patient,
      treatedOn: day,
      areas: fc.uniqueArray(fc.constantFrom('glabella', 'forehead', 'masseter'), { minLength: 1 }),
      kind: fc.constantFrom('full', 'full', 'full', 'touch-up'),
      signedAfter: fc.option(fc.nat(5)),
      withdrawnAfter: fc.option(fc.nat(60), { freq: 4 }),
    })
    .map(({ patientId, treatedOn, areas, kind, signedAfter, withdrawnAfter }) =>
      aTreatment(patientId, treatedOn, {
        areas,
        kind,
        signedOn: signedAfter === null ? null : addDays(treatedOn, signedAfter),
        withdrawnOn: withdrawnAfter === null ? null : addDays(treatedOn, withdrawnAfter),
      }),
    ),
  { maxLength: 30 },
);
const departures = fc.array(
  fc
    .record({ patientId: patient, leftOn: day, late: fc.nat(40) })
    .map(({ patientId, leftOn, late }) =>
      aDeparture(patientId, leftOn, { recordedOn: addDays(leftOn, late) }),
    ),
  { maxLength: 3 },
);

describe('properties of cycles', () => {
  it('an earlier asOf uses no later data', () => {
    fc.assert(
      fc.property(treatments, departures, scope, day, (all, left, scope_, asOf_) => {
        const question = { scope: scope_, asOf: asOf_ };
        const then = all
          .filter(({ treatedOn, signedOn }) => treatedOn <= asOf_ && signedOn !== null && signedOn <= asOf_)
          .map((row) =>
            aTreatment(row.patientId, row.treatedOn, {
              areas: row.areas,
              kind: row.kind,
              withdrawnOn: row.withdrawnOn !== null && row.withdrawnOn <= asOf_ ? row.withdrawnOn : null,
            }),
          );
        const leftThen = left.filter(({ leftOn, recordedOn }) => leftOn <= asOf_ && recordedOn <= asOf_);
        expect(inShort(returnCycles(all, left, question))).toEqual(
          inShort(returnCycles(then, leftThen, question)),
        );
      }),
    );
  });

  it('no order of entry matters', () => {
    fc.assert(
      fc.property(treatments, departures, scope, (all, left, scope_) => {
        const question = { scope: scope_, asOf: calendarDate('2025-08-01') };
        expect(inShort(returnCycles(all.toReversed(), left.toReversed(), question))).toEqual(
          inShort(returnCycles(all, left, question)),
        );
      }),
    );
  });

  it('every cycle’s days lie between its treatment and asOf; a return takes at least a day', () => {
    fc.assert(
      fc.property(treatments, departures, scope, day, (all, left, scope_, asOf_) => {
        for (const cycle of returnCycles(all, left, { scope: scope_, asOf: asOf_ })) {
          expect(cycle.days).toBe(daysBetween(cycle.treatedOn, cycle.endedOn));
          expect(cycle.days).toBeGreaterThanOrEqual(cycle.outcome === 'returned' ? 1 : 0);
          expect(cycle.endedOn <= asOf_).toBe(true);
        }
      }),
    );
  });
});
