import type { Offset } from '#kernel';
import type { Candidate, DateExplanation, DateName, Explanation } from './explanation.js';
import { spoken } from './patient-summary.js';

const NAMES: Readonly<Record<DateName, string>> = {
  earliest: 'the earliest permitted day',
  recommendedFrom: 'the first recommended day',
  target: 'the target',
  recommendedTo: 'the last recommended day',
  lapsedAfter: 'the day the effect is taken to have lapsed',
  reviewFrom: 'the first day of the review',
  reviewTo: 'the last day of the review',
  nonResponseCheck: 'the non-response check',
};

/**
 * One date's reason in a sentence for the desk: what it is counted from and by whose rule, or what is missing.
 * `nameOf` gives the name people read for a product's id.
 */
export function whyDate(
  { candidates, missing }: DateExplanation,
  nameOf: (product: string) => string,
): string {
  const winner = candidates.find(({ wins }) => wins);
  if (!winner) return [...new Set(missing.map(({ reason }) => reason))].join(' ');
  const { base, offsets } = winner;
  if ('date' in base) return `It may not lie before ${NAMES[base.date]}.`;
  const given = base.event === 'full' ? 'treatment' : 'touch-up';
  const counted = `${spokenOffsets(offsets)} after the ${given} with ${nameOf(base.product)} on ${spoken(base.treatedOn)}`;
  return `${counted}, ${ruleOf(winner)}.`;
}

/** "When should I come back, and why?" in one look: the first permitted day and the best one, each with its reason. */
export function whyArea(
  { earliest, target }: Pick<Explanation, 'earliest' | 'target'>,
  nameOf: (product: string) => string,
): string {
  if (earliest.date === null) return whyDate(earliest, nameOf);
  const first = `Not before ${spoken(earliest.date)}: ${lower(whyDate(earliest, nameOf))}`;
  if (target.date === null) return first;
  return target.date === earliest.date
    ? `${first} That is also the best day.`
    : `${first} Best around ${spoken(target.date)}: ${lower(whyDate(target, nameOf))}`;
}

function ruleOf({ ruleId, sources }: Candidate): string {
  if (ruleId.startsWith('personal-interval/')) return 'going by the patient’s own visits';
  if (sources.includes('CLINIC')) return 'as the clinic’s own protocol says';
  if (ruleId.endsWith('/label')) return 'the shortest interval of its label';
  if (ruleId.endsWith('/manufacturer')) return 'the shortest interval its manufacturer names';
  return 'as the protocol recommends';
}

/** `16 weeks and 12 days`, `16 weeks less 5 days`; a part of nothing is left out. */
function spokenOffsets(offsets: readonly Offset[]): string {
  const [first = { n: 0, unit: 'day' }, ...others] = offsets.filter(({ n }) => n !== 0);
  const said = others.map(({ n, unit }) => ` ${n < 0 ? 'less' : 'and'} ${count(Math.abs(n), unit)}`);
  return `${count(first.n, first.unit)}${said.join('')}`;
}

const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;
const lower = (sentence: string): string => `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
