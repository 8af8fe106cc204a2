import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate, daysBetween, toEpochDay } from '#kernel';
import { hold, RUNS } from '../testing/any-history.js';
import { type AreaToVisit, proposeVisits } from './visit-proposals.js';

const TODAY = calendarDate('2026-05-01');

/** `glabella 2026-05-01 2026-05-23 2026-06-20`: from, target, to; `-` where there is none. */
function area(line: string): AreaToVisit {
  const [id = '', from = '-', target = '-', to = '-', notBefore = '-'] = line.split(' ');
  const date = (text: string): CalendarDate | null => (text === '-' ? null : calendarDate(text));
  const dates = { earliest: date(from), recommendedFrom: date(from), target: date(target) };
  return { area: id, ...dates, recommendedTo: date(to), notBefore: date(notBefore) };
}
const propose = (...lines: string[]) => proposeVisits(lines.map(area), TODAY);

describe('the visits proposed', () => {
  it('put areas together on the day nearest the mean of their targets', () => {
    expect(
      propose(
        'glabella 2026-05-02 2026-05-24 2026-06-20',
        'forehead 2026-05-10 2026-05-31 2026-06-27',
        'lateral_canthal 2026-05-20 2026-06-10 2026-07-10',
      ),
    ).toEqual({
      visits: [
        {
          date: '2026-06-01',
          from: '2026-05-20',
          to: '2026-06-20',
          areas: ['forehead', 'glabella', 'lateral_canthal'],
          overdue: [],
        },
      ],
      conflicts: [],
      withoutDates: [],
    });
  });

  it('take the earlier of two equally near days', () => {
    const { visits } = propose(
      'glabella 2026-05-02 2026-05-10 2026-06-20',
      'forehead 2026-05-02 2026-05-13 2026-06-20',
    );
    expect(visits[0]?.date).toBe('2026-05-11');
  });

  it('stay inside the common days where the mean lies outside them', () => {
    const { visits } = propose(
      'glabella 2026-05-02 2026-05-05 2026-06-20',
      'platysma 2026-06-01 2026-06-03 2026-06-20',
    );
    expect(visits[0]).toMatchObject({ date: '2026-06-01', from: '2026-06-01', to: '2026-06-20' });
  });

  it('make two of three areas that no one day serves, and say which two windows part them', () => {
    const found = propose(
      'glabella 2026-05-02 2026-05-24 2026-06-20',
      'forehead 2026-05-04 2026-05-26 2026-06-22',
      'platysma 2026-07-01 2026-07-12 2026-08-01',
    );
    expect(found.visits.map(({ areas, date }) => [areas.join(' '), date])).toEqual([
      ['forehead glabella', '2026-05-25'],
      ['platysma', '2026-07-12'],
    ]);
    expect(found.conflicts).toEqual([
      { area: 'glabella', until: '2026-06-20', other: 'platysma', from: '2026-07-01' },
    ]);
  });

  it('put an area that fits two visits where its target is nearest', () => {
    const found = propose(
      'glabella 2026-05-02 2026-05-10 2026-05-20',
      'forehead 2026-06-01 2026-06-10 2026-06-20',
      'masseter 2026-05-10 2026-06-12 2026-07-01',
    );
    expect(found.visits.map(({ areas }) => areas)).toEqual([['glabella'], ['forehead', 'masseter']]);
  });

  it('bring an overdue area with what can be done today, or today by itself', () => {
    const late = 'glabella 2026-01-01 2026-01-20 2026-02-20';
    expect(propose(late, 'forehead 2026-04-01 2026-05-10 2026-06-20').visits).toEqual([
      {
        date: '2026-05-01',
        from: '2026-05-01',
        to: '2026-06-20',
        areas: ['forehead', 'glabella'],
        overdue: ['glabella'],
      },
    ]);
    expect(propose(late, 'forehead 2026-06-01 2026-06-10 2026-06-20').visits).toMatchObject([
      { date: '2026-05-01', areas: ['glabella'], overdue: ['glabella'] },
      { date: '2026-06-10', areas: ['forehead'], overdue: [] },
    ]);
  });

  it('wait for the day a clinician named', () => {
    expect(propose('glabella 2026-05-02 2026-05-24 2026-06-20 2026-07-03').visits).toMatchObject([
      { date: '2026-07-03', from: '2026-07-03', to: '2026-07-03' },
    ]);
  });

  it('leave an area without dates out and an end open that nobody knows', () => {
    expect(propose('platysma', 'masseter 2026-05-02 2026-06-24')).toMatchObject({
      visits: [{ date: '2026-06-24', to: null, areas: ['masseter'] }],
      withoutDates: ['platysma'],
    });
    expect(propose()).toEqual({ visits: [], conflicts: [], withoutDates: [] });
  });
});

describe('whatever the windows', () => {
  const anyArea = (index: number) =>
    fc
      .record({
        from: fc.integer({ min: -60, max: 120 }),
        length: fc.option(fc.nat(60), { freq: 6, nil: null }),
        target: fc.option(fc.nat(60), { freq: 6, nil: null }),
        notBefore: fc.option(fc.integer({ min: -30, max: 150 }), { freq: 1, nil: null }),
        known: fc.nat(9),
      })
      .map(({ from, length, target, notBefore, known }): AreaToVisit => {
        if (known === 0) return { ...WITHOUT_DATES, area: `area-${index}` };
        const recommendedFrom = addDays(TODAY, from);
        const inside = target === null || length === null ? target : Math.min(target, length);
        return {
          area: `area-${index}`,
          earliest: recommendedFrom,
          recommendedFrom,
          target: inside === null ? null : addDays(recommendedFrom, inside),
          recommendedTo: length === null ? null : addDays(recommendedFrom, length),
          notBefore: notBefore === null ? null : addDays(TODAY, notBefore),
        };
      });
  const WITHOUT_DATES = {
    earliest: null,
    recommendedFrom: null,
    target: null,
    recommendedTo: null,
    notBefore: null,
  };
  /** The window as a clinician's own first day leaves it. */
  const spanOf = ({ recommendedFrom, recommendedTo, notBefore }: AreaToVisit) => ({
    from: String(notBefore !== null && notBefore > String(recommendedFrom) ? notBefore : recommendedFrom),
    to:
      recommendedTo === null
        ? '9'
        : notBefore !== null && notBefore > recommendedTo
          ? notBefore
          : recommendedTo,
  });
  const anyAreas = fc.nat(6).chain((n) => fc.tuple(...Array.from({ length: n }, (__, i) => anyArea(i))));

  /** The fewest days that hit every window, by trying every partition of the areas. */
  function fewest(spans: readonly { from: number; to: number }[]): number {
    const [first, ...rest] = spans;
    if (!first) return 0;
    let best = Infinity;
    for (let mask = 0; mask < 1 << rest.length; mask += 1) {
      const together = [first, ...rest.filter((_, i) => mask & (1 << i))];
      const from = Math.max(...together.map((span) => span.from));
      if (together.some(({ to }) => to < from)) continue;
      best = Math.min(best, 1 + fewest(rest.filter((_, i) => !(mask & (1 << i)))));
    }
    return best;
  }
  it('each area is in exactly one visit, inside its window, on the day nearest the mean', () => {
    fc.assert(
      fc.property(anyAreas, (areas) => {
        const { visits, conflicts, withoutDates } = proposeVisits(areas, TODAY);
        hold(conflicts.length === Math.max(visits.length - 1, 0), 'each parting explained');
        for (const { until, from } of conflicts) hold(until < from, 'by windows that do not meet');
        hold(
          [...visits.flatMap((visit) => visit.areas), ...withoutDates].toSorted().join() ===
            areas
              .map((one) => one.area)
              .toSorted()
              .join(),
          'every area once',
        );
        for (const visit of visits) {
          const members = areas.filter((one) => visit.areas.includes(one.area));
          hold(visit.date >= TODAY, 'not in the past');
          for (const member of members) {
            const { from, to } = spanOf(member);
            if (visit.overdue.includes(member.area)) hold(to < TODAY, 'overdue only past the end');
            else {
              hold(from <= visit.date, 'not before the window');
              hold(visit.date <= to, 'not after the window');
            }
          }
          const targets = members.flatMap(({ target }) => (target === null ? [] : toEpochDay(target)));
          if (targets.length === 0) continue;
          const mean = targets.reduce((sum, day) => sum + day, 0) / targets.length;
          const off = (day: CalendarDate): number => Math.abs(toEpochDay(day) - mean);
          if (visit.date > visit.from)
            hold(off(addDays(visit.date, -1)) > off(visit.date), 'no earlier day is as near');
          if (visit.to === null || visit.date < visit.to)
            hold(off(addDays(visit.date, 1)) >= off(visit.date), 'no later day is nearer');
        }
      }),
      RUNS,
    );
  });

  it('there are no more visits than must be', () => {
    fc.assert(
      fc.property(anyAreas, (areas) => {
        const spans = areas
          .filter(({ recommendedFrom }) => recommendedFrom !== null)
          .map(spanOf)
          .filter(({ to }) => to >= TODAY)
          .map(({ from, to }) => ({
            from: Math.max(daysBetween(TODAY, calendarDate(from)), 0),
            to: to === '9' ? 1e6 : daysBetween(TODAY, calendarDate(to)),
          }));
        const { visits } = proposeVisits(areas, TODAY);
        // What is past its end cannot be hit any more: it comes along, or today by itself.
        const alone = visits.filter((visit) => visit.overdue.length === visit.areas.length);
        hold(visits.length - alone.length === fewest(spans), 'as few as brute force finds');
        hold(alone.length <= 1, 'and one for everything overdue at most');
      }),
      RUNS,
    );
  });

  it('the same visits come out for any order of the areas', () => {
    fc.assert(
      fc.property(anyAreas, (areas) => {
        const bytes = JSON.stringify(proposeVisits(areas, TODAY));
        hold(JSON.stringify(proposeVisits(areas.toReversed(), TODAY)) === bytes, 'the same bytes');
      }),
      RUNS,
    );
  });
});
