import { refusal } from '#kernel';

/** Facts: `reason` as on the recall list, and `until`, its first day without it (null: nobody can say). */
export class ContactSuppressed extends refusal({
  code: 'contact_suppressed',
  kind: 'rule',
  title: 'There is a reason not to ask this patient now',
}) {}

export class NothingDue extends refusal({
  code: 'nothing_due',
  kind: 'rule',
  title: 'No area of this patient is due, so there is nothing to call about',
}) {}

/** Facts: `lastContactOn`, `gapDays`, and `nextAt`, when the clinic may call again. */
export class ContactTooSoon extends refusal({
  code: 'contact_too_soon',
  kind: 'rule',
  title: 'The clinic has tried to reach this patient only lately',
}) {}

/** Facts: `nextAt`, when the quiet hours of clinic and patient are over; null when they leave no time. */
export class ContactInQuietHours extends refusal({
  code: 'contact_in_quiet_hours',
  kind: 'rule',
  title: 'Nobody is contacted in the quiet hours of the clinic or of the patient',
}) {}

/** Facts: `channel`, and those `agreed` to. */
export class ChannelNotAgreed extends refusal({
  code: 'channel_not_agreed',
  kind: 'rule',
  title: 'The patient did not agree to be reached this way',
}) {}

/** Facts: `by`, the id of who is calling, and `until`, when the claim ends at the latest. */
export class RecallClaimed extends refusal({
  code: 'recall_claimed',
  kind: 'conflict',
  title: 'A colleague is calling this patient',
}) {}

/** Facts: `outcome`, `until`, and the days `from` and `to` it may be. */
export class ContactUntilRefused extends refusal({
  code: 'contact_until_refused',
  kind: 'rule',
  title:
    'When to ask again fits the outcome: “later” needs a day to come, a refusal may have one, nothing else has',
}) {}

/** Facts: `appointmentId`. */
export class ContactBookingMissing extends refusal({
  code: 'contact_booking_missing',
  kind: 'rule',
  title: 'Booked needs the treatment that was booked for this patient, and only booked has one',
}) {}

/** Facts: `unknownPlaces` and `missingPlaces`, and the words that name `medicines` or are `advertising`. */
export class RecallTemplateUnfit extends refusal({
  code: 'recall_template_unfit',
  kind: 'rule',
  title:
    'A recall message is a reminder with its places filled in: it names no medicine and advertises nothing',
}) {}

export class RecallBatchNotFound extends refusal({
  code: 'recall_batch_not_found',
  kind: 'not-found',
  title: 'No batch of recall messages of this clinic has this id',
}) {}
