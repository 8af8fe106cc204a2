import { refusal } from '#kernel';

export class VialNotFound extends refusal({
  code: 'vial_not_found',
  kind: 'not-found',
  title: 'There is no such vial in this clinic',
}) {}

export class VialStatusRefused extends refusal({
  code: 'vial_status_refused',
  kind: 'conflict',
  title: 'The vial cannot take this step in its present status',
}) {}

export class VialOverdrawn extends refusal({
  code: 'vial_overdrawn',
  kind: 'rule',
  title: 'The vial does not hold that many units any more',
}) {}

export class VialPastUseBy extends refusal({
  code: 'vial_past_use_by',
  kind: 'rule',
  title: 'The vial was opened too long ago to be used',
}) {}

export class VialOfOtherPatient extends refusal({
  code: 'vial_single_patient',
  kind: 'rule',
  title: 'The label allows this vial for one patient only, and it is another one’s',
}) {}

export class VialOfOtherLot extends refusal({
  code: 'vial_of_other_lot',
  kind: 'rule',
  title: 'The vial is of another lot than the injection',
}) {}

/** Facts: `vialId`, `locationId` of the treatment, `locationOfVial`. */
export class VialElsewhere extends refusal({
  code: 'vial_elsewhere',
  kind: 'rule',
  title: 'The vial is kept at another location than the treatment takes place',
}) {}

export class VolumeNotOfVial extends refusal({
  code: 'volume_not_of_vial',
  kind: 'rule',
  title: 'Units and volume do not fit the concentration of the vial',
}) {}

export class ReconstitutionMissing extends refusal({
  code: 'reconstitution_missing',
  kind: 'rule',
  title: 'The product is a powder: say what it is made up with',
}) {}

export class NoReconstitution extends refusal({
  code: 'no_reconstitution',
  kind: 'rule',
  title: 'The product is ready to use and is not made up',
}) {}

export class DilutionOutsideLabel extends refusal({
  code: 'dilution_outside_label',
  kind: 'rule',
  title: 'The label of the market makes this vial up otherwise: give a reason',
}) {}

export class MovementNotFound extends refusal({
  code: 'vial_movement_not_found',
  kind: 'not-found',
  title: 'The vial has no such entry',
}) {}

export class MovementNotCorrectable extends refusal({
  code: 'vial_movement_not_correctable',
  kind: 'conflict',
  title: 'Only a draw, a waste or a discard is taken back, and only once',
}) {}

/** What charting from a vial can refuse. */
export const VIAL_REFUSALS = [
  VialNotFound,
  VialStatusRefused,
  VialOverdrawn,
  VialPastUseBy,
  VialOfOtherPatient,
  VialOfOtherLot,
  VialElsewhere,
  VolumeNotOfVial,
];
