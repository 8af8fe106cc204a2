import { refusal } from '#kernel';

export class NotGs1 extends refusal({
  code: 'not_gs1',
  kind: 'bad-input',
  title: 'This is not a GS1 code: it is empty or marked as another kind of symbol',
}) {}

export class UnknownApplicationIdentifier extends refusal({
  code: 'unknown_ai',
  kind: 'bad-input',
  title: 'The code has an application identifier GS1 does not define',
}) {}

export class TruncatedElement extends refusal({
  code: 'truncated',
  kind: 'bad-input',
  title: 'A field of the code ends too early',
}) {}

export class ElementTooLong extends refusal({
  code: 'field_too_long',
  kind: 'bad-input',
  title: 'A field of the code is longer than GS1 allows: a separator is probably missing',
}) {}

export class BadElementCharacter extends refusal({
  code: 'bad_character',
  kind: 'bad-input',
  title: 'A field of the code has a character GS1 does not allow there',
}) {}

export class BadGtinCheckDigit extends refusal({
  code: 'bad_gtin_check_digit',
  kind: 'bad-input',
  title: 'The check digit of the GTIN is wrong: scan or type the code again',
}) {}

export class BadGs1Date extends refusal({
  code: 'bad_date',
  kind: 'bad-input',
  title: 'A date of the code does not exist',
}) {}

export class ConflictingElement extends refusal({
  code: 'duplicate_ai',
  kind: 'bad-input',
  title: 'The code gives one application identifier twice with different values',
}) {}

export class NotADose extends refusal({
  code: 'not_a_dose',
  kind: 'bad-input',
  title: 'A dose is a number of units above zero with at most two decimals',
}) {}

export class NotADilution extends refusal({
  code: 'not_a_dilution',
  kind: 'bad-input',
  title: 'A dilution needs vial units and millilitres above zero',
}) {}

export class UnitsOfDifferentProducts extends refusal({
  code: 'units_of_different_products',
  kind: 'rule',
  title: 'Units of different products are never added, compared or converted',
}) {}

export class TouchUpsSwitchedOff extends refusal({
  code: 'touch_ups_switched_off',
  kind: 'rule',
  title: 'The clinic does not do touch-ups',
}) {}

export class TouchUpTooEarly extends refusal({
  code: 'touch_up_too_early',
  kind: 'rule',
  title: 'It is too early for a touch-up: the effect is not full yet',
}) {}

export class TouchUpTooLate extends refusal({
  code: 'touch_up_too_late',
  kind: 'rule',
  title: 'The days for a touch-up are over',
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

export class NotHashable extends refusal({
  code: 'not_hashable',
  kind: 'bad-input',
  title: 'The content has a value JSON cannot carry exactly',
}) {}
