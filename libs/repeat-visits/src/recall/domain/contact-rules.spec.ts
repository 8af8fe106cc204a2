import { describe, expect, it } from '@jest/globals';
import { addDays, calendarDate, dateIn, timeIn } from '#kernel';
import { quietUntil } from '#scheduling';
import * as fc from 'fast-check';

import { assertMayContact, assertUntil, type ContactWish, nextPermitted } from './contact-rules.js';
import {
  ChannelNotAgreed,
  ContactInQuietHours,
  ContactSuppressed,
  ContactTooSoon,
  ContactUntilRefused,
  NothingDue,
} from './recall.errors.js';

// Written by hand here, so the brand of a wall-clock time is given without its check.
const hours = (from: string, to: string): ContactWish['quiet'][number] =>
  ({ from, to }) as unknown as ContactWish['quiet'][number];

const wish: ContactWish = {
  now: new Date('2026-06-01T10:00:00Z'),
  zone: 'Europe/London',
  channel: 'phone',
  agreed: [],
  due: [{ reasons: [] }],
  lastContactOn: null,
  gapDays: 7,
  quiet: [hours('20:00', '08:00')],
};
const may = (change: Partial<ContactWish>) => () => assertMayContact({ ...wish, ...change });
const reason = (code: 'declined' | 'combinable' | 'on-hold', until: string | null = null) => ({
  reasons: [{ code, until: until === null ? null : calendarDate(until), because: {} }],
});

describe('whether the clinic may call', () => {
  it('may, once something is due', () => {
    expect(may({})).not.toThrow();
    expect(may({ due: [] })).toThrow(NothingDue);
  });

  it('may not where every due area has a reason against it, and says the first', () => {
    expect(may({ due: [reason('declined', '2026-09-01')] })).toThrow(
      expect.objectContaining({ facts: { reason: 'declined', until: '2026-09-01' } }),
    );
    expect(may({ due: [reason('on-hold'), reason('declined')] })).toThrow(ContactSuppressed);
    expect(may({ due: [reason('declined'), { reasons: [] }] })).not.toThrow();
    expect(may({ due: [reason('combinable')] })).not.toThrow();
  });

  it('waits for the gap, counted in days of the place', () => {
    const lastContactOn = calendarDate('2026-05-26');
    expect(may({ lastContactOn })).toThrow(ContactTooSoon);
    expect(may({ lastContactOn })).toThrow(
      expect.objectContaining({
        facts: { lastContactOn, gapDays: 7, nextAt: new Date('2026-06-02T07:00:00Z') },
      }),
    );
    expect(may({ lastContactOn: calendarDate('2026-05-25') })).not.toThrow();
    expect(may({ lastContactOn: calendarDate('2026-06-01'), gapDays: 0 })).not.toThrow();
  });

  it('leaves the quiet hours of the clinic and of the patient alone, on the clock of the place', () => {
    const evening = { now: new Date('2026-06-01T19:30:00Z') }; // 20:30 in London
    expect(may(evening)).toThrow(
      expect.objectContaining({ facts: { nextAt: new Date('2026-06-02T07:00:00Z') } }),
    );
    expect(may({ ...evening, zone: 'America/New_York' })).not.toThrow();
    const siesta = { quiet: [...wish.quiet, hours('11:00', '14:00')] };
    expect(may(siesta)).toThrow(ContactInQuietHours);
    expect(may({ ...evening, quiet: [...wish.quiet, hours('07:00', '10:30')] })).toThrow(
      expect.objectContaining({ facts: { nextAt: new Date('2026-06-02T09:30:00Z') } }),
    );
  });

  it('has no time left when quiet hours of two kinds cover the day', () => {
    const never = { quiet: [hours('20:00', '08:00'), hours('08:00', '20:00')] };
    expect(nextPermitted({ ...wish, ...never })).toBeNull();
    expect(may(never)).toThrow(expect.objectContaining({ facts: { nextAt: null } }));
  });

  it('uses a channel the patient agreed to', () => {
    expect(may({ agreed: ['email'] })).toThrow(ChannelNotAgreed);
    expect(may({ agreed: ['email'], channel: 'email' })).not.toThrow();
    expect(may({ agreed: ['email'], channel: null })).not.toThrow();
    expect(may({ agreed: ['email'], channel: 'letter' })).not.toThrow();
  });

  it('names a next time that is permitted, and none before it is, through clock changes too', () => {
    const minute = fc.integer({ min: 0, max: 1439 }).map((at) => `${pad(at / 60)}:${pad(at % 60)}`);
    const span = fc.tuple(minute, minute).map(([from, to]) => hours(from, to));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 800 * 1440 }),
        fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(span, { minLength: 1, maxLength: 2 }),
        fc.constantFrom('Europe/London', 'America/New_York', 'Pacific/Auckland'),
        (minutes, ago, gapDays, quiet, zone) => {
          const now = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
          const lastContactOn = ago === null ? null : addDays(dateIn(now, zone), -ago);
          const at = nextPermitted({ now, zone, lastContactOn, gapDays, quiet });
          if (at === null) return;
          expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime());
          expect(quiet.map((one) => quietUntil(at, one, zone))).toEqual(quiet.map(() => null));
          if (lastContactOn !== null && gapDays > 0)
            expect(dateIn(at, zone) >= addDays(lastContactOn, gapDays)).toBe(true);
          if (at > now) {
            const before = new Date(at.getTime() - 1);
            const early =
              quiet.some((one) => quietUntil(before, one, zone) !== null) ||
              (lastContactOn !== null &&
                gapDays > 0 &&
                dateIn(before, zone) < addDays(lastContactOn, gapDays));
            expect([early, timeIn(at, zone)]).toEqual([true, timeIn(at, zone)]);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');

describe('when to ask again', () => {
  const on = calendarDate('2026-06-01');
  it.each([
    ['later', '2026-06-02'],
    ['declined', '2026-06-02'],
    ['declined', null],
    ['booked', null],
    ['no-answer', null],
  ] as const)('fits: %s, %s', (outcome, until) => {
    expect(() => assertUntil(outcome, until === null ? null : calendarDate(until), on)).not.toThrow();
  });
  it.each([
    ['later', null],
    ['later', '2026-06-01'],
    ['later', '2028-06-02'],
    ['declined', '2026-05-31'],
    ['booked', '2026-07-01'],
    ['do-not-contact', '2026-07-01'],
  ] as const)('does not fit: %s, %s', (outcome, until) => {
    const check = (): void => assertUntil(outcome, until === null ? null : calendarDate(until), on);
    expect(check).toThrow(ContactUntilRefused);
  });
});
