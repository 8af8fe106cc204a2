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

export class AnsweredDateImpossible extends refusal({
  code: 'answered_date_impossible',
  kind: 'rule',
  title: 'The patient cannot have had it on that day: it is in the future or before their birth',
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

export class DecisionDoesNotFit extends refusal({
  code: 'decision_does_not_fit',
  kind: 'rule',
  title: 'This finding takes another kind of decision',
}) {}

export class ConsultationNotFound extends refusal({
  code: 'consultation_not_found',
  kind: 'not-found',
  title: 'There is no such consultation in this clinic',
}) {}

export class ConsultationClosed extends refusal({
  code: 'consultation_closed',
  kind: 'conflict',
  title: 'The consultation has been concluded: open a new one',
}) {}

export class FindingNotFound extends refusal({
  code: 'finding_not_found',
  kind: 'not-found',
  title: 'The safety check of this consultation has no such finding today',
}) {}

export class PlanMissing extends refusal({
  code: 'plan_missing',
  kind: 'rule',
  title: 'Nothing is planned, so there is nothing to clear',
}) {}

export class PlanRepeatsItself extends refusal({
  code: 'plan_repeats_itself',
  kind: 'bad-input',
  title: 'The plan names one product in one area twice',
}) {}

export class ConsentAreaMismatch extends refusal({
  code: 'consent_area_mismatch',
  kind: 'bad-input',
  title: 'An off-label consent names its area; a consent to treatment names none',
}) {}

export class ConsentTextMissing extends refusal({
  code: 'consent_text_missing',
  kind: 'bad-input',
  title:
    'Send the text the patient read, or its SHA-256, and not both; a version alone names only a text that is kept',
}) {}

export class ClearanceNotFound extends refusal({
  code: 'clearance_not_found',
  kind: 'not-found',
  title: 'This patient has no such clearance',
}) {}

export class PrescriberMissing extends refusal({
  code: 'prescriber_missing',
  kind: 'rule',
  title: 'A clearance names the prescriber who saw the patient in person',
}) {}

export class FaceToFaceImpossible extends refusal({
  code: 'face_to_face_impossible',
  kind: 'rule',
  title: 'The prescriber cannot have seen the patient for this clearance on that day',
}) {}

export class AppointmentOfAnother extends refusal({
  code: 'appointment_of_another',
  kind: 'rule',
  title: 'The appointment is not of this patient at this location',
}) {}

export class ConsentTextUnknown extends refusal({
  code: 'consent_text_unknown',
  kind: 'rule',
  title: 'The clinic keeps no text with this SHA-256: send the text itself',
}) {}

export class ConsentTextDiffers extends refusal({
  code: 'consent_text_differs',
  kind: 'conflict',
  title: 'This version of the text is kept with other words: a changed text is a new version',
}) {}

export class PolicyBelowMarket extends refusal({
  code: 'policy_below_market',
  kind: 'rule',
  title: 'A clinic may ask more than its market before treating, never less',
}) {}

export class CoolingOff extends refusal({
  code: 'cooling_off',
  kind: 'rule',
  title: 'The patient still has time to reflect after consenting',
}) {}

export class ScaleUnknown extends refusal({
  code: 'scale_unknown',
  kind: 'bad-input',
  title: 'There is no such severity scale',
}) {}

export class ScoreOffScale extends refusal({
  code: 'score_off_scale',
  kind: 'bad-input',
  title: 'The score lies beyond the last grade of its scale',
}) {}

export class SeverityRepeatsItself extends refusal({
  code: 'severity_repeats_itself',
  kind: 'bad-input',
  title: 'An area is scored twice on the same scale',
}) {}

export class QuestionnaireNotFound extends refusal({
  code: 'questionnaire_not_found',
  kind: 'not-found',
  title: 'There is no such edition of the questionnaire',
}) {}

export class ConsultationNotConcluded extends refusal({
  code: 'consultation_not_concluded',
  kind: 'conflict',
  title: 'The consultation has no conclusion yet: clear or decline it, then sign',
}) {}

export class ConsultationSigned extends refusal({
  code: 'consultation_signed',
  kind: 'conflict',
  title: 'The consultation is signed and never changes: amend it, or begin another',
}) {}

export class ConsultationOfAnother extends refusal({
  code: 'consultation_of_another',
  kind: 'forbidden',
  title: 'Only who held the consultation, or the prescriber it names, signs or amends it',
}) {}

export class ConsultationStepRefused extends refusal({
  code: 'consultation_step_refused',
  kind: 'conflict',
  title: 'The consultation cannot take this step in its present status',
}) {}

export class ConsultationReasonMissing extends refusal({
  code: 'consultation_reason_missing',
  kind: 'rule',
  title: 'This step needs a reason, which stays in the record',
}) {}

export class ConsentTextNotFound extends refusal({
  code: 'consent_text_not_found',
  kind: 'not-found',
  title: 'There is no such consent text in this clinic',
}) {}
