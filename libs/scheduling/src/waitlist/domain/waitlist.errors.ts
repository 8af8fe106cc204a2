import { refusal } from '#kernel';

export class WaitlistEntryNotFound extends refusal({
  code: 'waitlist_entry_not_found',
  kind: 'not-found',
  title: 'There is no such place on the waitlist of this clinic',
}) {}

export class WaitlistOfferNotFound extends refusal({
  code: 'waitlist_offer_not_found',
  kind: 'not-found',
  title: 'There is no such offer in this clinic',
}) {}

export class AlreadyWaiting extends refusal({
  code: 'already_waiting',
  kind: 'conflict',
  title: 'This patient already waits for this type of appointment',
}) {}

export class WaitlistTransitionRefused extends refusal({
  code: 'waitlist_transition_refused',
  kind: 'conflict',
  title: 'The place on the waitlist is not in a state that allows this',
}) {}

export class OfferOver extends refusal({
  code: 'waitlist_offer_over',
  kind: 'conflict',
  title: 'The offer was answered or withdrawn, or its time is up',
}) {}

export class OfferStillOpen extends refusal({
  code: 'waitlist_offer_still_open',
  kind: 'conflict',
  title: 'This patient is thinking about another offer',
}) {}

/** The hold under an offer is the offer's: confirmed on its own it would leave the patient on the waitlist. */
export class HoldIsOffered extends refusal({
  code: 'hold_is_offered',
  kind: 'conflict',
  title: 'This time is kept for an offer of the waitlist: accept or decline the offer',
}) {}

export class OfferTooLate extends refusal({
  code: 'waitlist_offer_too_late',
  kind: 'rule',
  title: 'The visit would begin before the patient could think about it: book it outright',
}) {}

export class OutOfRankNeedsReason extends refusal({
  code: 'waitlist_out_of_rank',
  kind: 'rule',
  title: 'Others come first for this time: give the reason why it goes to this patient',
}) {}

export class WaitlistWishInvalid extends refusal({
  code: 'waitlist_wish_invalid',
  kind: 'bad-input',
  title: 'The last day must not come before the first, nor the latest time before the earliest',
}) {}

export class ReplacesRefused extends refusal({
  code: 'waitlist_replaces_refused',
  kind: 'rule',
  title:
    'Only a booked appointment of the same patient that is still ahead can be replaced by an earlier one',
}) {}
