import type { LotStatus } from '../../domain/lot.js';
import type { VialStatus } from '../domain/vial.js';

/** Units are of the product; drawn, wasted and left are always the content. */
export class VialView {
  id!: string;
  lotId!: string;
  lotNumber!: string;
  product!: string;
  expiresOn!: string;

  /** in-use, quarantined, recalled */
  lotStatus!: LotStatus;
  locationId!: string;
  serial!: string | null;

  /** sealed, open, discarded */
  status!: VialStatus;
  contentUnits!: number;
  drawnUnits!: number;
  wastedUnits!: number;
  leftUnits!: number;

  /** What drafts are going to draw of what is left, once they are signed. */
  chartedUnits!: number;

  /** What nobody has a hold on yet. */
  freeUnits!: number;
  openedAt!: Date | null;
  openedBy!: string | null;

  /** sodium-chloride-0.9, sodium-chloride-0.9-bacteriostatic, other; null for what is ready to use. */
  diluent!: string | null;
  diluentLot!: string | null;

  /** The volume it is made up to; null while it is sealed. */
  ml!: number | null;

  /** The concentration, as labels state it. @example 4 */
  unitsPerTenthMl!: number | null;

  /** Whether it is made up as the label of the market says. */
  dilutionOnLabel!: boolean | null;
  dilutionReason!: string | null;

  /** After this moment it is refused. */
  useBy!: Date | null;

  /** The label allows one patient only. */
  singlePatient!: boolean;

  /** Whose single-patient vial it is. */
  patientId!: string | null;

  /** Why nothing can be drawn from it now, as the code of the refusal; null when something can. */
  refusedBecause!: string | null;
}

export class VialMovementView {
  id!: string;

  /** receive, transfer, open, draw, waste, discard, correct */
  kind!: string;

  /** Units drawn; below zero where a counter-entry takes a draw back. */
  drawnUnits!: number;

  /** Units wasted; below zero where a counter-entry takes a waste back. */
  wastedUnits!: number;
  patientId!: string | null;
  treatmentId!: string | null;
  fromLocationId!: string | null;
  toLocationId!: string | null;

  /** The entry this one takes back. */
  correctsId!: string | null;
  reason!: string | null;
  witnessId!: string | null;
  at!: Date;
  by!: string;
}

export class VialMovementPage {
  items!: VialMovementView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
