import type { ClearanceOutcome } from '../domain/clearance.js';

export class QuestionView {
  /** @example pregnancy */
  id!: string;
  text!: string;
  kind!: string;
  answers!: string[];

  /** Days an answer holds after the day it was given; 0: that day only. */
  shelfLifeDays!: number;

  /** The safety rule of the catalogue the answer decides. */
  ruleCode!: string;
}

export class QuestionnaireView {
  /** @example 1 */
  version!: number;
  questions!: QuestionView[];
}

export class PlannedAreaView {
  area!: string;
  product!: string;

  /** Units of that product. */
  units!: number;
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

export class ConsultationView {
  id!: string;
  patientId!: string;
  practitionerId!: string;
  locationId!: string;
  appointmentId!: string | null;
  heldOn!: string;

  /** open, closed */
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
  consents!: ConsentView[];
  clearance!: ClearanceView | null;
}
