import { describe, expect, it } from '@jest/globals';
import { addDays, calendarDate } from '#kernel';
import {
  assertCleared,
  clear,
  decline,
  findingKey,
  outcomeOf,
  type Conclusion,
  type Decision,
} from './clearance.js';
import {
  AcknowledgementMissing,
  BlockedBySafetyRule,
  ClearanceDaysInvalid,
  ClearanceExpired,
  DecidedAgainst,
  DecisionMissing,
  DecisionNeedsPrescriber,
  DecisionReasonMissing,
  NotCleared,
} from './consultations.errors.js';
import type { Finding } from './safety-check.js';

const decidedOn = calendarDate('2026-05-01');

const aFinding = (severity: Finding['severity'], over: Partial<Finding> = {}): Finding => ({
  ruleCode: 'RULE',
  version: '2026-11-23',
  severity,
  text: 'A condition',
  sources: ['S22'],
  confidence: 'label',
  product: null,
  because: { question: 'dry_eye', answer: 'yes' },
  carriedOverFrom: null,
  passes: false,
  ...over,
});

const aConclusion = (over: Partial<Conclusion> = {}): Conclusion => ({
  findings: [],
  decisions: [],
  acknowledged: [],
  decidedOn,
  validDays: 30,
  ...over,
});

const decision = (finding: Finding, over: Partial<Decision> = {}): Decision => ({
  findingKey: findingKey(finding),
  proceed: true,
  reason: 'mild, discussed',
  by: { staffId: 's1', isPrescriber: true },
  ...over,
});

describe('a clearance', () => {
  const serious = aFinding('prescriber-decision');
  const minor = aFinding('acknowledge');

  it('is given to a patient without findings, for thirty days', () => {
    expect(clear(aConclusion())).toEqual({
      outcome: 'cleared',
      decidedOn,
      expiresOn: '2026-05-31',
      pathways: [],
    });
  });

  it('says when a prescriber decided', () => {
    const given = clear(aConclusion({ findings: [serious], decisions: [decision(serious)] }));
    expect(given.outcome).toBe('cleared-with-decision');
  });

  it('opens the pathway of an earlier failure', () => {
    const failure = aFinding('pathway', { ruleCode: 'TREATMENT_FAILURE' });
    expect(clear(aConclusion({ findings: [failure] })).pathways).toEqual(['TREATMENT_FAILURE']);
  });

  it('passes once a finding is acknowledged', () => {
    expect(clear(aConclusion({ findings: [minor], acknowledged: [findingKey(minor)] })).outcome).toBe(
      'cleared',
    );
  });

  const block = aFinding('block');
  it.each([
    [
      'on a block, even decided by a prescriber',
      { findings: [block], decisions: [decision(block)], acknowledged: [findingKey(block)] },
      BlockedBySafetyRule,
    ],
    ['without the decision', { findings: [serious] }, DecisionMissing],
    [
      'with a decision on another finding',
      { findings: [serious], decisions: [decision(serious, { findingKey: 'OTHER:x' })] },
      DecisionMissing,
    ],
    [
      'decided by someone who may not prescribe',
      { findings: [serious], decisions: [decision(serious, { by: { staffId: 's2', isPrescriber: false } })] },
      DecisionNeedsPrescriber,
    ],
    [
      'decided without a reason',
      { findings: [serious], decisions: [decision(serious, { reason: ' ' })] },
      DecisionReasonMissing,
    ],
    [
      'decided against',
      { findings: [serious], decisions: [decision(serious, { proceed: false })] },
      DecidedAgainst,
    ],
    ['without the acknowledgement', { findings: [minor] }, AcknowledgementMissing],
    ['for a fraction of a day', { validDays: 0.5 }, ClearanceDaysInvalid],
  ])('is refused %s', (_name, over, error) => {
    expect(() => clear(aConclusion(over))).toThrow(error);
  });

  it('holds on its days and no longer', () => {
    const given = clear(aConclusion());
    expect(() => assertCleared(given, decidedOn)).not.toThrow();
    expect(() => assertCleared(given, addDays(decidedOn, 30))).not.toThrow();
    expect(() => assertCleared(given, addDays(decidedOn, 31))).toThrow(ClearanceExpired);
    expect(() => assertCleared(given, addDays(decidedOn, -1))).toThrow(ClearanceExpired);
  });

  it('is not there after a deferral, which needs a reason', () => {
    expect(() => assertCleared(decline('deferred', 'antibiotics', decidedOn), decidedOn)).toThrow(NotCleared);
    expect(() => decline('unsuitable', '', decidedOn)).toThrow(DecisionReasonMissing);
  });
});

describe('the outcome the findings come to', () => {
  it('is deferred for what passes and unsuitable for what stays', () => {
    const infection = aFinding('block', { passes: true });
    expect(outcomeOf({ findings: [infection], decisions: [] })).toBe('deferred');
    expect(outcomeOf({ findings: [infection, aFinding('block')], decisions: [] })).toBe('unsuitable');
  });

  it('is unsuitable when the prescriber decided against', () => {
    const serious = aFinding('prescriber-decision');
    expect(outcomeOf({ findings: [serious], decisions: [decision(serious, { proceed: false })] })).toBe(
      'unsuitable',
    );
  });
});
