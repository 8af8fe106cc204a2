import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays, calendarDate } from '#kernel';
import { anyHistory, anyOptions, anyProtocol, FIRST, hold, RUNS } from '../testing/any-history.js';
import { nothingKnownOf, REASONS, saidWith } from '../testing/patient-sentences.js';
import { forecast } from './forecast.js';
import { patientSays, spoken } from './patient-summary.js';
import { suppress } from './suppression.js';

const PREGNANT = REASONS['on-hold'];

describe('what a patient is told', () => {
  it('names no hold: whoever reads it out need not know', () => {
    expect(saidWith(PREGNANT)).toBe(
      'Your practitioner would like to speak with you before this area is treated again.',
    );
  });

  it('is the weightiest of several reasons', () => {
    expect(saidWith({ ...REASONS.booked, ...REASONS.snoozed, ...REASONS['do-not-contact'] })).toBe(
      'Your next visit for this area is booked for 2 June 2026.',
    );
    expect(saidWith({ ...REASONS.booked, ...PREGNANT })).toBe(saidWith(PREGNANT));
  });

  it('is the dates, for whoever wants no contact and asks', () => {
    expect(saidWith(REASONS['do-not-contact'])).toBe(
      'Now is a good time to treat this area again, best by 4 June 2026.',
    );
  });

  it('offers another visit only where the area may be treated by then', () => {
    expect(saidWith(REASONS.combinable)).toContain('at your visit on 2 June 2026 as well.');
    const early = calendarDate('2026-02-20');
    const [soon] = REASONS.combinable.bookings ?? [];
    expect(saidWith({ bookings: soon ? [{ ...soon, on: calendarDate('2026-03-01') }] : [] }, early)).toBe(
      'This area should not be treated again before 15 April 2026, and a good time to come is around 7 May 2026.',
    );
  });

  it('never invites anybody before the earliest date, and sends nobody to a day that has passed', () => {
    const anyReason = fc.constantFrom(...Object.values(REASONS), {});
    fc.assert(
      fc.property(
        anyHistory,
        anyProtocol,
        anyOptions,
        anyReason,
        fc.nat(400),
        (history, protocol, options, facts, wait) => {
          const last =
            history
              .map(({ treatedOn }) => treatedOn)
              .toSorted()
              .at(-1) ?? FIRST;
          const on = addDays(last, wait);
          for (const area of forecast(history, protocol, on, options).areas) {
            const told = { ...area, personal: area.personal !== null };
            const says = patientSays(told, suppress({ ...nothingKnownOf(area, on), ...facts }), on);
            hold(says.endsWith('.') && !/undefined|null|\d{4}-\d\d/.test(says), 'a sentence in words');
            const { earliest, target } = area;
            if (earliest === null || on < earliest)
              hold(!/any day|Now is|^This area may be/.test(says), 'no invitation before earliest');
            if (target !== null && target < on)
              hold(!says.includes(`around ${spoken(target)}`), 'no day that has passed');
          }
        },
      ),
      RUNS,
    );
  });
});
