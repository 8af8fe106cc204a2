import { OfferOver, WaitlistTransitionRefused } from './waitlist.errors.js';

export const WAITLIST_STATUSES = ['waiting', 'booked', 'left', 'lapsed'] as const;
export type WaitlistStatus = (typeof WAITLIST_STATUSES)[number];

export const OFFER_STATUSES = ['open', 'accepted', 'declined', 'expired', 'withdrawn'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];

/** A patient who declines, or lets an offer pass, keeps the place: that is how long they have waited. */
const TRANSITIONS = {
  change: 'waiting',
  offer: 'waiting',
  decline: 'waiting',
  'expire-offer': 'waiting',
  accept: 'booked',
  leave: 'left',
  lapse: 'lapsed',
} as const satisfies Record<string, WaitlistStatus>;
export type WaitlistVerb = keyof typeof TRANSITIONS;

const ENDINGS = {
  accept: 'accepted',
  decline: 'declined',
  'expire-offer': 'expired',
  leave: 'withdrawn',
} as const satisfies Partial<Record<WaitlistVerb, OfferStatus>>;
export type OfferVerb = keyof typeof ENDINGS;

/** Only who waits can be served. @throws WaitlistTransitionRefused with facts `{ status, verb }` */
export function afterVerb(status: WaitlistStatus, verb: WaitlistVerb): WaitlistStatus {
  if (status !== 'waiting') throw new WaitlistTransitionRefused({ status, verb });
  return TRANSITIONS[verb];
}

export interface Offered {
  readonly id: string;
  readonly status: OfferStatus;
  readonly expiresAt: Date;
}

/** What an offer is worth at a moment: one whose time is up has expired, whether or not anybody has noted it. */
export const offerStatusAt = ({ status, expiresAt }: Omit<Offered, 'id'>, now: Date): OfferStatus =>
  status === 'open' && expiresAt <= now ? 'expired' : status;

/** The status of an offer after it was answered. @throws OfferOver */
export function afterAnswer(offer: Offered, verb: 'accept' | 'decline', now: Date): OfferStatus {
  const status = offerStatusAt(offer, now);
  if (status !== 'open') throw new OfferOver({ offerId: offer.id, status });
  return ENDINGS[verb];
}

export const endingOf = (verb: OfferVerb): OfferStatus => ENDINGS[verb];
