import { addDays, calendarDate, fromEpochDay, type CalendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { packCourses } from '../../testing/pack-courses.js';
import { aTreatment } from '../../testing/recorded-treatment.builder.js';
import { returnCycles, type Departure, type ReturnScope } from '../return-cycles.js';
import { startsWith, type ReturnFilter, type TreatmentFacts } from '../return-filter.js';
import { planCuts, type Cut } from './cuts.js';
import { NOT_OPTED_OUT } from './cycle-columns.js';
import { unpackCourses } from './packed-courses.js';
import type { Union } from './unions.js';
import { walkCycles, type RegisterFacts } from './walk.js';

const START = calendarDate('2024-01-01');
const AREAS = ['forehead', 'glabella', 'masseter'];
const OUTCOMES = ['open', 'returned', 'left'];

const treatment = (number: number) =>
  fc
    .record({
      day: fc.integer({ min: 0, max: 300 }),
      signed: fc.constantFrom(0, 0, 0, 1, 40),
      withdrawn: fc.option(fc.integer({ min: 0, max: 200 }), { freq: 4 }),
      practitionerId: fc.constantFrom('ada', 'ben'),
      doses: fc.uniqueArray(
        fc.record({ area: fc.constantFrom(...AREAS), product: fc.constantFrom('abo', 'ona') }),
        {
          minLength: 1,
          maxLength: 3,
          selector: ({ area, product }) => area + product,
        },
      ),
    })
    .map(({ day, signed, withdrawn, practitionerId, doses }): TreatmentFacts => {
      const treatedOn = addDays(START, day);
      const signedOn = addDays(treatedOn, signed);
      return {
        ...aTreatment(String(number), treatedOn, {
          signedOn,
          withdrawnOn: withdrawn === null ? null : addDays(signedOn, withdrawn),
          areas: [...new Set(doses.map(({ area }) => area))],
        }),
        practitionerId,
        locationId: 'harley',
        doses,
      };
    });

const clinic = fc
  .tuple(...[1, 2, 3].map((number) => fc.array(treatment(number), { maxLength: 7 })))
  .map((lists) => new Map(lists.map((list, i) => [i + 1, list])));
const departures = fc.array(
  fc
    .record({
      number: fc.integer({ min: 1, max: 3 }),
      day: fc.integer({ min: 0, max: 400 }),
      later: fc.nat(60),
      backAfter: fc.option(fc.nat(60)),
      reason: fc.constantFrom<Departure['reason']>('deceased', 'transferred', 'opted-out'),
    })
    .map(({ number, day, later, backAfter, reason }): Departure & { number: number } => ({
      number,
      patientId: String(number),
      reason,
      takenBackOn: backAfter === null ? null : addDays(START, day + later + backAfter),
      leftOn: addDays(START, day),
      recordedOn: addDays(START, day + later),
    })),
  { maxLength: 4 },
);
const filter = fc.constantFrom<ReturnFilter>(
  {},
  { practitionerId: 'ada' },
  { product: 'ona', area: 'glabella' },
  { from: addDays(START, 60), to: addDays(START, 200) },
);

interface Case {
  readonly courses: ReadonlyMap<number, readonly TreatmentFacts[]>;
  readonly scope: ReturnScope;
  readonly asOf: CalendarDate;
  readonly register?: Partial<RegisterFacts>;
  readonly cuts?: readonly Cut[];
  readonly filter?: ReturnFilter;
}

function walked({ courses, scope, asOf, register = {}, cuts = [], filter: asked = {} }: Case) {
  const { chunks, settings } = packCourses(courses);
  const plan = planCuts(cuts, asked, {
    settings,
    market: 'UK',
    births: new Map([[1, calendarDate('1990-06-01')]]),
  });
  const facts = { departures: new Map(), unions: new Map(), ...register };
  const { columns, keys } = walkCycles(unpackCourses(chunks), facts, { scope, asOf }, plan.grouping);
  return Array.from({ length: columns.length }, (_, i) => ({
    number: columns.patient[i],
    treatedOn: fromEpochDay(columns.treatedOn[i] ?? 0),
    days: columns.days[i],
    outcome: OUTCOMES[columns.outcome[i] ?? 0],
    optedOut: columns.optedOut[i] === NOT_OPTED_OUT ? null : columns.optedOut[i],
    values: plan.valuesOf(keys[columns.group[i] ?? 0] ?? 0),
  }));
}

const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();

describe('cycles walked straight from packed courses', () => {
  it('are those of the plain rule, whatever was signed late, withdrawn, filtered or ended by leaving', () => {
    fc.assert(
      fc.property(
        clinic,
        departures,
        filter,
        fc.constantFrom<ReturnScope>('same-area', 'any-area'),
        fc.integer({ min: 0, max: 450 }),
        (courses, left, asked, scope, day) => {
          const asOf = addDays(START, day);
          const plain = returnCycles([...courses.values()].flat(), left, { scope, asOf })
            .filter((cycle) => startsWith(asked, cycle))
            .map(({ patientId, treatedOn, days, outcome, optedOutAfter }) => ({
              number: Number(patientId),
              treatedOn,
              days,
              outcome,
              optedOut: optedOutAfter,
              values: [],
            }));
          const register = { departures: Map.groupBy(left, ({ number }) => number) };
          expect(sorted(walked({ courses, scope, asOf, register, filter: asked }))).toEqual(sorted(plain));
        },
      ),
      { numRuns: 400 },
    );
  });

  const course = (number: number, ...days: number[]): [number, TreatmentFacts[]] => [
    number,
    days.map((day) => ({
      ...aTreatment(String(number), addDays(START, day)),
      practitionerId: 'ada',
      locationId: 'harley',
      doses: [{ area: 'glabella', product: 'ona' }],
    })),
  ];

  it('are one patient’s from the day the register united two, and two’s before and after it was undone', () => {
    const courses = new Map([course(1, 0), course(2, 100)]);
    const union: Union = { into: 1, recordedOn: addDays(START, 150), undoneOn: addDays(START, 200) };
    const on = (day: number) =>
      walked({
        courses,
        scope: 'any-area',
        asOf: addDays(START, day),
        register: { unions: new Map([[2, [union]]]) },
      }).map(({ number, days, outcome }) => [number, days, outcome]);
    expect(on(149)).toEqual([
      [1, 149, 'open'],
      [2, 49, 'open'],
    ]);
    expect(on(150)).toEqual([
      [1, 100, 'returned'],
      [1, 50, 'open'],
    ]);
    expect(on(200)).toEqual([
      [1, 200, 'open'],
      [2, 100, 'open'],
    ]);
  });

  it('are cut by who, what, when, age, first product, and whether the patient is new', () => {
    const [first, second] = course(1, 0, 160)[1];
    if (!first || !second) throw new Error('Two treatments');
    const courses = new Map([
      [1, [first, { ...second, practitionerId: 'ben', doses: [{ area: 'glabella', product: 'abo' }] }]],
    ]);
    const by = (...cuts: Cut[]) =>
      walked({ courses, scope: 'same-area', asOf: addDays(START, 200), cuts }).map(({ values }) =>
        values.join(' '),
      );
    expect(by('practitioner', 'product')).toEqual(['ada ona', 'ben abo']);
    expect(by('cohort-month', 'new-or-returning')).toEqual(['2024-01 new', '2024-06 returning']);
    expect(by('cohort-quarter', 'first-product')).toEqual(['2024-Q1 ona', '2024-Q2 ona']);
    // 34 on 9 June 2024, 33 in January.
    expect(by('age-band', 'market', 'area')).toEqual(['25-34 UK glabella', '25-34 UK glabella']);
  });

  it('count a day’s treatment by two practitioners under both, and once where nobody asks who', () => {
    const [first] = course(1, 0)[1];
    if (!first) throw new Error('A treatment');
    const courses = new Map([[1, [first, { ...first, practitionerId: 'ben' }]]]);
    const by = (...cuts: Cut[]) =>
      walked({ courses, scope: 'same-area', asOf: addDays(START, 9), cuts }).length;
    expect([by(), by('area'), by('practitioner')]).toEqual([1, 1, 2]);
  });

  it('refuse a course that is cut off', () => {
    expect(() => unpackCourses([Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1)])).toThrow(RangeError);
  });
});
