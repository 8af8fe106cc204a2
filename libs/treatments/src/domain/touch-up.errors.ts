import { refusal } from '#kernel';

export class TouchUpsSwitchedOff extends refusal({
  code: 'touch_ups_switched_off',
  kind: 'rule',
  title: 'The clinic does not do touch-ups',
}) {}

/** Facts: `plannedOn`, and `from` and `to`, the first and last day it may be given. */
export class TouchUpTooEarly extends refusal({
  code: 'touch_up_too_early',
  kind: 'rule',
  title: 'It is too early for a touch-up: the effect is not full yet',
}) {}

/** Facts: `plannedOn`, and `from` and `to`, the first and last day it may be given. */
export class TouchUpTooLate extends refusal({
  code: 'touch_up_too_late',
  kind: 'rule',
  title: 'It is too late after the treatment for a touch-up: the next dose is a repeat visit',
}) {}

export class TouchUpNeedsPrescriber extends refusal({
  code: 'touch_up_needs_prescriber',
  kind: 'rule',
  title: 'A touch-up needs the approval of a prescriber',
}) {}

export class TouchUpOfOtherProduct extends refusal({
  code: 'touch_up_of_other_product',
  kind: 'rule',
  title: 'A touch-up completes a treatment with the same product in the same area',
}) {}

export class TouchUpCompletesNothing extends refusal({
  code: 'touch_up_completes_nothing',
  kind: 'rule',
  title:
    'A touch-up names the signed full treatment of this patient that it completes; a full treatment names none',
}) {}
