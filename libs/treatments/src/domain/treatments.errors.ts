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

export class BadKeyCheckDigit extends refusal({
  code: 'bad_check_digit',
  kind: 'bad-input',
  title: 'The check digit of a GS1 key in the code is wrong: scan it again',
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

/** What reading a pack's code can refuse. */
export const REFUSED_CODES = [
  NotGs1,
  UnknownApplicationIdentifier,
  TruncatedElement,
  ElementTooLong,
  BadElementCharacter,
  BadGtinCheckDigit,
  BadKeyCheckDigit,
  BadGs1Date,
  ConflictingElement,
];

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

export class DoseFindingsOpen extends refusal({
  code: 'dose_findings_open',
  kind: 'rule',
  title: 'The dose guard found something nobody has accepted yet',
}) {}

export class DoseFindingNotFound extends refusal({
  code: 'dose_finding_not_found',
  kind: 'rule',
  title: 'The dose guard does not find this in the draft as it stands',
}) {}

export class DoseNeedsPrescriber extends refusal({
  code: 'dose_needs_prescriber',
  kind: 'rule',
  title: 'Only a prescriber, with a reason, accepts what the dose guard found',
}) {}

export class TouchUpCompletesNothing extends refusal({
  code: 'touch_up_completes_nothing',
  kind: 'rule',
  title:
    'A touch-up names the signed full treatment of this patient that it completes; a full treatment names none',
}) {}

export class LotNotFound extends refusal({
  code: 'lot_not_found',
  kind: 'not-found',
  title: 'There is no such lot in this clinic',
}) {}

export class LotExists extends refusal({
  code: 'lot_exists',
  kind: 'conflict',
  title: 'This lot is in the stock already',
}) {}

export class LotIncomplete extends refusal({
  code: 'lot_incomplete',
  kind: 'bad-input',
  title: 'A lot needs a number and an expiry date, from the scanned code or typed, not both',
}) {}

export class LotStatusRefused extends refusal({
  code: 'lot_status_refused',
  kind: 'conflict',
  title: 'The lot cannot take this step in its present status',
}) {}

export class LotOfOtherProduct extends refusal({
  code: 'lot_of_other_product',
  kind: 'rule',
  title: 'The lot is of another product than the injection',
}) {}

export class LotExpired extends refusal({
  code: 'lot_expired',
  kind: 'rule',
  title: 'The lot is past its expiry date on the day of the treatment',
}) {}

export class LotNotUsable extends refusal({
  code: 'lot_not_usable',
  kind: 'rule',
  title: 'The lot is quarantined or recalled',
}) {}

export class RecordIncomplete extends refusal({
  code: 'record_incomplete',
  kind: 'rule',
  title: 'The record lacks what a signed treatment must have in this market',
}) {}

export class FillAmbiguous extends refusal({
  code: 'fill_ambiguous',
  kind: 'bad-input',
  title:
    'A draft is filled from one source: a template, a treatment, or the last one; or charted by its injections',
}) {}

export class FillSourceNotFound extends refusal({
  code: 'fill_source_not_found',
  kind: 'not-found',
  title: 'There is no such template of yours, or no such signed treatment of this patient',
}) {}

export class FillLotsMismatch extends refusal({
  code: 'fill_lots_mismatch',
  kind: 'rule',
  title: 'Name one lot of each product the points are of',
}) {}

export class TemplateNotFound extends refusal({
  code: 'template_not_found',
  kind: 'not-found',
  title: 'You have no such template',
}) {}

export class TemplateNameTaken extends refusal({
  code: 'template_name_taken',
  kind: 'conflict',
  title: 'You have a template of this name already',
}) {}
