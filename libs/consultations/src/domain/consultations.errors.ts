import { refusal } from '#kernel';

export class UnknownQuestion extends refusal({
  code: 'unknown_question',
  kind: 'bad-input',
  title: 'The screening has no such question',
}) {}

export class NotAnAnswer extends refusal({
  code: 'not_an_answer',
  kind: 'bad-input',
  title: 'This is not one of the answers to the question',
}) {}

export class BlockedBySafetyRule extends refusal({
  code: 'blocked_by_safety_rule',
  kind: 'rule',
  title: 'A safety rule forbids the treatment; there is no override',
}) {}

export class DecisionMissing extends refusal({
  code: 'prescriber_decision_missing',
  kind: 'rule',
  title: 'A finding waits for the decision of a prescriber',
}) {}

export class DecisionNeedsPrescriber extends refusal({
  code: 'decision_needs_prescriber',
  kind: 'rule',
  title: 'Only a prescriber decides on this finding',
}) {}

export class DecisionReasonMissing extends refusal({
  code: 'decision_reason_missing',
  kind: 'rule',
  title: 'A decision needs a reason, which stays in the record',
}) {}

export class DecidedAgainst extends refusal({
  code: 'decided_against',
  kind: 'rule',
  title: 'The prescriber decided against the treatment, so it cannot be cleared',
}) {}

export class AcknowledgementMissing extends refusal({
  code: 'acknowledgement_missing',
  kind: 'rule',
  title: 'A finding has not been acknowledged',
}) {}

export class NotCleared extends refusal({
  code: 'not_cleared',
  kind: 'rule',
  title: 'The consultation did not clear the patient for treatment',
}) {}

export class ClearanceExpired extends refusal({
  code: 'clearance_expired',
  kind: 'rule',
  title: 'The clearance is not valid on this day: assess the patient again',
}) {}

export class ClearanceDaysInvalid extends refusal({
  code: 'clearance_days_invalid',
  kind: 'bad-input',
  title: 'A clearance is valid for a whole number of days from 0',
}) {}
