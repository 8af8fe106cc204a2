import type { CalendarDate } from '#kernel';
import type { ReturnQuestion, ReturnScope } from './return-cycles.js';
import { MOST_COMPARED } from './statistics/comparison/clustered-log-rank.js';

const RETURN: Record<ReturnScope, string> = {
  'same-area': 'a next signed full treatment of the same area',
  'any-area': 'a next signed full treatment of any area',
};

const SHARES = new Map([
  [0.25, 'a quarter'],
  [0.5, 'half'],
  [0.75, 'three quarters'],
]);

/** What each figure says, in one sentence, printed beside it; touch-ups and withdrawn treatments never count. */
export const definitionOf = {
  probability: ({ scope, asOf }: ReturnQuestion, horizon: number): string =>
    `Probability of ${RETURN[scope]} within ${horizon} days of a full treatment: 1 − Kaplan–Meier, with patients not ` +
    `back yet counted for as long as they were watched (to ${asOf}, or to the day they died or moved away; opting out ` +
    `of contact ends no watch, since who opted out may come and is counted), and a 95 % log-log ` +
    `interval with Greenwood’s variance (clustered: treatments of one patient taken as dependent).`,
  withDepartures: ({ scope, asOf }: ReturnQuestion, horizon: number): string =>
    `Share of full treatments followed by ${RETURN[scope]} within ${horizon} days before the patient died, moved away or ` +
    `asked not to be contacted, whichever came first: Aalen–Johansen cumulative incidence as known on ${asOf}, with a ` +
    `95 % log-log interval (treatments of one patient taken as independent).`,
  maturedOnly: ({ scope, asOf }: ReturnQuestion, horizon: number): string =>
    `Of the full treatments at least ${horizon} days before ${asOf}, those followed by ${RETURN[scope]} within ` +
    `${horizon} days, with Wilson’s 95 % interval and the exact one beside it; who left without returning counts as not ` +
    `returned.`,
  quantile: ({ scope, asOf }: ReturnQuestion, share: number): string =>
    `The first day by which at least ${SHARES.get(share) ?? `${share * 100} %`} of full treatments were followed by ` +
    `${RETURN[scope]}: min{t: S(t) ≤ ${1 - share}} of the Kaplan–Meier curve as of ${asOf}, with a 95 % interval by ` +
    `inversion of its limits.`,
  cohort: ({ scope }: ReturnQuestion, first: CalendarDate, last: CalendarDate): string =>
    `Full treatments from ${first} to ${last} and how many were followed by ${RETURN[scope]} within each number of ` +
    `days; a cell is complete when every one of them has been watched that long and the period is over.`,
  comparison: ({ scope, asOf }: ReturnQuestion): string =>
    `Log-rank test whether the groups’ curves to ${RETURN[scope]} as of ${asOf} are one: “logRank” takes treatments of one ` +
    `patient as independent, “clusteredLogRank” as dependent (robust score test, up to ${MOST_COMPARED} groups) and is the one ` +
    `to go by where patients come again; and between exactly two groups the difference of their matured-only shares, first minus second, ` +
    `with Newcombe’s 95 % interval (method 10).`,
  cohortTable: ({ scope, asOf }: ReturnQuestion): string =>
    `Full treatments of each cohort known on ${asOf}, and how many of them were followed by ${RETURN[scope]} within each ` +
    `number of days so far; “watched” are those at least that long ago, and a cell is complete when that is all of them ` +
    `and the period is over.`,
} as const;

/** The same, by the names the figures of a group have. */
export const definitionsOf = (
  question: ReturnQuestion,
  horizons: readonly number[],
): Record<string, string> => ({
  ...Object.fromEntries(
    horizons.flatMap((days) => [
      [`probability-${days}`, definitionOf.probability(question, days)],
      [`incidence-${days}`, definitionOf.withDepartures(question, days)],
      [`matured-${days}`, definitionOf.maturedOnly(question, days)],
    ]),
  ),
  firstQuartile: definitionOf.quantile(question, 0.25),
  median: definitionOf.quantile(question, 0.5),
  thirdQuartile: definitionOf.quantile(question, 0.75),
});
