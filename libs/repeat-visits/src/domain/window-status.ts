import type { CalendarDate } from '#kernel';
import { WindowNotOpen } from './repeat-visits.errors.js';

/** The dates of one area's window; null where a figure is missing. Those present are in this order. */
export interface WindowDates {
  readonly earliest: CalendarDate | null;
  readonly recommendedFrom: CalendarDate | null;
  readonly target: CalendarDate | null;
  readonly recommendedTo: CalendarDate | null;
  readonly lapsedAfter: CalendarDate | null;
}

export const WINDOW_STATES = ['too-early', 'permitted-early', 'due', 'past-due', 'lapsed'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/**
 * too-early < earliest ≤ permitted-early < recommendedFrom ≤ due ≤ recommendedTo < past-due ≤ lapsedAfter < lapsed.
 * Without an end the window stays due. Null when `earliest` is unknown, and, once it has passed, when nothing is
 * recommended (only touch-ups): "permitted" is then all that can be said.
 */
export function stateOn(dates: WindowDates, day: CalendarDate): WindowState | null {
  const { earliest, recommendedFrom, recommendedTo, lapsedAfter } = dates;
  if (earliest === null) return null;
  if (day < earliest) return 'too-early';
  if (recommendedFrom === null) return null;
  if (day < recommendedFrom) return 'permitted-early';
  if (lapsedAfter !== null && day > lapsedAfter) return 'lapsed';
  if (recommendedTo !== null && day > recommendedTo) return 'past-due';
  return 'due';
}

/**
 * Where a new window is said to stand, and the day from which the night has to look at it again: one that is not too
 * early any more is stated, with the day since when, in the first night.
 */
export function firstStatement(
  dates: WindowDates,
  day: CalendarDate,
): { readonly state: WindowState | null; readonly changesOn: CalendarDate | null } {
  const state = stateOn(dates, day);
  if (state === 'too-early') return { state, changesOn: dates.earliest };
  return { state: null, changesOn: state === null ? null : day };
}

/**
 * The life of a *kept* window. `open`: the one in force. `superseded`: another window of the same patient and area
 * took its place. `closed`: it ended without a successor. Windows are never edited, so both ends are final: whatever
 * brings a patient back opens a new one.
 */
export const WINDOW_STATUSES = ['open', 'superseded', 'closed'] as const;
export type WindowStatus = (typeof WINDOW_STATUSES)[number];

/** What ends an open window, and how. Death, departure and answers end none: they are reasons not to ask (suppression.ts). */
export const WINDOW_EVENTS = {
  /** A newer treatment or touch-up of the area was signed. */
  'treated-again': 'superseded',
  /** The protocol or the treatment it came from has a new version. */
  recomputed: 'superseded',
  /** The patient's history was united with another record's. */
  merged: 'superseded',
  /** Its treatment was entered in error, and the area has no other. */
  withdrawn: 'closed',
} as const satisfies Record<string, WindowStatus>;
export type WindowEvent = keyof typeof WINDOW_EVENTS;

/** @throws WindowNotOpen for a window that has ended: its dates stay as they were given to the patient. */
export function statusAfter(status: WindowStatus, event: WindowEvent): WindowStatus {
  if (status !== 'open') throw new WindowNotOpen({ status, event });
  return WINDOW_EVENTS[event];
}
