import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seedCatalogue } from '#catalogue';
import { addDays, addOffsets, calendarDate, daysBetween } from '#kernel';
import { anyProtocol, hold, regularVisits, RUNS } from '../testing/any-history.js';
import { type AreaForecast, forecast } from './forecast.js';
import type { Dose } from './history.js';
import { catalogueProtocol } from './protocol.js';

const UK = catalogueProtocol(seedCatalogue(), 'UK');
const ON = calendarDate('2030-01-01');

function visits(product: string, ...days: string[]): Dose[] {
  return days.map((day) => ({ treatedOn: calendarDate(day), product, area: 'glabella', kind: 'full' }));
}
function glabella(history: readonly Dose[], personalInterval = true, protocol = UK): AreaForecast {
  const [area] = forecast(history, protocol, ON, { personalInterval }).areas;
  if (!area) throw new Error('one area expected');
  return area;
}
const every = (days: number, times: number, from = '2024-01-01'): string[] =>
  Array.from({ length: times }, (_, i) => addDays(calendarDate(from), i * days));

describe('a patient’s own interval', () => {
  it('draws the target towards their median, and shows both figures', () => {
    const history = visits('ona', ...every(150, 4));
    const area = glabella(history);
    // (3 × 112 + 3 × 150) / 6 = 131
    expect(area.personal).toEqual({
      intervals: 3,
      medianDays: 150,
      protocolDays: 112,
      drawnDays: 131,
      personalDays: 131,
      shiftDays: 19,
    });
    expect(area.target).toBe(addDays(calendarDate('2025-03-26'), 131));
    expect(area.recommendedTo).toBe(addDays(calendarDate('2025-03-26'), 140 + 19));
    expect(area.lapsedAfter).toBe(glabella(history, false).lapsedAfter);
    expect(area.explanation.target).toMatchObject({
      candidates: [{ wins: false }, { ruleId: 'personal-interval/target', wins: true }],
      replaced: [{ ruleId: 'window/standard/target', result: addDays(calendarDate('2025-03-26'), 112) }],
    });
    expect(area.explanation.lapsedAfter.replaced).toBeUndefined();
    expect(
      forecast(history, UK, calendarDate('2025-03-27'), { personalInterval: true }).areas[0]?.summary,
    ).toBe(
      'This area should not be treated again before 26 June 2025, and a good time to come, going by your own visits, is around 4 August 2025.',
    );
  });

  it('is not asked for, or not told, with fewer than two completed intervals', () => {
    expect(glabella(visits('ona', ...every(150, 4)), false).personal).toBeNull();
    expect(glabella(visits('ona', ...every(150, 2))).personal).toBeNull();
    expect(glabella(visits('ona', ...every(150, 3))).personal?.intervals).toBe(2);
  });

  it('takes the middle of an even number, and rounds to a day', () => {
    // median 140.5; (336 + 281) / 5 = 123.4
    const area = glabella(visits('ona', '2025-01-01', '2025-05-01', '2025-10-09'));
    expect(area.personal).toMatchObject({ medianDays: 140.5, personalDays: 123, shiftDays: 11 });
  });

  it('never goes beyond eight weeks after the protocol’s end', () => {
    const area = glabella(visits('ona', ...every(600, 4)));
    expect(area.personal).toMatchObject({ medianDays: 600, drawnDays: 356, personalDays: 196 });
  });

  it('never comes before the earliest date, not even after a touch-up', () => {
    const often = visits('ona', ...every(92, 6));
    expect(glabella(often).personal).toMatchObject({ medianDays: 92, shiftDays: -12 });
    const last = often.at(-1)?.treatedOn ?? ON;
    const touched = glabella([
      ...often,
      { treatedOn: addDays(last, 21), product: 'ona', area: 'glabella', kind: 'touch-up' },
    ]);
    expect(touched.personal?.personalDays).toBe(daysBetween(last, touched.earliest ?? ON));
    expect(touched.target).toBe(touched.earliest);
  });

  it('moves the opening of the window where the protocol has one', () => {
    const history = visits('rela', ...every(300, 3));
    const [own, published] = [glabella(history), glabella(history, false)];
    // (504 + 600) / 5 = 220.8
    expect(own.personal?.shiftDays).toBe(221 - 168);
    expect([own.recommendedFrom, published.recommendedFrom]).toEqual(
      ['2026-02-24', '2026-01-02'].map((_, i) =>
        addDays(calendarDate('2025-08-23'), 140 + (i === 0 ? 53 : 0)),
      ),
    );
  });

  it('counts neither an interval that another product ended or began, nor one of another area, nor a touch-up', () => {
    const history = [
      ...visits('ona', '2024-01-01', '2024-06-01'),
      ...visits('abo', '2024-11-01'),
      ...visits('ona', '2025-04-01', '2025-09-01'),
    ];
    expect(glabella(history).personal).toMatchObject({ intervals: 2, medianDays: 152.5 });
    const touchUp: Dose = {
      treatedOn: calendarDate('2025-09-15'),
      product: 'ona',
      area: 'glabella',
      kind: 'touch-up',
    };
    expect(glabella([...history, touchUp]).personal?.intervals).toBe(2);
    const mixed = [...visits('ona', ...every(150, 3)), ...visits('abo', '2024-05-30')];
    expect(glabella(mixed).personal).toBeNull();
  });

  it('is not told without a protocol end: nothing would keep it in bounds', () => {
    const masseter = visits('ona', ...every(200, 4)).map((dose) => ({ ...dose, area: 'masseter' }));
    const [area] = forecast(masseter, UK, ON, { personalInterval: true }).areas;
    expect(area).toMatchObject({ personal: null, recommendedTo: null });
    expect(area?.target).not.toBeNull();
  });
});

describe('whatever the visits, with the patient’s own interval', () => {
  it('dates keep their order, never precede a label interval, and move together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('glabella', 'forehead').chain(regularVisits),
        anyProtocol,
        (history, protocol) => {
          const [own, published] = [true, false].map((on) => glabella(history, on, protocol));
          if (!own || !published) return;
          const { area, earliest, recommendedFrom, target, recommendedTo, lapsedAfter, personal } = own;
          hold(earliest === published.earliest, 'earliest is the same');
          const dates = [earliest, recommendedFrom, target, recommendedTo, lapsedAfter].filter(
            (d) => d !== null,
          );
          hold(dates.join() === dates.toSorted().join(), 'in order');
          for (const { treatedOn, product, kind } of history) {
            const { minIntervals, touchUp } = protocol.figures(product, area);
            if (kind === 'touch-up' && !touchUp.countsForInterval) continue;
            for (const { offset } of minIntervals)
              hold(
                dates.every((date) => date >= addOffsets(treatedOn, offset)),
                'never before a label interval',
              );
          }
          if (personal === null)
            return hold(
              JSON.stringify({ ...own, personal }) === JSON.stringify(published),
              'without it everything is as published',
            );
          const last = own.lastFullTreatment ?? ON;
          const { target: figure, to } = protocol.figures(own.product, area).window;
          const least = daysBetween(last, earliest ?? ON);
          const { intervals, medianDays, protocolDays, personalDays, shiftDays } = personal;
          hold(intervals >= 2, 'two intervals at least');
          hold(protocolDays === (figure?.weeks ?? 0) * 7, 'beside the protocol’s');
          const drawn = Math.round((3 * protocolDays + intervals * medianDays) / (3 + intervals));
          const most = (to?.weeks ?? 0) * 7 + 56;
          hold(personalDays === Math.max(least, Math.min(drawn, most)), 'drawn, and kept in bounds');
          hold(shiftDays === personalDays - protocolDays, 'moved by as much');
          hold(target === addDays(last, personalDays) || target === recommendedFrom, 'the target is theirs');
        },
      ),
      RUNS,
    );
  });
});
