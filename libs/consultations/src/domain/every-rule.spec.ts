import { readFileSync } from 'node:fs';

import { MARKETS, seedCatalogue, type Market } from '#catalogue';
import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { safetyCheck } from './safety-check.js';
import { SCREENING } from './screening.js';

interface Rule {
  code: string;
  applies: string | string[];
  severity: Record<string, string>;
  sources: string[];
}

const catalogue = seedCatalogue();
const { safety_rules: rules } = JSON.parse(
  readFileSync(new URL('../../../catalogue/data/catalogue.json', import.meta.url), 'utf8'),
) as { safety_rules: Rule[] };
const onDate = calendarDate('2026-05-01');

/** The table of clinical.md 1d in the words of the findings, written out by hand: product ona unless named. */
const FOUND: Readonly<Record<string, Readonly<Record<Exclude<Market, 'CH'>, string>>>> = {
  HYPERSENS_BONT: { US: 'block', EU: 'block', UK: 'block' },
  SITE_INFECTION: { US: 'block', EU: 'block', UK: 'block' },
  AGE_U18: { US: 'block', EU: 'block', UK: 'block' },
  AGE_UPPER: { US: '-', EU: 'acknowledge', UK: 'acknowledge' },
  NMJ_DISEASE: { US: 'prescriber-decision', EU: 'block', UK: 'block' },
  ALS: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  COW_MILK_ALLERGY: { US: 'block', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  ALBUMIN: { US: 'block', EU: 'block', UK: 'block' },
  PREGNANCY: { US: 'block', EU: 'block', UK: 'block' },
  BREASTFEEDING: { US: 'block', EU: 'block', UK: 'block' },
  DYSPHAGIA_RESP: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  AMINOGLYCOSIDE: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  NMJ_DRUGS: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  ANTICHOLINERGIC: { US: 'acknowledge', EU: 'acknowledge', UK: 'acknowledge' },
  OTHER_BONT: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  BLEEDING: { US: 'acknowledge', EU: 'acknowledge', UK: 'acknowledge' },
  LOCAL_ANATOMY: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  DRY_EYE: { US: 'acknowledge', EU: 'acknowledge', UK: 'acknowledge' },
  CARDIOVASCULAR: { US: 'acknowledge', EU: '-', UK: '-' },
  SURGERY_PLANNED: { US: 'acknowledge', EU: 'acknowledge', UK: 'acknowledge' },
  BDD: { US: 'prescriber-decision', EU: 'prescriber-decision', UK: 'prescriber-decision' },
  KELOID: { US: 'acknowledge', EU: 'acknowledge', UK: 'acknowledge' },
  TREATMENT_FAILURE: { US: 'pathway', EU: 'pathway', UK: 'pathway' },
};

/** What the check says of this rule alone when everything else is unremarkable. */
function found({ code, applies }: Rule, market: Market): string {
  const asked = SCREENING.find(({ ruleCode }) => ruleCode === code);
  const remark = asked?.answers.find((answer) => !asked.unremarkable.includes(answer));
  const birthDate = { AGE_U18: '2008-05-02', AGE_UPPER: '1955-05-01' }[code] ?? '1986-05-01';
  const findings = safetyCheck({
    catalogue,
    market,
    products: [Array.isArray(applies) ? (applies[0] ?? '') : 'ona'],
    areas: ['glabella'],
    birthDate: calendarDate(birthDate),
    onDate,
    answers: SCREENING.map(({ id, unremarkable }) => ({
      questionId: id,
      value: (id === asked?.id ? remark : unremarkable[0]) ?? '',
      answeredOn: onDate,
    })),
  });
  for (const finding of findings) {
    const age =
      code === 'AGE_UPPER'
        ? finding.sources
        : catalogue.safetyRules.find((rule) => rule.code === code)?.sources;
    expect(finding).toMatchObject({ ruleCode: code, version: catalogue.version, sources: age });
  }
  return findings.map(({ severity }) => severity).join(' ') || '-';
}

describe('every safety rule of the catalogue', () => {
  it('is one of 23', () => {
    expect(rules.map(({ code }) => code)).toEqual(Object.keys(FOUND));
  });

  it.each(rules.map((rule) => [rule.code, rule] as const))(
    '%s is found as its market has it',
    (code, rule) => {
      const expected = FOUND[code];
      for (const market of ['US', 'EU', 'UK'] as const)
        expect([market, found(rule, market)]).toEqual([market, expected?.[market]]);
      // Switzerland has no column of its own: the stricter of EU and UK, and the product's own upper age.
      expect(['CH', found(rule, 'CH')]).toEqual(['CH', expected?.EU]);
      expect(MARKETS).toContain('CH');
    },
  );
});
