import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesLate, minutesWaiting, runningLate, type VisitOfToday } from './running-late.js';

const at = (time: string): Date => new Date(`2026-03-03T${time}Z`);

const visit = (appointmentId: string, start: string, end: string, change: Partial<VisitOfToday> = {}) => ({
  appointmentId,
  practitionerId: 'okafor',
  status: 'booked' as const,
  startsAt: at(start),
  endsAt: at(end),
  busyFrom: at(start),
  busyTo: at(end),
  arrivedAt: null,
  startedAt: null,
  ...change,
});

describe('a day that runs late', () => {
  it('passes the delay of a visit that began late on to the next, until a gap takes it up', () => {
    const day = [
      visit('first', '10:00', '10:30', { status: 'in-progress', startedAt: at('10:20') }),
      visit('second', '10:30', '11:00'),
      visit('third', '11:10', '11:40'),
      visit('fourth', '12:00', '12:30'),
    ];
    const { delays, practitioners } = runningLate(day, at('10:25'));
    expect([...delays]).toEqual([
      ['first', 20],
      ['second', 20],
      ['third', 10],
      ['fourth', 0],
    ]);
    expect(practitioners.get('okafor')).toBe(20);
  });

  it('grows while a visit does not end', () => {
    const day = [
      visit('first', '10:00', '10:30', { status: 'in-progress', startedAt: at('10:00') }),
      visit('second', '10:30', '11:00', { status: 'arrived', arrivedAt: at('10:25') }),
    ];
    expect(runningLate(day, at('10:42')).delays.get('second')).toBe(12);
    expect(runningLate(day, at('10:42')).practitioners.get('okafor')).toBe(12);
  });

  it('counts the buffers between two visits as work that is still to be done', () => {
    const day = [
      visit('first', '10:00', '10:30', {
        status: 'in-progress',
        startedAt: at('10:10'),
        busyTo: at('10:40'),
      }),
      visit('second', '10:45', '11:15', { busyFrom: at('10:40') }),
    ];
    expect(runningLate(day, at('10:15')).delays.get('second')).toBe(10);
  });

  it('does not blame the practitioner for a patient who is not here', () => {
    const day = [visit('absent', '10:00', '10:30'), visit('next', '11:00', '11:30')];
    const late = runningLate(day, at('10:20'));
    expect(late.practitioners.get('okafor')).toBe(0);
    expect(late.delays.has('absent')).toBe(false);
    expect(minutesLate(visit('absent', '10:00', '10:30'), at('10:20'))).toBe(20);
  });

  it('keeps practitioners apart and is on time when nothing has begun', () => {
    const day = [
      visit('hers', '10:00', '10:30', { status: 'arrived', arrivedAt: at('09:50') }),
      visit('his', '10:00', '10:30', { practitionerId: 'nurse' }),
    ];
    const late = runningLate(day, at('10:07'));
    expect(late.practitioners).toEqual(
      new Map([
        ['okafor', 7],
        ['nurse', 0],
      ]),
    );
  });

  it('counts waiting from the booked time, or from when a late patient came', () => {
    const early = visit('a', '10:00', '10:30', { status: 'arrived', arrivedAt: at('09:40') });
    const late = visit('b', '10:00', '10:30', { status: 'arrived', arrivedAt: at('10:08') });
    expect([early, late].map((one) => minutesWaiting(one, at('10:10')))).toEqual([10, 2]);
    expect(minutesWaiting(visit('c', '10:00', '10:30'), at('10:10'))).toBe(0);
  });

  it('never gives a negative delay, and never depends on the order of the list', () => {
    const status = fc.constantFrom('booked', 'arrived', 'in-progress', 'fulfilled', 'cancelled');
    const some = fc.array(fc.record({ start: fc.integer({ min: 0, max: 600 }), status }), { maxLength: 12 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 700 }), (list, minute) => {
        const instant = (minutes: number): Date => new Date(at('08:00').getTime() + minutes * 60_000);
        const day = list.map(({ start, status: is }, index) => ({
          ...visit(`v${index}`, '08:00', '08:30'),
          status: is,
          startsAt: instant(start),
          endsAt: instant(start + 30),
          busyFrom: instant(start),
          busyTo: instant(start + 30),
          arrivedAt: instant(start),
          startedAt: is === 'in-progress' ? instant(start) : null,
        }));
        const late = runningLate(day, instant(minute));
        expect([...late.delays.values()].every((delay) => delay >= 0)).toBe(true);
        expect(runningLate(day.toReversed(), instant(minute)).practitioners).toEqual(late.practitioners);
      }),
    );
  });
});
