import { refusal } from '#kernel';

/** Facts: `status` and the `action` that does not apply to it. */
export class FollowUpTransitionNotAllowed extends refusal({
  code: 'follow_up_transition_not_allowed',
  kind: 'rule',
  title: 'The follow-up is in a status in which this cannot be done',
}) {}

/** Facts: `action`. */
export class FollowUpReasonMissing extends refusal({
  code: 'follow_up_reason_missing',
  kind: 'rule',
  title: 'Waiving a follow-up needs a reason',
}) {}

/** Facts: `reviewedOn`, `treatedOn`. */
export class ReviewedBeforeTreatment extends refusal({
  code: 'reviewed_before_treatment',
  kind: 'rule',
  title: 'A review cannot lie before the treatment it reviews',
}) {}

/** Facts: `missing`, `unknown` and `repeated` area ids. */
export class OutcomeAreasDiffer extends refusal({
  code: 'outcome_areas_differ',
  kind: 'rule',
  title: 'The outcome must give one result for each area of the follow-up and for no other',
}) {}

export class FollowUpNotFound extends refusal({
  code: 'follow_up_not_found',
  kind: 'not-found',
  title: 'There is no such follow-up in this clinic',
}) {}

/** Facts: `reviewedOn`. */
export class ReviewedInTheFuture extends refusal({
  code: 'reviewed_in_the_future',
  kind: 'rule',
  title: 'A review is recorded on the day it took place, not before',
}) {}

/** Facts: `areas` asked for, and those it was `advised` in. */
export class TouchUpNotAdvised extends refusal({
  code: 'touch_up_not_advised',
  kind: 'rule',
  title: 'The review did not advise a touch-up in this area',
}) {}

export class TouchUpApproved extends refusal({
  code: 'touch_up_approved',
  kind: 'conflict',
  title: 'A touch-up after this review has been approved already',
}) {}

export class TouchUpNotApproved extends refusal({
  code: 'touch_up_not_approved',
  kind: 'not-found',
  title: 'No prescriber has approved a touch-up after this review',
}) {}

/** Facts: `treatmentId` of the draft. */
export class TouchUpBegun extends refusal({
  code: 'touch_up_begun',
  kind: 'conflict',
  title: 'This touch-up has been begun already',
}) {}
