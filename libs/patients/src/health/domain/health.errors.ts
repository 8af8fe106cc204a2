import { refusal } from '#kernel';

export class HealthFactNotFound extends refusal({
  code: 'health_fact_not_found',
  kind: 'not-found',
  title: 'This patient has no such allergy, condition or medication',
}) {}

export class PriorToxinNotFound extends refusal({
  code: 'prior_toxin_not_found',
  kind: 'not-found',
  title: 'This patient has no such toxin given elsewhere',
}) {}

export class HealthCodeUnknown extends refusal({
  code: 'health_code_unknown',
  kind: 'rule',
  title: 'A code comes with a system that has codes of this form for such a fact',
}) {}

export class AlreadyEnteredInError extends refusal({
  code: 'already_entered_in_error',
  kind: 'rule',
  title: 'This was marked as entered in error before',
}) {}

export class HealthFactEnded extends refusal({
  code: 'health_fact_ended',
  kind: 'rule',
  title: 'This has ended already: correct it if the day is wrong',
}) {}
