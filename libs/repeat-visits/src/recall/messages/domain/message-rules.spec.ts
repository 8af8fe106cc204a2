import { describe, expect, it } from '@jest/globals';
import { addDays, calendarDate, type CalendarDate, dateIn, timeIn } from '#kernel';
import * as fc from 'fast-check';

import { SUPPRESSION_EFFECTS, type Reason, type ReasonCode } from '../../../domain/suppression.js';
import { decideMessage, type MessageWish } from './message-rules.js';

// Written by hand here, so the brand of a wall-clock time is given without its check.
const hours = (from: string, to: string): MessageWish['quiet'][number] =>
  ({ from, to }) as unknown as MessageWish['quiet'][number];
const reason = (code: ReasonCode): Reason => ({ code, until: null, because: {} });
const NIGHT = hours('20:00', '08:00');

/** Noon in London, one area due, everything agreed. */
const wish = (change: Partial<MessageWish> = {}): MessageWish => ({
  now: new Date('2026-06-01T11:00:00Z'),
  zone: 'Europe/London',
  status: 'active',
  due: [{ reasons: [] }],
  agreed: ['email'],
  address: 'zoe@example.com',
  lastContactOn: null,
  gapDays: 7,
  quiet: [NIGHT],
  claimedUntil: null,
  waits: false,
  ...change,
});

describe('whether a recall message may go out', () => {
  it('goes to whoever is due, agreed and was not contacted lately', () => {
    expect(decideMessage(wish())).toEqual({ now: 'send' });
    const lastContactOn = calendarDate('2026-05-25');
    expect(decideMessage(wish({ lastContactOn }))).toEqual({ now: 'send' });
  });

  it.each<[string, Partial<MessageWish>, string]>([
    ['someone who died', { status: 'deceased' }, 'deceased'],
    ['a record that was merged', { status: 'merged', due: [] }, 'merged'],
    ['nobody due', { due: [] }, 'not-due'],
    ['someone who was booked', { due: [{ reasons: [reason('booked')] }] }, 'booked'],
    [
      'someone whose treatment showed nothing',
      { due: [{ reasons: [reason('no-response')] }] },
      'no-response',
    ],
    ['someone who has one under way', { waits: true }, 'already-waiting'],
    ['someone who never agreed to anything', { agreed: [] }, 'not-agreed'],
    ['someone who agreed to the telephone', { agreed: ['phone'] }, 'not-agreed'],
    ['someone without an address', { address: null }, 'no-address'],
    ['someone called six days ago', { lastContactOn: calendarDate('2026-05-26') }, 'too-soon'],
    ['someone it is always quiet for', { quiet: [NIGHT, hours('08:00', '20:00')] }, 'always-quiet'],
  ])('does not go to %s', (_, change, because) => {
    expect(decideMessage(wish(change))).toEqual({ now: 'withhold', reason: because });
  });

  it('is about what may be asked, whatever else may not', () => {
    const due = [{ reasons: [reason('on-hold')] }, { reasons: [reason('combinable')] }];
    expect(decideMessage(wish({ due }))).toEqual({ now: 'send' });
  });

  it('waits for the end of the quiet hours by the clock of the place, over the change to summer time', () => {
    // 03:00 in London on the day the clocks go forward at 01:00 UTC.
    const now = new Date('2026-03-29T02:00:00Z');
    expect(decideMessage(wish({ now }))).toEqual({ now: 'wait', until: new Date('2026-03-29T07:00:00Z') });
    const zone = 'America/New_York';
    expect(decideMessage(wish({ now, zone }))).toEqual({
      now: 'wait',
      until: new Date('2026-03-29T12:00:00Z'),
    });
  });

  it('waits while a colleague calls, and then for the quiet hours', () => {
    const claimedUntil = new Date('2026-06-01T11:10:00Z');
    expect(decideMessage(wish({ claimedUntil }))).toEqual({ now: 'wait', until: claimedUntil });
    const now = new Date('2026-06-01T18:55:00Z');
    expect(decideMessage(wish({ now, claimedUntil: new Date('2026-06-01T19:05:00Z') }))).toEqual({
      now: 'wait',
      until: new Date('2026-06-02T07:00:00Z'),
    });
  });

  // The model: domain.md section 5 said again, without the words of the rule.
  const MAY_BE_MESSAGED = new Set<ReasonCode>(['combinable', 'override-reached']);
  const codes = Object.keys(SUPPRESSION_EFFECTS) as ReasonCode[];
  const wishes = fc
    .record({
      at: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
      zone: fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kathmandu'),
      status: fc.constantFrom('active', 'active', 'active', 'deceased', 'transferred', 'merged'),
      due: fc.array(fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 3 }), { maxLength: 3 }),
      agreed: fc.subarray(['email', 'phone', 'sms']),
      address: fc.constantFrom(null, 'zoe@example.com'),
      calledDaysAgo: fc.option(fc.integer({ min: 0, max: 20 })),
      gapDays: fc.integer({ min: 0, max: 14 }),
      own: fc.option(fc.constantFrom(['12:00', '14:00'], ['22:30', '09:15'], ['00:00', '23:59'])),
      claimMinutes: fc.option(fc.integer({ min: -30, max: 120 })),
      waits: fc.constantFrom(false, false, false, true),
    })
    .map((one): MessageWish => {
      const now = new Date(one.at);
      const lastContactOn: CalendarDate | null =
        one.calledDaysAgo === null ? null : addDays(dateIn(now, one.zone), -one.calledDaysAgo);
      return wish({
        now,
        zone: one.zone,
        status: one.status,
        due: one.due.map((of) => ({ reasons: of.map(reason) })),
        agreed: one.agreed,
        address: one.address,
        lastContactOn,
        gapDays: one.gapDays,
        quiet: [NIGHT, ...(one.own === null ? [] : [hours(one.own[0] ?? '', one.own[1] ?? '')])],
        claimedUntil: one.claimMinutes === null ? null : new Date(one.at + one.claimMinutes * 60_000),
        waits: one.waits,
      });
    });
  const isQuiet = (at: Date, { quiet, zone }: MessageWish): boolean => {
    const time = timeIn(at, zone);
    return quiet.some(({ from, to }) => (from < to ? from <= time && time < to : time >= from || time < to));
  };
  const mayBeAsked = ({ status, due, agreed, address, waits }: MessageWish): boolean =>
    status === 'active' &&
    due.some(({ reasons }) => reasons.every(({ code }) => MAY_BE_MESSAGED.has(code))) &&
    agreed.includes('email') &&
    address !== null &&
    !waits;
  const isAfterGap = ({ lastContactOn, gapDays, now, zone }: MessageWish): boolean =>
    lastContactOn === null || addDays(lastContactOn, gapDays) <= dateIn(now, zone);

  it('never goes to somebody it should not, nor forgets anybody it may go to (10,000 cases)', () => {
    fc.assert(
      fc.property(wishes, (one) => {
        const decided = decideMessage(one);
        const isClaimed = one.claimedUntil !== null && one.claimedUntil > one.now;
        const mayNow = mayBeAsked(one) && isAfterGap(one) && !isQuiet(one.now, one) && !isClaimed;
        expect(decided.now === 'send').toBe(mayNow);
        if (decided.now === 'withhold' && mayBeAsked(one) && isAfterGap(one))
          expect(decided.reason).toBe('always-quiet');
        if (decided.now !== 'wait') return;
        // Waiting ends at an instant at which it may go, within the next days.
        expect(mayBeAsked(one) && isAfterGap(one)).toBe(true);
        expect(isQuiet(decided.until, one)).toBe(false);
        expect(
          decided.until > one.now && (one.claimedUntil === null || decided.until >= one.claimedUntil),
        ).toBe(true);
        expect(decided.until.getTime() - one.now.getTime()).toBeLessThan(3 * 86_400_000);
      }),
      { numRuns: 10_000 },
    );
  });
});
