import { describe, expect, it } from '@jest/globals';
import { calendarDate, DomainError, type Interval } from '#kernel';
import { spanOf } from './appointment.js';
import { type BookingOverride, type BookingRequest, decideBooking, reasonsAgainst } from './booking-rules.js';

const hours = (start: string, end: string): Interval => ({
  start: Date.parse(`2026-05-04T${start}Z`),
  end: Date.parse(`2026-05-04T${end}Z`),
});
const timing = { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 };
const startingAt = (instant: string) => spanOf(new Date(instant), timing);

const bookable: BookingRequest = {
  now: new Date('2026-05-01T12:00Z'),
  market: 'UK',
  span: startingAt('2026-05-04T10:00Z'),
  location: { zone: 'Europe/London', open: [hours('08:00', '18:00')] },
  horizonDays: 180,
  noticeMinutes: 0,
  type: {
    id: 'toxin',
    kind: 'treatment',
    roomKind: 'treatment',
    equipment: ['couch'],
    needsPrescriber: true,
  },
  patient: { id: 'patient-1', birthDate: calendarDate('1990-02-28'), standing: 'active' },
  practitioner: {
    id: 'ada',
    isPrescriber: true,
    offersTypeIds: ['toxin'],
    working: [hours('09:00', '17:00')],
  },
  room: { id: 'one', kind: 'treatment', equipment: ['couch', 'lamp'] },
  windows: [],
};
const { type, patient, practitioner } = bookable;
const codes = (change: Partial<BookingRequest>): string[] =>
  reasonsAgainst({ ...bookable, ...change }).map(({ spec }) => spec.code);

const refusalOf = (change: Partial<BookingRequest>): DomainError => {
  try {
    decideBooking({ ...bookable, ...change });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was let through');
};

const window = (areaId: string, earliest: string | null) => ({
  areaId,
  earliest: earliest === null ? null : calendarDate(earliest),
  recommendedFrom: null,
  recommendedTo: null,
});

const born = (date: string) => ({ ...patient, birthDate: calendarDate(date) });
const override = (...rules: string[]): BookingOverride => ({
  codes: rules,
  reason: 'Patient travels from afar',
  by: { id: 'staff-2', isPrescriber: false, mayOverrideBooking: true },
});

describe('booking', () => {
  it('lets a sound booking through', () => expect(decideBooking(bookable)).toEqual([]));

  it.each(['deceased', 'merged', 'transferred'] as const)(
    'refuses a %s patient, also a review',
    (standing) => {
      const change = { patient: { ...patient, standing }, type: { ...type, kind: 'review' as const } };
      expect(codes(change)).toEqual(['patient_not_bookable']);
    },
  );

  it('refuses a start in the past, not the running minute', () => {
    expect(codes({ now: new Date('2026-05-04T10:01Z') })).toEqual(['appointment_in_the_past']);
    expect(codes({ now: new Date('2026-05-04T10:00:59Z') })).toEqual([]);
  });

  it('refuses beyond the horizon, counted in days of the location', () => {
    expect(codes({ horizonDays: 3 })).toEqual([]);
    expect(refusalOf({ horizonDays: 2 }).facts).toMatchObject({ lastDay: '2026-05-03' });
    expect(codes({ horizonDays: null })).toEqual([]);
  });

  it('refuses a practitioner who does not offer the type or does not prescribe', () => {
    const nurse = { ...practitioner, isPrescriber: false, offersTypeIds: [] };
    expect(codes({ practitioner: nurse })).toEqual(['appointment_type_not_offered', 'prescriber_needed']);
    expect(
      codes({
        practitioner: { ...practitioner, isPrescriber: false },
        type: { ...type, needsPrescriber: false },
      }),
    ).toEqual([]);
  });

  it.each([
    ['another kind of room', { id: 'two', kind: 'office', equipment: ['couch'] }],
    ['a room without the equipment', { id: 'two', kind: 'treatment', equipment: [] }],
    ['no room', null],
  ])('refuses %s', (_, room) => expect(codes({ room })).toEqual(['room_not_suitable']));

  it('needs no room where the type needs none', () => {
    expect(codes({ room: null, type: { ...type, roomKind: null, equipment: [] } })).toEqual([]);
  });

  it('tells closed from not working, and says when they do', () => {
    expect(codes({ span: startingAt('2026-05-04T17:45Z') })).toEqual(['outside_opening_hours']);
    expect(codes({ span: startingAt('2026-05-04T17:25Z') })).toEqual(['outside_opening_hours']);
    const refused = refusalOf({ span: startingAt('2026-05-04T09:00Z') });
    expect(refused.spec.code).toBe('practitioner_not_working');
    expect(refused.facts).toMatchObject({
      practitionerId: 'ada',
      startsAt: new Date('2026-05-04T08:55Z'),
      works: [{ startsAt: new Date('2026-05-04T09:00Z'), endsAt: new Date('2026-05-04T17:00Z') }],
    });
  });
});

describe('under 18', () => {
  it('refuses a treatment already at booking in the UK, by the age on the day of the visit', () => {
    expect(codes({ patient: born('2008-05-05') })).toEqual(['patient_under_age']);
    expect(codes({ patient: born('2008-05-04') })).toEqual([]);
  });

  it('counts the local day: after midnight in London it is the birthday', () => {
    const span = startingAt('2026-05-03T23:30Z');
    const location = { zone: 'Europe/London', open: [{ start: 0, end: Infinity }] };
    const night = { ...practitioner, working: location.open };
    expect(codes({ span, location, practitioner: night, patient: born('2008-05-04') })).toEqual([]);
  });

  it.each(['US', 'EU', 'CH'] as const)('leaves it to the treatment in the %s market', (market) =>
    expect(codes({ market, patient: born('2010-01-01') })).toEqual([]),
  );

  it.each(['consultation', 'review', 'complication-check'] as const)('books a %s', (kind) =>
    expect(codes({ type: { ...type, kind }, patient: born('2010-01-01') })).toEqual([]),
  );
});

describe('a treatment before its earliest date', () => {
  const windows = [
    window('glabella', '2026-05-05'),
    window('forehead', '2026-05-04'),
    window('masseter', null),
  ];
  const prescriber: BookingOverride = {
    codes: ['treatment_before_earliest'],
    reason: ' Wedding abroad, low first dose ',
    by: { id: 'staff-1', isPrescriber: true, mayOverrideBooking: false },
  };

  it('is refused with the window in the way', () => {
    expect(refusalOf({ windows }).facts).toMatchObject({
      visitOn: '2026-05-04',
      windows: [{ areaId: 'glabella', earliest: '2026-05-05' }],
      overridableBy: 'prescriber',
    });
  });

  it('is let through on a prescriber’s word, which is kept', () => {
    expect(decideBooking({ ...bookable, windows, override: prescriber })).toMatchObject([
      { code: 'treatment_before_earliest', reason: 'Wedding abroad, low first dose', by: 'staff-1' },
    ]);
  });

  it.each([
    [
      'someone who does not prescribe',
      { ...prescriber, by: { ...prescriber.by, isPrescriber: false } },
      'authority',
    ],
    ['an empty reason', { ...prescriber, reason: '  ' }, 'reason'],
  ])('is not overridden by %s', (_, attempt, missing) => {
    const refused = refusalOf({ windows, override: attempt });
    expect(refused.spec.code).toBe('booking_override_refused');
    expect(refused.facts).toMatchObject({ rule: 'treatment_before_earliest', missing });
  });

  it.each(['review', 'complication-check', 'consultation'] as const)('never holds back a %s', (kind) =>
    expect(codes({ windows, type: { ...type, kind } })).toEqual([]),
  );
});

describe('overriding at the desk', () => {
  const late = startingAt('2026-05-04T17:15Z');

  it('books out of hours with permission and a reason', () => {
    expect(
      decideBooking({ ...bookable, span: late, override: override('practitioner_not_working') }),
    ).toHaveLength(1);
  });

  it('sets aside only the rule that was named', () => {
    expect(refusalOf({ span: late, override: override('outside_opening_hours') }).spec.code).toBe(
      'practitioner_not_working',
    );
  });

  it.each([
    ['patient_under_age', { patient: { ...patient, birthDate: calendarDate('2010-01-01') } }],
    ['patient_not_bookable', { patient: { ...patient, standing: 'deceased' as const } }],
    ['appointment_in_the_past', { now: new Date('2026-06-01T00:00Z') }],
    ['prescriber_needed', { practitioner: { ...practitioner, isPrescriber: false } }],
  ])('never sets aside %s', (code, change) => {
    expect(refusalOf({ ...change, override: override(code) }).spec.code).toBe(code);
  });
});

describe('an area without response', () => {
  const resting = (earliest: string | null) => ({ ...window('glabella', earliest), withoutResponse: true });

  it('rests until its earliest date, and on every day while that is unknown; nobody sets it aside', () => {
    expect(codes({ windows: [resting('2026-05-05')] })).toEqual(['reinjection_too_early']);
    expect(codes({ windows: [resting(null)] })).toEqual(['reinjection_too_early']);
    expect(codes({ windows: [resting('2026-05-04')] })).toEqual([]);
    const { code } = refusalOf({
      windows: [resting('2026-05-05')],
      override: {
        ...override('treatment_before_earliest'),
        by: { id: 'staff-1', isPrescriber: true, mayOverrideBooking: true },
      },
    }).spec;
    expect(code).toBe('reinjection_too_early');
  });

  it('does not hold a review back', () => {
    expect(codes({ windows: [resting('2026-05-05')], type: { ...type, kind: 'review' } })).toEqual([]);
  });
});
