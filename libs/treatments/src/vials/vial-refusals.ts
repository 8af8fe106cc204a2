import { violatedConstraint } from '#database';

import { SerialKnown } from '../stock/domain/stock.errors.js';
import {
  MovementNotCorrectable,
  VialOfOtherPatient,
  VialOverdrawn,
  VialStatusRefused,
} from '../domain/vials.errors.js';

const REFUSALS: Readonly<Record<string, new () => Error>> = {
  vial_not_overdrawn: VialOverdrawn,
  vial_single_patient: VialOfOtherPatient,
  vial_opened_first: VialStatusRefused,
  vial_serial_unique: SerialKnown,
  vial_movement_corrected_once: MovementNotCorrectable,
};

/** The database's last word on vials in the words of a refusal; any other error as it is. */
export function vialRefusal(error: unknown): unknown {
  const refusal = REFUSALS[violatedConstraint(error) ?? ''];
  return refusal === undefined ? error : new refusal();
}
