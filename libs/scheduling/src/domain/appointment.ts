import type { Interval } from '#kernel';
import { AppointmentSpanInvalid } from './scheduling.errors.js';

/** How long an appointment type takes, in whole minutes; buffers are the room's and practitioner's set-up and clean-up. */
export interface AppointmentTiming {
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** Epoch milliseconds: `visit` is what the patient is told; `busy` adds the buffers and is what blocks all three. */
export interface AppointmentSpan {
  readonly visit: Interval;
  readonly busy: Interval;
}

export const MINUTE = 60_000;
const LONGEST_MINUTES = 24 * 60;

/**
 * The span of an appointment that starts at `startsAt` and lasts as long as its type says. Length is elapsed time, so a
 * 30-minute visit across a clock change lasts 30 minutes.
 * @throws AppointmentSpanInvalid for zero, negative or fractional minutes, or more than 24 hours with buffers
 */
export function spanOf(startsAt: Date, timing: AppointmentTiming): AppointmentSpan {
  const start = startsAt.getTime();
  return spanBetween(startsAt, new Date(start + timing.durationMinutes * MINUTE), timing);
}

/**
 * The span of an appointment whose end was chosen by hand; the buffers still come from its type.
 * @throws AppointmentSpanInvalid for an inverted or empty span, seconds, bad buffers, or more than 24 hours
 */
export function spanBetween(
  startsAt: Date,
  endsAt: Date,
  buffers: Omit<AppointmentTiming, 'durationMinutes'>,
): AppointmentSpan {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  const { bufferBeforeMinutes: before, bufferAfterMinutes: after } = buffers;
  const minutes = (end - start) / MINUTE;
  const whole = [start / MINUTE, minutes, before, after].every(Number.isInteger);
  if (!whole || minutes <= 0 || before < 0 || after < 0 || minutes + before + after > LONGEST_MINUTES)
    throw new AppointmentSpanInvalid({
      startsAt: Number.isNaN(start) ? null : startsAt,
      endsAt: Number.isNaN(end) ? null : endsAt,
      bufferBeforeMinutes: before,
      bufferAfterMinutes: after,
    });
  return { visit: { start, end }, busy: { start: start - before * MINUTE, end: end + after * MINUTE } };
}

/**
 * Whether a cancellation counts as late against the patient: by the patient, and with less than the clinic's notice
 * (elapsed hours; null = the clinic has no such rule). Exactly at the notice is still in time.
 */
export function isLateCancel(cancellation: {
  readonly startsAt: Date;
  readonly cancelledAt: Date;
  readonly by: 'patient' | 'clinic';
  readonly noticeHours: number | null;
}): boolean {
  const { startsAt, cancelledAt, by, noticeHours } = cancellation;
  if (by === 'clinic' || noticeHours === null) return false;
  return cancelledAt.getTime() > startsAt.getTime() - noticeHours * 60 * MINUTE;
}
