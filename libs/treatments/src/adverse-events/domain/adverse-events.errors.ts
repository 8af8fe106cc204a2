import { refusal } from '#kernel';

export class AdverseEventNotFound extends refusal({
  code: 'adverse_event_not_found',
  kind: 'not-found',
  title: 'There is no such adverse event in this clinic',
}) {}

export class AdverseEventTermUnknown extends refusal({
  code: 'adverse_event_term_unknown',
  kind: 'bad-input',
  title: 'The catalogue has no adverse event of this term: write it as another term',
}) {}

export class AdverseEventUnnamed extends refusal({
  code: 'adverse_event_unnamed',
  kind: 'bad-input',
  title: 'An adverse event has either a term of the catalogue or another one written out',
}) {}

export class AdverseEventOfDraft extends refusal({
  code: 'adverse_event_of_draft',
  kind: 'rule',
  title: 'An adverse event is linked to a signed treatment: sign this one first',
}) {}

export class InjectionNotOfTreatment extends refusal({
  code: 'injection_not_of_treatment',
  kind: 'not-found',
  title: 'The treatment has no such injection',
}) {}

export class OnsetBeforeTreatment extends refusal({
  code: 'onset_before_treatment',
  kind: 'rule',
  title: 'An adverse event of a treatment does not begin before it',
}) {}

export class OnsetInFuture extends refusal({
  code: 'onset_in_future',
  kind: 'rule',
  title: 'An adverse event is recorded once it is there, and resolved once it is over',
}) {}

export class ResolvedBeforeOnset extends refusal({
  code: 'resolved_before_onset',
  kind: 'rule',
  title: 'An adverse event is not over before it began',
}) {}

export class AdverseEventStatusRefused extends refusal({
  code: 'adverse_event_status_refused',
  kind: 'conflict',
  title: 'The adverse event cannot take this step in its present status',
}) {}

export class ClinicalTaskNotFound extends refusal({
  code: 'clinical_task_not_found',
  kind: 'not-found',
  title: 'There is no such task in this clinic',
}) {}

export class ClinicalTaskEnded extends refusal({
  code: 'clinical_task_ended',
  kind: 'conflict',
  title: 'The task is done or cancelled already',
}) {}

export class ReportReferenceMissing extends refusal({
  code: 'report_reference_missing',
  kind: 'rule',
  title: 'A report is done once the regulator has given it a reference',
}) {}
