import { addDays, type CalendarDate } from '#kernel';
import {
  AcknowledgementMissing,
  BlockedBySafetyRule,
  ClearanceDaysInvalid,
  ClearanceExpired,
  DecidedAgainst,
  DecisionDoesNotFit,
  DecisionMissing,
  DecisionNeedsPrescriber,
  DecisionReasonMissing,
  NotCleared,
} from './consultations.errors.js';
import type { Finding } from './safety-check.js';

export type ClearanceOutcome = 'cleared' | 'cleared-with-decision' | 'deferred' | 'unsuitable';

/** Names a finding inside one check: the rule, and the product or question it is about. */
export const findingKey = ({ ruleCode, product, because }: Finding): string =>
  [ruleCode, product ?? because['question'] ?? 'all'].join(':');

/**
 * Whether what was decided on a finding still settles it: the same case, as grave, on the same answer. Given again on
 * another day the answer is still the same; another answer, product or severity is a new case.
 */
export const stillStands = (decided: Finding, present: Finding): boolean =>
  findingKey(decided) === findingKey(present) &&
  decided.severity === present.severity &&
  decided.because['answer'] === present.because['answer'];

/** What a prescriber decided on one finding. */
export interface Decision {
  readonly findingKey: string;
  readonly proceed: boolean;
  readonly reason: string;
  readonly by: { readonly staffId: string; readonly isPrescriber: boolean };
}

export interface Conclusion {
  readonly findings: readonly Finding[];
  readonly decisions: readonly Decision[];
  /** Keys of findings shown and acknowledged. */
  readonly acknowledged: readonly string[];
  readonly decidedOn: CalendarDate;
  /** Days after the decision the clearance still holds. */
  readonly validDays: number;
}

export interface Clearance {
  readonly outcome: ClearanceOutcome;
  readonly decidedOn: CalendarDate;
  /** The last day it holds; null unless cleared. */
  readonly expiresOn: CalendarDate | null;
  /** Rule codes whose workflow opens (no response to an earlier treatment). */
  readonly pathways: readonly string[];
}

/** What the findings and decisions come to when nobody insists on treating. */
export function outcomeOf({
  findings,
  decisions,
}: Pick<Conclusion, 'findings' | 'decisions'>): ClearanceOutcome {
  const against = decisions.some(
    ({ findingKey: key, proceed }) => !proceed && findings.some((finding) => findingKey(finding) === key),
  );
  const blocks = findings.filter(({ severity }) => severity === 'block');
  if (against || blocks.some(({ passes }) => !passes)) return 'unsuitable';
  if (blocks.length > 0) return 'deferred';
  return findings.some(({ severity }) => severity === 'prescriber-decision')
    ? 'cleared-with-decision'
    : 'cleared';
}

/**
 * Clears the patient for treatment, or refuses. A block has no override; a prescriber decision needs a prescriber
 * and a reason; an acknowledgement must be there.
 * @throws BlockedBySafetyRule, DecisionMissing, DecisionNeedsPrescriber, DecisionReasonMissing, DecidedAgainst,
 *   AcknowledgementMissing, ClearanceDaysInvalid
 */
export function clear(conclusion: Conclusion): Clearance {
  const { findings, decisions, acknowledged, decidedOn, validDays } = conclusion;
  if (!Number.isSafeInteger(validDays) || validDays < 0) throw new ClearanceDaysInvalid({ validDays });
  const blocks = findings.filter(({ severity }) => severity === 'block');
  if (blocks.length > 0) throw new BlockedBySafetyRule({ rules: blocks.map(findingKey) });
  for (const finding of findings) {
    if (finding.severity === 'prescriber-decision') assertDecided(finding, decisions);
    if (finding.severity === 'acknowledge' && !acknowledged.includes(findingKey(finding))) {
      throw new AcknowledgementMissing({ finding: findingKey(finding) });
    }
  }
  return {
    outcome: outcomeOf(conclusion),
    decidedOn,
    expiresOn: addDays(decidedOn, validDays),
    pathways: findings.filter(({ severity }) => severity === 'pathway').map(({ ruleCode }) => ruleCode),
  };
}

/** Ends the consultation without clearing. @throws DecisionReasonMissing */
export function decline(
  outcome: 'deferred' | 'unsuitable',
  reason: string,
  decidedOn: CalendarDate,
): Clearance {
  if (reason.trim() === '') throw new DecisionReasonMissing({ outcome });
  return { outcome, decidedOn, expiresOn: null, pathways: [] };
}

/** Refuses a decision that does not fit its finding. @throws BlockedBySafetyRule, DecisionDoesNotFit, DecisionNeedsPrescriber, DecisionReasonMissing */
export function assertDecidable(
  finding: Finding,
  decision: 'proceed' | 'acknowledged',
  reason: string,
  isPrescriber: boolean,
): void {
  const key = findingKey(finding);
  if (finding.severity === 'block') throw new BlockedBySafetyRule({ rules: [key] });
  const fitting = finding.severity === 'prescriber-decision' ? 'proceed' : 'acknowledged';
  if (decision !== fitting)
    throw new DecisionDoesNotFit({ finding: key, severity: finding.severity, fitting });
  if (decision === 'acknowledged') return;
  if (!isPrescriber) throw new DecisionNeedsPrescriber({ finding: key });
  if (reason.trim() === '') throw new DecisionReasonMissing({ finding: key });
}

function assertDecided(finding: Finding, decisions: readonly Decision[]): void {
  const key = findingKey(finding);
  const own = decisions.filter((decision) => decision.findingKey === key);
  if (own.length === 0) throw new DecisionMissing({ finding: key });
  for (const { by, reason, proceed } of own) {
    if (!by.isPrescriber) throw new DecisionNeedsPrescriber({ finding: key });
    if (reason.trim() === '') throw new DecisionReasonMissing({ finding: key });
    if (!proceed) throw new DecidedAgainst({ finding: key });
  }
}

/** Refuses to treat without a clearance that holds on the day. @throws NotCleared, ClearanceExpired */
export function assertCleared({ outcome, decidedOn, expiresOn }: Clearance, on: CalendarDate): void {
  if (expiresOn === null || (outcome !== 'cleared' && outcome !== 'cleared-with-decision')) {
    throw new NotCleared({ outcome });
  }
  if (on < decidedOn || on > expiresOn) throw new ClearanceExpired({ decidedOn, expiresOn, on });
}
