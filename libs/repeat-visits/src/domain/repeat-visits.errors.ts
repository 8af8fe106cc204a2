import { refusal } from '#kernel';

/** Facts: `assessedOn`, and `area` and `treatedOn` of the dose that lies after it. */
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
