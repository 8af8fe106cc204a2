import { describe, expect, it } from '@jest/globals';
import { isLateCancel, spanBetween, spanOf } from './appointment.js';
import { AppointmentSpanInvalid } from './scheduling.errors.js';

const at = (text: string): Date => new Date(text);
const timing = { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 };

describe('the span of an appointment', () => {
  it('blocks the visit with its buffers', () => {
    const { visit, busy } = spanOf(at('2026-05-04T09:00Z'), timing);
    expect(visit).toEqual({ start: Date.parse('2026-05-04T09:00Z'), end: Date.parse('2026-05-04T09:30Z') });
    expect(busy).toEqual({ start: Date.parse('2026-05-04T08:55Z'), end: Date.parse('2026-05-04T09:40Z') });
  });

  it('lasts its minutes across a clock change', () => {
    const { visit } = spanOf(at('2026-03-29T00:45Z'), timing);
    expect(visit.end - visit.start).toBe(30 * 60_000);
  });

  it.each([
    ['an inverted span', '2026-05-04T10:00Z', '2026-05-04T09:00Z'],
    ['an empty span', '2026-05-04T10:00Z', '2026-05-04T10:00Z'],
    ['seconds', '2026-05-04T10:00:30Z', '2026-05-04T10:30:30Z'],
    ['more than a day', '2026-05-04T10:00Z', '2026-05-05T09:50Z'],
    ['an impossible date', 'nonsense', '2026-05-05T09:50Z'],
  ])('refuses %s', (_, from, to) => {
    expect(() => spanBetween(at(from), at(to), timing)).toThrow(AppointmentSpanInvalid);
  });

  it.each([0, -15, 7.5])('refuses a length of %d minutes', (durationMinutes) => {
    expect(() => spanOf(at('2026-05-04T09:00Z'), { ...timing, durationMinutes })).toThrow(
      AppointmentSpanInvalid,
    );
  });

  it('refuses negative buffers', () => {
    const startsAt = at('2026-05-04T09:00Z');
    expect(() => spanOf(startsAt, { ...timing, bufferBeforeMinutes: -5 })).toThrow(AppointmentSpanInvalid);
  });
});

describe('late cancellation', () => {
  const startsAt = at('2026-05-04T09:00Z');
  const late = (
    cancelledAt: string,
    by: 'patient' | 'clinic' = 'patient',
    noticeHours: number | null = 24,
  ): boolean => isLateCancel({ startsAt, cancelledAt: at(cancelledAt), by, noticeHours });

  it('counts within the notice and after the start', () => {
    expect(late('2026-05-03T09:01Z')).toBe(true);
    expect(late('2026-05-04T10:00Z')).toBe(true);
  });

  it('is in time exactly at the notice', () => expect(late('2026-05-03T09:00Z')).toBe(false));

  it('never counts against the patient when the clinic cancels or has no rule', () => {
    expect(late('2026-05-04T08:00Z', 'clinic')).toBe(false);
    expect(late('2026-05-04T08:00Z', 'patient', null)).toBe(false);
  });
});
