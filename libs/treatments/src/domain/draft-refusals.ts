import { UnknownArea, UnknownProduct } from '#catalogue';

import { VIAL_REFUSALS } from './vials.errors.js';
import * as refused from './treatments.errors.js';

/** What changing a draft can be refused for. */
export const OF_DRAFT = [refused.TreatmentNotFound, refused.TreatmentSigned, refused.TreatmentOfAnother];

/** What points can be refused for. */
export const OF_LOTS = [
  refused.LotNotFound,
  refused.LotOfOtherProduct,
  refused.LotExpired,
  refused.LotNotUsable,
  refused.NotADose,
  ...VIAL_REFUSALS,
  UnknownArea,
  UnknownProduct,
];

/** What filling from elsewhere can be refused for. */
export const OF_FILL = [refused.FillAmbiguous, refused.FillSourceNotFound, refused.FillLotsMismatch];
