import type { DoseSeverity } from '../domain/dose/dose-finding.js';
import type { TreatmentStatus } from '../domain/treatment-status.js';

export class InjectionView {
  id!: string;
  area!: string;
  muscle!: string | null;

  /** left, right, midline */
  side!: string;
  x!: number | null;
  y!: number | null;
  depth!: string | null;
  needle!: string | null;
  product!: string;
  lotId!: string;
  lotNumber!: string;
  vialId!: string | null;

  /** Units of that product. */
  units!: number;
  volumeMl!: number | null;
}

/** Units are of one product; totals of different products are never added. */
export class AreaTotalView {
  product!: string;
  area!: string;
  units!: number;

  /** Whether nothing takes this area off its label. */
  onLabel!: boolean;
  points!: number;
  volumeMl!: number | null;
}

export class ProductTotalView {
  product!: string;
  units!: number;
}

/** Units of the product in the label's trailing span, this treatment included. */
export class TrailingTotalView extends ProductTotalView {}

export class TreatmentRecordView {
  /** photo-id, known-to-clinic, asked */
  identityChecked!: string | null;
  historyConfirmed!: boolean;
  supervisorId!: string | null;
  anaesthesia!: string | null;
  immediateReaction!: string | null;
  aftercareVersion!: string | null;

  /** offered, booked, declined */
  reviewChoice!: string | null;

  /** taken, declined */
  photosBefore!: string | null;
  windowShown!: boolean;

  /** consented, declined, no-gp */
  gpLetter!: string | null;
}

export class AcceptanceView {
  by!: string;
  byPrescriber!: boolean;
  reason!: string | null;
  at!: string;
}

/** What the dose guard says about the points, against the label and the patient's whole history. */
export class DoseFindingView {
  /** @example above_label_total */
  code!: string;

  /** @example above_label_total(20) */
  flag!: string;

  /** note, acknowledge, prescriber-decision */
  severity!: DoseSeverity;

  /** Takes it off the label, which needs its own consent. */
  offLabel!: boolean;
  product!: string;
  area!: string | null;
  limit!: number | null;
  actual!: number | null;
  sources!: string[];
  confidence!: string;

  /** Who accepted it; null while nobody did. */
  accepted!: AcceptanceView | null;
}

export class SignatureView {
  by!: string;
  name!: string;
  at!: string;
  meaning!: string;

  /** SHA-256 over the canonical content. */
  contentHash!: string;

  /** Whether the record still is what was signed, to the byte. */
  intact!: boolean;
}

export class WithdrawalView {
  /** amended, entered-in-error */
  cause!: string;
  reason!: string;
  by!: string;
  at!: string;
  replacedById!: string | null;
}

export class TreatmentVersionView {
  id!: string;

  /** draft, signed, amended, entered-in-error */
  status!: TreatmentStatus;
  amendsId!: string | null;
  amendReason!: string | null;
  signedAt!: string | null;
}

export class TreatmentView {
  id!: string;
  patientId!: string;
  practitionerId!: string;
  locationId!: string;

  /** Null: a walk-in. */
  appointmentId!: string | null;
  clearanceId!: string | null;

  /** Civil date at the location. */
  treatedOn!: string;

  /** full, touch-up */
  kind!: 'full' | 'touch-up';
  completesId!: string | null;

  /** draft, signed, amended, entered-in-error */
  status!: TreatmentStatus;

  /** Also the ETag. */
  version!: number;
  amendsId!: string | null;
  amendReason!: string | null;
  note!: string | null;
  record!: TreatmentRecordView;

  /** The catalogue's edition the signature rests on; null before. */
  catalogueVersion!: number | null;
  injections!: InjectionView[];
  totals!: AreaTotalView[];
  productTotals!: ProductTotalView[];
  trailingTotals!: TrailingTotalView[];
  doseFindings!: DoseFindingView[];
  signature!: SignatureView | null;
  withdrawal!: WithdrawalView | null;

  /** Every version of this treatment, oldest first. */
  versions!: TreatmentVersionView[];
}

export class ProductAreaView {
  product!: string;
  area!: string;

  /** Units of that product. */
  units!: number;
}

export class TreatmentSummary {
  id!: string;
  treatedOn!: string;

  /** full, touch-up */
  kind!: string;

  /** draft, signed, amended, entered-in-error */
  status!: string;
  practitionerId!: string;
  locationId!: string;
  totals!: ProductAreaView[];
}

export class TreatmentPage {
  items!: TreatmentSummary[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
