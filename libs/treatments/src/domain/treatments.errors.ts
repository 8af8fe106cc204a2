import { refusal } from '#kernel';

export class TreatmentStatusRefused extends refusal({
  code: 'treatment_status_refused',
  kind: 'conflict',
  title: 'The treatment cannot take this step in its present status',
}) {}

export class ReasonMissing extends refusal({
  code: 'treatment_reason_missing',
  kind: 'rule',
  title: 'This step needs a reason, which stays in the record',
}) {}

export class TreatmentNotFound extends refusal({
  code: 'treatment_not_found',
  kind: 'not-found',
  title: 'There is no such treatment in this clinic',
}) {}

export class TreatmentSigned extends refusal({
  code: 'treatment_signed',
  kind: 'conflict',
  title: 'The treatment is signed and never changes: amend it, or enter it in error',
}) {}

export class TreatmentOfAnother extends refusal({
  code: 'treatment_of_another',
  kind: 'forbidden',
  title: 'Only the practitioner who gave the treatment charts, signs and amends it',
}) {}

export class TreatmentEmpty extends refusal({
  code: 'treatment_empty',
  kind: 'rule',
  title: 'A treatment without injections cannot be signed',
}) {}

export class VisitTreatedAlready extends refusal({
  code: 'visit_treated_already',
  kind: 'conflict',
  title: 'The visit has a signed full treatment already: amend that one',
}) {}

export class AmendmentUnderWay extends refusal({
  code: 'amendment_under_way',
  kind: 'conflict',
  title: 'An amendment of this treatment exists already: sign or discard that one',
}) {}

export class ConsentMissing extends refusal({
  code: 'consent_missing',
  kind: 'rule',
  title: 'The patient has not consented to this',
}) {}

export class RecordIncomplete extends refusal({
  code: 'record_incomplete',
  kind: 'rule',
  title: 'The record lacks what a signed treatment must have in this market',
}) {}
