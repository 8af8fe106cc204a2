import type { CalendarDate } from '#kernel';
import { FOR_GOOD } from '../../domain/suppression.js';

export const CONTACT_OUTCOMES = ['booked', 'no-answer', 'later', 'declined', 'do-not-contact'] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];
/** `messaged` is said by the message that was sent, never by a person. */
export type LoggedOutcome = ContactOutcome | 'messaged';

export const CONTACT_CHANNELS = ['phone', 'sms', 'email', 'letter', 'in-person'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export const CONTACT_INITIATORS = ['clinic', 'patient'] as const;
export type ContactInitiator = (typeof CONTACT_INITIATORS)[number];

/** An attempt as far as it says whether to ask again. */
export interface Answer {
  readonly onDay: CalendarDate;
  readonly outcome: ContactOutcome;
  readonly until: CalendarDate | null;
  /** Empty: everything. */
  readonly areas: readonly string[];
}

/** What a patient said about one area's window, in the words of the suppression rule. */
export interface AnswerInForce {
  readonly declinedUntil: CalendarDate | null;
  readonly snoozedUntil: CalendarDate | null;
}

const NOTHING: AnswerInForce = { declinedUntil: null, snoozedUntil: null };

/**
 * The last thing a patient said about the area since it was last treated: an answer is about one window, and a later
 * answer takes the place of an earlier one; nobody picking up is none. `answers` come newest first.
 */
export function answerFor(
  answers: readonly Answer[],
  area: string,
  lastTreatedOn: CalendarDate | null,
): AnswerInForce {
  const said = answers.find(
    ({ outcome, areas, onDay }) =>
      (outcome === 'booked' || outcome === 'later' || outcome === 'declined') &&
      (areas.length === 0 || areas.includes(area)) &&
      (lastTreatedOn === null || onDay >= lastTreatedOn),
  );
  if (said?.outcome === 'declined') return { ...NOTHING, declinedUntil: said.until ?? FOR_GOOD };
  if (said?.outcome === 'later') return { ...NOTHING, snoozedUntil: said.until };
  return NOTHING;
}
