import { describe, expect, it } from '@jest/globals';
import { MARKETS, seedCatalogue, UnknownProduct, type Market } from '#catalogue';
import { addDays, calendarDate } from '#kernel';
import * as fc from 'fast-check';
import vectors from '../testing/vectors/clinical.json' with { type: 'json' };
import { NotAnAnswer, UnknownQuestion } from './consultations.errors.js';
import { safetyCheck, SCREENING_INCOMPLETE, type SafetyQuery } from './safety-check.js';
import { freshness, SCREENING, type Answer } from './screening.js';

const catalogue = seedCatalogue();
const onDate = calendarDate('2026-05-01');
const birthDate = calendarDate('1986-05-01');

/** Every question answered without a finding today, but for those given. */
const answers = (given: Readonly<Record<string, string>> = {}, answeredOn = onDate): Answer[] =>
  SCREENING.map((question) => ({
    questionId: question.id,
    value: given[question.id] ?? question.unremarkable[0] ?? '',
    answeredOn,
  }));

const check = (
  market: Market,
  product: string,
  given: Readonly<Record<string, string>> = {},
  over: Partial<SafetyQuery> = {},
) =>
  safetyCheck({
    catalogue,
    market,
    products: [product],
    areas: ['glabella'],
    birthDate,
    onDate,
    answers: answers(given),
    ...over,
  });

const brief = (findings: ReturnType<typeof check>): string[] =>
  findings.map(({ ruleCode, severity, product }) => [ruleCode, severity, product ?? 'all'].join(' '));

const blocks = (id: string): unknown => vectors.dose.find((vector) => vector.id === id)?.expect.block;

const told = (lastOn: string): Answer[] => [
  ...answers(),
  { questionId: 'other_toxin', value: 'yes', answeredOn: onDate, lastOn: calendarDate(lastOn) },
];

const odd = (questionId: string, value: string) => [{ questionId, value, answeredOn: onDate }];

const standing = (day: number, id: string, shelfLives = {}) =>
  freshness(answers(), addDays(onDate, day), shelfLives).find(({ question }) => question.id === id)?.state;

describe('the worked safety examples', () => {
  it('D20 blocks Dysport with a cow’s milk protein allergy in the US', () => {
    const findings = check('US', 'abo', { cow_milk_allergy: 'yes' });
    expect(brief(findings)).toEqual(['COW_MILK_ALLERGY block abo']);
    expect(findings.some(({ severity }) => severity === 'block')).toBe(blocks('D20'));
  });

  it('D22 blocks Vistabel with myasthenia gravis in the EU', () => {
    const findings = check('EU', 'ona', { neuromuscular_disease: 'yes' });
    expect(brief(findings)).toEqual(['NMJ_DISEASE block all']);
    expect(findings.some(({ severity }) => severity === 'block')).toBe(blocks('D22'));
  });
});

describe('the safety check', () => {
  it('finds nothing in a healthy adult, in every market and for every product', () => {
    for (const market of MARKETS) {
      for (const { id } of catalogue.products) expect(check(market, id)).toEqual([]);
    }
  });

  it('decides every rule of the catalogue by a question or by age', () => {
    const asked = new Set(SCREENING.map(({ ruleCode }) => ruleCode));
    const rules = catalogue.safetyRules.map(({ code }) => code);
    expect(rules.filter((code) => !asked.has(code))).toEqual(['AGE_U18', 'AGE_UPPER']);
    expect([...asked].filter((code) => !rules.includes(code))).toEqual([]);
  });

  it.each([
    ['US', 'ona', 'neuromuscular_disease', 'yes', ['NMJ_DISEASE prescriber-decision all']],
    ['CH', 'ona', 'neuromuscular_disease', 'yes', ['NMJ_DISEASE block all']],
    ['EU', 'leti', 'als', 'yes', ['ALS block leti']],
    ['UK', 'rela', 'als', 'yes', ['ALS block rela']],
    ['UK', 'ona', 'als', 'yes', ['ALS prescriber-decision ona']],
    ['UK', 'abo', 'cow_milk_allergy', 'yes', ['COW_MILK_ALLERGY prescriber-decision abo']],
    ['US', 'ona', 'cow_milk_allergy', 'yes', []],
    ['EU', 'ona', 'albumin', 'allergy', ['ALBUMIN block ona']],
    ['EU', 'ona', 'albumin', 'objection', ['ALBUMIN acknowledge ona']],
    ['EU', 'rela', 'albumin', 'allergy', []],
    ['US', 'ona', 'cardiovascular', 'yes', ['CARDIOVASCULAR acknowledge ona']],
    ['EU', 'ona', 'cardiovascular', 'yes', []],
    ['US', 'ona', 'pregnancy', 'trying', ['PREGNANCY block all']],
    ['UK', 'ona', 'pregnancy', 'not-applicable', []],
    ['UK', 'ona', 'treatment_failure', 'yes', ['TREATMENT_FAILURE pathway all']],
    ['UK', 'ona', 'aminoglycosides', 'yes', ['AMINOGLYCOSIDE prescriber-decision all']],
  ] as const)('%s %s, %s = %s: %j', (market, product, question, value, expected) => {
    expect(brief(check(market, product, { [question]: value }))).toEqual(expected);
  });

  it('names rule, version, source and reason', () => {
    expect(check('CH', 'ona', { breastfeeding: 'yes' })).toMatchObject([
      {
        ruleCode: 'BREASTFEEDING',
        version: '2026-11-23',
        sources: ['S10', 'S16', 'S22', 'S70'],
        because: { question: 'breastfeeding', answer: 'yes', answeredOn: '2026-05-01' },
        carriedOverFrom: 'EU',
      },
    ]);
  });

  it('blocks until the eighteenth birthday, everywhere', () => {
    for (const market of MARKETS) {
      expect(brief(check(market, 'ona', {}, { birthDate: calendarDate('2008-05-02') }))).toEqual([
        'AGE_U18 block all',
      ]);
      expect(check(market, 'ona', {}, { birthDate: calendarDate('2008-05-01') })).toEqual([]);
    }
  });

  it.each([
    ['UK', 'leti', '1951-05-01', ['AGE_UPPER block leti']],
    ['UK', 'leti', '1951-05-02', []],
    ['UK', 'abo', '1961-05-01', ['AGE_UPPER acknowledge abo']],
    ['UK', 'abo', '1961-05-02', []],
    ['UK', 'ona', '1960-05-01', ['AGE_UPPER acknowledge ona']],
    ['UK', 'ona', '1961-05-01', []],
    ['US', 'ona', '1930-01-01', []],
    ['EU', 'prabo', '1961-05-01', []],
    ['EU', 'prabo', '1960-05-01', ['AGE_UPPER acknowledge prabo']],
    ['US', 'daxi', '1930-01-01', []],
    ['CH', 'leti', '1951-05-01', ['AGE_UPPER block leti']],
  ] as const)('%s %s born %s: %j', (market, product, born, expected) => {
    expect(brief(check(market, product, {}, { birthDate: calendarDate(born) }))).toEqual(expected);
  });

  it('asks about other toxin for four months', () => {
    expect(check('UK', 'ona', {}, { answers: told('2026-01-01') })).toEqual([]);
    expect(brief(check('UK', 'ona', {}, { answers: told('2026-01-02') }))).toEqual([
      'OTHER_BONT prescriber-decision all',
    ]);
    expect(brief(check('UK', 'ona', { other_toxin: 'yes' }))).toEqual(['OTHER_BONT prescriber-decision all']);
  });

  it('blocks on every question without a fresh answer, and never on one that decides nothing', () => {
    const findings = check('EU', 'rela', {}, { answers: [] });
    expect(new Set(findings.map(({ ruleCode, severity }) => `${ruleCode} ${severity}`))).toEqual(
      new Set([`${SCREENING_INCOMPLETE} block`]),
    );
    const asked = findings.map(({ because }) => because['question']);
    expect(asked).toHaveLength(18);
    expect(asked).not.toContain('cow_milk_allergy');
    expect(asked).not.toContain('albumin');
    expect(asked).not.toContain('cardiovascular');
  });

  it('asks again the next day what can change by the day', () => {
    const stale = check('UK', 'ona', {}, { onDate: addDays(onDate, 1), answers: answers() });
    const asked = stale.map(({ because }) => because['question']);
    expect(asked).toContain('pregnancy');
    expect(asked).not.toContain('hypersensitivity');
    expect(stale.every(({ because }) => because['state'] === 'stale')).toBe(true);
  });

  it('is never made milder by another remarkable answer', () => {
    const given = fc.record(
      Object.fromEntries(SCREENING.map(({ id, answers: all }) => [id, fc.constantFrom(...all)])),
    );
    fc.assert(
      fc.property(
        given,
        fc.constantFrom(...SCREENING),
        fc.constantFrom(...MARKETS),
        (said, question, market) => {
          const healthier = { ...said, [question.id]: question.unremarkable[0] ?? '' };
          const worse = new Set(brief(check(market, 'ona', said)));
          for (const line of brief(check(market, 'ona', healthier))) expect(worse).toContain(line);
        },
      ),
    );
  });

  it('refuses an unknown question, answer or product', () => {
    expect(() => check('UK', 'ona', {}, { answers: odd('shoe_size', 'no') })).toThrow(UnknownQuestion);
    expect(() => check('UK', 'ona', {}, { answers: odd('albumin', 'perhaps') })).toThrow(NotAnAnswer);
    expect(() => check('UK', 'botox')).toThrow(UnknownProduct);
  });
});

describe('the shelf life of an answer', () => {
  it('is the day for pregnancy and half a year for history', () => {
    expect([standing(0, 'pregnancy'), standing(1, 'pregnancy')]).toEqual(['fresh', 'stale']);
    expect([standing(183, 'keloid'), standing(184, 'keloid')]).toEqual(['fresh', 'stale']);
  });

  it('can be the clinic’s own', () => {
    expect(standing(31, 'keloid', { keloid: 30 })).toBe('stale');
  });

  it('takes the latest answer and none from the future', () => {
    expect(standing(-1, 'keloid')).toBe('unanswered');
    const corrected = [...answers(), { questionId: 'keloid', value: 'yes', answeredOn: onDate }];
    expect(freshness(corrected, onDate).find(({ question }) => question.id === 'keloid')?.answer?.value).toBe(
      'yes',
    );
  });
});
