import { addOffsets, ageOn, type CalendarDate } from '#kernel';
import {
  areaOf,
  productOf,
  type Catalogue,
  type Market,
  type Product,
  type SafetyRule,
  type Severity,
} from '#catalogue';
import { freshness, type Answer, type Freshness, type ShelfLives } from './screening.js';

/** Something the safety rules found against a plan. */
export interface Finding {
  /** A rule code of the catalogue, or `screening_incomplete`. */
  readonly ruleCode: string;
  /** The catalogue version the rule was read from. */
  readonly version: string;
  readonly severity: Exclude<Severity, 'none'>;
  readonly text: string;
  readonly sources: readonly string[];
  readonly confidence: string;
  /** Null: it concerns every planned product. */
  readonly product: string | null;
  /** What made the rule match: a question and its answer, or an age in years. */
  readonly because: Readonly<Record<string, string | number | null>>;
  /** The market whose rule was carried over, where the source has none for this one. */
  readonly carriedOverFrom: Market | null;
  /** Whether waiting may lift it: an infection heals, a question can be asked. */
  readonly passes: boolean;
}

export interface SafetyQuery {
  readonly catalogue: Catalogue;
  readonly market: Market;
  /** Product ids planned. */
  readonly products: readonly string[];
  /** Area ids planned. */
  readonly areas: readonly string[];
  readonly birthDate: CalendarDate;
  /** The day of the treatment. */
  readonly onDate: CalendarDate;
  readonly answers: readonly Answer[];
  readonly shelfLives?: ShelfLives;
}

export const SCREENING_INCOMPLETE = 'screening_incomplete';

/** Adults only, in every market and for every product. */
const ADULT = 18;

/** Pregnancy and breastfeeding end, so they defer rather than exclude. */
const PASSING = new Set(['PREGNANCY', 'BREASTFEEDING', 'AGE_U18']);

/**
 * The market's safety rules against the answers and the age, on the day of the treatment. A question that no answer
 * or only a stale one decides is itself a blocking finding: not knowing is not the same as no.
 * @throws UnknownProduct, UnknownArea, UnknownQuestion, NotAnAnswer
 */
export function safetyCheck(query: SafetyQuery): Finding[] {
  const products = [...new Set(query.products)].map((id) => productOf(query.catalogue, id));
  for (const area of query.areas) areaOf(query.catalogue, area);
  const screening = freshness(query.answers, query.onDate, query.shelfLives);
  return query.catalogue.safetyRules.flatMap((rule) => {
    if (rule.code === 'AGE_U18') return adultFindings(query, rule);
    if (rule.applies === 'per-product') return upperAgeFindings(query, rule, products);
    const answered = screening.filter(({ question }) => question.ruleCode === rule.code);
    return answered.flatMap((standing) => answerFindings(query, rule, products, standing));
  });
}

function finding(
  { catalogue, market }: SafetyQuery,
  rule: SafetyRule,
  severity: Finding['severity'],
  product: string | null,
  because: Finding['because'],
): Finding {
  return {
    ruleCode: rule.code,
    version: catalogue.version,
    severity,
    text: rule.text,
    sources: rule.sources,
    confidence: rule.confidence,
    product,
    because,
    carriedOverFrom: rule.rulings[market].carriedOverFrom,
    passes: rule.defer || PASSING.has(rule.code),
  };
}

function adultFindings(query: SafetyQuery, rule: SafetyRule): Finding[] {
  const age = ageOn(query.birthDate, query.onDate);
  return age < ADULT ? [finding(query, rule, 'block', null, { age, minimum: ADULT })] : [];
}

/** The product's own age limit in this market; UK and Switzerland take the EU's where their own is missing (clinical.md 1e). */
function upperAgeFindings(query: SafetyQuery, rule: SafetyRule, products: readonly Product[]): Finding[] {
  const age = ageOn(query.birthDate, query.onDate);
  const ruling = rule.rulings[query.market];
  return products.flatMap((product) => {
    const own = product.upperAge[query.market];
    const limit = own ?? (query.market === 'US' ? undefined : product.upperAge.EU);
    const severity = ruling.products[product.id] ?? ruling.severity;
    if (!limit || severity === 'none' || (limit.including ? age < limit.years : age <= limit.years))
      return [];
    const because = { age, limit: limit.years, wording: limit.wording };
    const found = { ...finding(query, rule, severity, product.id, because), sources: limit.sources };
    return [own ? found : { ...found, carriedOverFrom: 'EU' as const }];
  });
}

/** One finding per severity case: for all products together where the rule makes no difference between them. */
function answerFindings(
  query: SafetyQuery,
  rule: SafetyRule,
  products: readonly Product[],
  { question, state, answer }: Freshness,
): Finding[] {
  const ruling = rule.rulings[query.market];
  const concerned = products.filter(({ id }) => rule.applies === 'all' || rule.applies.includes(id));
  if (concerned.length === 0 && rule.applies !== 'all') return [];
  const severityFor = (id: string): Severity =>
    ruling.answers[answer?.value ?? ''] ?? ruling.products[id] ?? ruling.severity;
  const cases = new Map(concerned.map(({ id }) => [id, severityFor(id)]));
  if (ruling.severity === 'none' && [...cases.values()].every((severity) => severity === 'none')) return [];
  if (state !== 'fresh' || !answer) {
    const because = { question: question.id, state, answeredOn: answer?.answeredOn ?? null };
    return [
      {
        ...finding(query, rule, 'block', null, because),
        ruleCode: SCREENING_INCOMPLETE,
        passes: true,
        text: question.text,
      },
    ];
  }
  if (question.unremarkable.includes(answer.value) || isLongAgo(rule, answer, query.onDate)) return [];
  const because = { question: question.id, answer: answer.value, answeredOn: answer.answeredOn };
  const separate = rule.applies !== 'all' || Object.keys(ruling.products).length > 0;
  if (!separate)
    return ruling.severity === 'none' ? [] : [finding(query, rule, ruling.severity, null, because)];
  return [...cases].flatMap(([id, severity]) =>
    severity === 'none' ? [] : [finding(query, rule, severity, id, because)],
  );
}

/** Other toxin matters for about four months (patient information, source S89); an unknown date counts as recent. */
const isLongAgo = (rule: SafetyRule, { lastOn }: Answer, onDate: CalendarDate): boolean =>
  rule.code === 'OTHER_BONT' && lastOn !== undefined && addOffsets(lastOn, { n: 4, unit: 'month' }) <= onDate;
