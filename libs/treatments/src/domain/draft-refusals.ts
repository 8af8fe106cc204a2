import { UnknownArea, UnknownProduct } from '#catalogue';

import { VIAL_REFUSALS } from './vials.errors.js';
import { NotADose } from './dose/dose.errors.js';
import { FillAmbiguous, FillLotsMismatch, FillSourceNotFound } from './drafts.errors.js';
import { LotExpired, LotNotFound, LotNotUsable, LotOfOtherProduct } from './lots.errors.js';
import { TreatmentNotFound, TreatmentOfAnother, TreatmentSigned } from './treatments.errors.js';

/** What changing a draft can be refused for. */
export const OF_DRAFT = [TreatmentNotFound, TreatmentSigned, TreatmentOfAnother];

/** What points can be refused for. */
export const OF_LOTS = [
  LotNotFound,
  LotOfOtherProduct,
  LotExpired,
  LotNotUsable,
  NotADose,
  ...VIAL_REFUSALS,
  UnknownArea,
  UnknownProduct,
];

/** What filling from elsewhere can be refused for. */
export const OF_FILL = [FillAmbiguous, FillSourceNotFound, FillLotsMismatch];
