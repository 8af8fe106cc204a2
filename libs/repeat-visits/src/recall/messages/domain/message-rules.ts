import { dateIn } from '#kernel';

import { effectOf, type Reason, type ReasonCode, SUPPRESSION_EFFECTS } from '../../../domain/suppression.js';
import { type ContactWish, gapEnd, nextPermitted } from '../../domain/contact-rules.js';

/** Why a message is not sent: a reason of the recall list, or one of the way it would go. */
export type WithheldReason =
  | ReasonCode
  /** No area is due. */
  | 'not-due'
  /** The clinic has tried to reach the patient within the gap. */
  | 'too-soon'
  /** The patient did not agree to this channel. */
  | 'not-agreed'
  | 'no-address'
  /** Quiet hours of clinic and patient leave no time. */
  | 'always-quiet'
  /** Another message to the patient is under way. */
  | 'already-waiting'
  /** The desk stopped the batch. */
  | 'stopped'
  /** The words in force, or the clinic's own name, name a medicine. */
  | 'unfit-words';

/** All that bears on a message to one patient now. */
export interface MessageWish extends Pick<
  ContactWish,
  'now' | 'zone' | 'due' | 'lastContactOn' | 'gapDays' | 'quiet'
> {
  /** In the register: active, or why nobody is there to write to. */
  readonly status: 'active' | 'deceased' | 'transferred' | 'merged';
  /** The channels the patient agreed to; a message needs its own among them. */
  readonly agreed: readonly string[];
  readonly address: string | null;
  /** A colleague is calling until then; null: nobody is, or whoever asked for the message is. */
  readonly claimedUntil: Date | null;
  /** Another message to the patient is under way. */
  readonly waits: boolean;
}

export type MessageDecision =
  | { readonly now: 'send' }
  /** Quiet hours, or a colleague on the telephone: looked at again then. */
  | { readonly now: 'wait'; readonly until: Date }
  | { readonly now: 'withhold'; readonly reason: WithheldReason };

/**
 * Whether a message may go out now: asked when somebody wants it, and again when it is sent. Only to whoever has something
 * due that an automatic message may be about (the `messaged` column of the suppression table), by a channel the patient agreed
 * to, after the gap, outside everybody's quiet hours, and not while a colleague calls.
 */
export function decideMessage(wish: MessageWish): MessageDecision {
  const { now, zone, status, due, agreed, address, claimedUntil, waits } = wish;
  const withhold = (reason: WithheldReason): MessageDecision => ({ now: 'withhold', reason });
  if (status !== 'active') return withhold(status);
  const [first] = due;
  if (first === undefined) return withhold('not-due');
  if (!due.some(({ reasons }) => effectOf(reasons).messaged)) return withhold(against(first.reasons));
  if (waits) return withhold('already-waiting');
  if (!agreed.includes('email')) return withhold('not-agreed');
  if (address === null) return withhold('no-address');
  const gapEnds = gapEnd(wish);
  if (gapEnds !== null && dateIn(now, zone) < gapEnds) return withhold('too-soon');
  const from = claimedUntil !== null && claimedUntil > now ? claimedUntil : now;
  const at = nextPermitted({ ...wish, now: from });
  if (at === null) return withhold('always-quiet');
  return at > now ? { now: 'wait', until: at } : { now: 'send' };
}

/** The first reason of the table that keeps a message back. */
const against = (reasons: readonly Reason[]): WithheldReason =>
  reasons.find(({ code }) => !SUPPRESSION_EFFECTS[code].messaged)?.code ?? 'not-due';

/** Handed to the mail server so often before it counts as failed. */
export const MOST_TRIES = 4;
