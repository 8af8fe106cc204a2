import { refusal } from '#kernel';

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
