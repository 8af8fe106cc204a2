import { addDays, boundaryOf, type CalendarDate, dateIn } from '#kernel';
import { type QuietHours, quietUntil } from '#scheduling';

import { effectOf, primaryOf, type Reason } from '../../domain/suppression.js';
import type { ContactChannel, ContactOutcome } from './answers.js';
import {
  ChannelNotAgreed,
  ContactInQuietHours,
  ContactSuppressed,
  ContactTooSoon,
  ContactUntilRefused,
  NothingDue,
} from './recall.errors.js';

/** What the clinic wants to do, and all that bears on it. */
export interface ContactWish {
  readonly now: Date;
  /** IANA zone of the place the patient was last treated at. */
  readonly zone: string;
  /** null: a claim, before it is known how. */
  readonly channel: ContactChannel | null;
  /** How the patient agreed to be reached; empty: nobody asked. */
  readonly agreed: readonly string[];
  /** The areas that are due, past due or lapsed, with the reasons of each. */
  readonly due: readonly { readonly reasons: readonly Reason[] }[];
  readonly lastContactOn: CalendarDate | null;
  readonly gapDays: number;
  /** The clinic's and the patient's own. */
  readonly quiet: readonly QuietHours[];
}

const LONGEST_PAUSE_DAYS = 731;
/** Quiet hours end within a day, so two kinds of them cannot push each other on for longer than a few. */
const MOST_STEPS = 8;

/**
 * Whether the clinic may call now. Only whoever has something due that nobody should keep from asking about; not again
 * within the gap; not in anybody's quiet hours; by a channel the patient agreed to.
 * @throws NothingDue, ContactSuppressed, ContactTooSoon, ContactInQuietHours, ChannelNotAgreed
 */
export function assertMayContact(wish: ContactWish): void {
  const { now, zone, channel, agreed, due, lastContactOn, gapDays } = wish;
  if (due.length === 0) throw new NothingDue();
  if (!due.some(({ reasons }) => effectOf(reasons).listed)) {
    const { code, until } = primaryOf(due[0]?.reasons ?? []) ?? { code: null, until: null };
    throw new ContactSuppressed({ reason: code, until });
  }
  const nextAt = nextPermitted(wish);
  const gapEnds = gapEnd(wish);
  if (gapEnds !== null && dateIn(now, zone) < gapEnds)
    throw new ContactTooSoon({ lastContactOn, gapDays, nextAt });
  if (nextAt === null || nextAt > now) throw new ContactInQuietHours({ nextAt });
  const isAgreed = channel === null || channel === 'in-person' || channel === 'letter';
  if (!isAgreed && agreed.length > 0 && !agreed.includes(channel))
    throw new ChannelNotAgreed({ channel, agreed });
}

/** The first instant from now on that lies after the gap and outside all quiet hours; null when those leave no time. */
export function nextPermitted(
  wish: Pick<ContactWish, 'now' | 'zone' | 'lastContactOn' | 'gapDays' | 'quiet'>,
): Date | null {
  const ends = gapEnd(wish);
  let at = wish.now;
  if (ends !== null && dateIn(at, wish.zone) < ends) at = boundaryOf(addDays(ends, -1), '24:00', wish.zone);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const until = wish.quiet.map((hours) => quietUntil(at, hours, wish.zone)).find((end) => end !== null);
    if (!until) return at;
    at = until;
  }
  return null;
}

/** The first day on which the clinic may call again. */
export const gapEnd = ({
  lastContactOn,
  gapDays,
}: Pick<ContactWish, 'lastContactOn' | 'gapDays'>): CalendarDate | null =>
  lastContactOn === null || gapDays === 0 ? null : addDays(lastContactOn, gapDays);

/**
 * The day to ask again: "later" needs one, a refusal may have one, nothing else has. At most two years ahead.
 * @throws ContactUntilRefused
 */
export function assertUntil(outcome: ContactOutcome, until: CalendarDate | null, on: CalendarDate): void {
  const may = outcome === 'later' || outcome === 'declined';
  const missing = outcome === 'later' && until === null;
  const misplaced = !may && until !== null;
  const wrong = until !== null && (until <= on || until > addDays(on, LONGEST_PAUSE_DAYS));
  if (missing || misplaced || wrong)
    throw new ContactUntilRefused({
      outcome,
      until,
      from: addDays(on, 1),
      to: addDays(on, LONGEST_PAUSE_DAYS),
    });
}
