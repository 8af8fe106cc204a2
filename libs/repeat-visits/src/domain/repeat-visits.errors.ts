import { refusal } from '#kernel';

/** Facts: `assessedOn`, and `treatedOn` of the last dose. */
export class AssessedBeforeTreatment extends refusal({
  code: 'assessed_before_treatment',
  kind: 'rule',
  title: 'The day of assessment lies before the last treatment',
}) {}

/** Facts: `status` of the window and the `event` that does not apply to it. */
export class WindowNotOpen extends refusal({
  code: 'window_not_open',
  kind: 'rule',
  title: 'This repeat-visit window is no longer open, so nothing can happen to it',
}) {}

export class WindowNotFound extends refusal({
  code: 'window_not_found',
  kind: 'not-found',
  title: 'There is no such repeat-visit window',
}) {}

/** Facts: `area`, and `product` whose figures are missing: a window issued before they were kept. */
export class UnknownFigures extends refusal({
  code: 'unknown_figures',
  kind: 'conflict',
  title: 'The figures this window was computed from are not kept',
}) {}

export class AreaNeverTreated extends refusal({
  code: 'area_never_treated',
  kind: 'not-found',
  title: 'This area of the patient has no window: it was never treated here',
}) {}

/** Facts: `notBefore` as asked for and `earliest`, which the labels set. */
export class OverrideTooEarly extends refusal({
  code: 'override_too_early',
  kind: 'rule',
  title: 'A clinician’s own day cannot lie before the earliest date the labels permit',
}) {}

export class OverrideNotFound extends refusal({
  code: 'override_not_found',
  kind: 'not-found',
  title: 'No clinician’s own day is in force for this area',
}) {}

export class RecomputeNotFound extends refusal({
  code: 'recompute_not_found',
  kind: 'not-found',
  title: 'There is no such recompute',
}) {}
