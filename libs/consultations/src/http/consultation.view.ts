import type { ClearanceOutcome } from '../domain/clearance.js';

export class QuestionView {
  /** @example pregnancy */
  id!: string;
  text!: string;
  kind!: string;
  answers!: string[];

  /** Days an answer holds after the day it was given, in this clinic; 0: that day only. */
  shelfLifeDays!: number;

  /** The safety rule of the catalogue the answer decides. */
  ruleCode!: string;
}

export class SeverityScaleView {
  /** @example wrinkle-4 */
  id!: string;
  name!: string;

  /** Grade 0 first. */
  grades!: string[];
}

export class QuestionnaireView {
  /** @example 1 */
  version!: number;
  questions!: QuestionView[];

  /** The scales severity is scored on. */
  scales!: SeverityScaleView[];
}

export class PlannedAreaView {
  area!: string;
  product!: string;

  /** Units of that product. */
  units!: number;

  /** Why it is off-label in the clinic's market; empty: on label. @example ["off_label_area"] */
  offLabel!: string[];
}

export class SeverityScoreView {
  area!: string;
  scale!: string;
  atRest!: number;
  atContraction!: number;
}

/** How one question stands on the day of the check. */
export class AnswerView {
  questionId!: string;
  text!: string;

  /** fresh, stale, unanswered */
  state!: string;
  value!: string | null;
  answeredOn!: string | null;
  lastOn!: string | null;

  /** The last day the answer holds. */
  freshUntil!: string | null;

  /** Given in an earlier consultation and still fresh. */
  carriedOver!: boolean;

  /** The entry of the patient's register that answers in the patient's place. */
  register!: string | null;
}

export class DecisionView {
  /** proceed, acknowledged */
  decision!: string;
  reason!: string | null;
  decidedBy!: string;
  decidedAt!: string;
}

export class FindingView {
  /** Names the finding when deciding on it. @example NMJ_DISEASE:ona */
  key!: string;
  ruleCode!: string;

  /** The catalogue edition of the rule. */
  version!: string;

  /** block, prescriber-decision, acknowledge, pathway */
  severity!: string;
  text!: string;
  sources!: string[];
  confidence!: string;

  /** Null: it concerns every planned product. */
  product!: string | null;

  /** What made the rule match: question and answer, or an age. */
  because!: object;

  /** The market whose rule was carried over, where the source has none for this one. */
  carriedOverFrom!: string | null;

  /** Whether waiting may lift it. */
  passes!: boolean;
  decision!: DecisionView | null;
}

export class ConsentView {
  id!: string;

  /** treatment, off-label */
  kind!: string;
  area!: string | null;
  textVersion!: string;
  textHash!: string;
  signedName!: string;
  signedAt!: string;
  takenBy!: string;

  /** The text itself, by its id; null in records older than the texts. */
  textId!: string | null;

  /** risks, alternatives, no-treatment, costs: by the text or besides. */
  covers!: string[];
  costAmount!: number | null;
  costCurrency!: string | null;
}

export class ClearanceView {
  id!: string;

  /** cleared, cleared-with-decision, deferred, unsuitable */
  outcome!: ClearanceOutcome;
  reason!: string | null;
  decidedOn!: string;

  /** The last day it holds; null unless cleared. */
  expiresOn!: string | null;
  decidedBy!: string;
  prescriberId!: string | null;
  faceToFaceOn!: string | null;
}

export class ConsultationSignatureView {
  by!: string;
  name!: string;
  at!: string;
  meaning!: string;

  /** SHA-256 over the canonical content. */
  contentHash!: string;

  /** Whether the record still is what was signed, to the byte. */
  intact!: boolean;
}

export class ConsultationWithdrawalView {
  /** amended, entered-in-error */
  cause!: string;
  reason!: string;
  by!: string;
  at!: string;
  replacedById!: string | null;
}

export class ConsultationView {
  id!: string;
  patientId!: string;
  practitionerId!: string;
  locationId!: string;
  appointmentId!: string | null;
  heldOn!: string;

  /** open, closed, signed, amended, entered-in-error */
  status!: string;

  /** Also the ETag. */
  version!: number;

  /** The day answers and rules were checked for: today while it can still lead to a treatment. */
  checkedOn!: string;
  plan!: PlannedAreaView[];
  screening!: AnswerView[];

  /** Questions that decide something for this plan and have no fresh answer. */
  unanswered!: string[];
  findings!: FindingView[];

  /** What findings and decisions come to as they stand. */
  comesTo!: string;
  severity!: SeverityScoreView[];
  consents!: ConsentView[];
  clearance!: ClearanceView | null;
  amendsId!: string | null;
  amendReason!: string | null;
  signature!: ConsultationSignatureView | null;
  withdrawal!: ConsultationWithdrawalView | null;
}
