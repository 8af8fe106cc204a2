import type { JsonAt } from './json-at.js';
import type { Market } from './catalogue.js';
import type { Ruling, Severity } from './safety-rule.js';

type Reading = Pick<Ruling, 'severity'> & Partial<Pick<Ruling, 'products' | 'answers'>>;

/**
 * What the source's words mean. A wording that is not here is refused, so that changed data never slips in under an
 * old severity. `warn_high` (not recommended by the label) needs a prescriber like `warn_prescriber`.
 */
const WORDINGS: Readonly<Record<string, Reading>> = {
  block: { severity: 'block' },
  'block (also at booking)': { severity: 'block' },
  'policy block': { severity: 'block' },
  warn_prescriber: { severity: 'prescriber-decision' },
  'warn_prescriber (caution)': { severity: 'prescriber-decision' },
  'warn_prescriber (warning, not contraindication)': { severity: 'prescriber-decision' },
  'warn_prescriber (verify SmPC)': { severity: 'prescriber-decision' },
  'warn_prescriber (Letybo, Vistabel: not recommended)': { severity: 'prescriber-decision' },
  warn_high: { severity: 'prescriber-decision' },
  'warn_high (not recommended)': { severity: 'prescriber-decision' },
  warn: { severity: 'acknowledge' },
  pathway: { severity: 'pathway' },
  '-': { severity: 'none' },
  'leti >=75 block; others warn': { severity: 'acknowledge', products: { leti: 'block' } },
  // A motor neurone disease is never waved through by acknowledgement: "warn others" is read as in the US column.
  'block for leti, rela; warn others': {
    severity: 'prescriber-decision',
    products: { leti: 'block', rela: 'block' },
  },
  'block if allergy, inform if objection': {
    severity: 'block',
    answers: { allergy: 'block', objection: 'acknowledge' },
  },
};

type SourceMarket = Exclude<Market, 'CH'>;

/** Which column a "same" refers to, by rule. */
const SAME_AS: Readonly<Record<string, Readonly<Partial<Record<SourceMarket, SourceMarket>>>>> = {
  AGE_UPPER: { UK: 'EU' },
  ALS: { UK: 'EU' },
  ALBUMIN: { EU: 'US', UK: 'US' },
  DYSPHAGIA_RESP: { UK: 'EU' },
};

const STRICTNESS: readonly Severity[] = ['none', 'pathway', 'acknowledge', 'prescriber-decision', 'block'];

const stricter = (a: Severity, b: Severity): Severity =>
  STRICTNESS.indexOf(a) >= STRICTNESS.indexOf(b) ? a : b;

/** The stricter of two rulings, case by case. */
function strictest(a: Ruling, b: Ruling): Omit<Ruling, 'carriedOverFrom'> {
  const merge = (pick: (ruling: Ruling) => Readonly<Record<string, Severity>>): Record<string, Severity> =>
    Object.fromEntries(
      [...new Set([...Object.keys(pick(a)), ...Object.keys(pick(b))])].map((key) => [
        key,
        stricter(pick(a)[key] ?? a.severity, pick(b)[key] ?? b.severity),
      ]),
    );
  return {
    severity: stricter(a.severity, b.severity),
    products: merge(({ products }) => products),
    answers: merge(({ answers }) => answers),
    wording: a.wording === b.wording ? a.wording : `EU: ${a.wording}; UK: ${b.wording}`,
  };
}

/**
 * The rulings of one rule in every market. The source has no Swiss column: the stricter of EU and UK is carried over
 * and marked so. @throws MalformedCatalogue for a wording without a reading
 */
export function readRulings(code: string, severity: JsonAt): Readonly<Record<Market, Ruling>> {
  const of = (market: SourceMarket): Ruling => {
    const wording = severity.at(market).text();
    const other = SAME_AS[code]?.[market];
    if (/^same( as EU)?$/.test(wording)) {
      return other ? of(other) : severity.at(market).refuse('says "same" without a column it refers to');
    }
    const reading = WORDINGS[wording] ?? severity.at(market).refuse(`has no reading for "${wording}"`);
    return { products: {}, answers: {}, wording, carriedOverFrom: null, ...reading };
  };
  const [us, eu, uk] = [of('US'), of('EU'), of('UK')];
  return { US: us, EU: eu, UK: uk, CH: { ...strictest(eu, uk), carriedOverFrom: 'EU' } };
}
