import { areaOf, productOf, type PublishedCatalogue } from '#catalogue';
import type { Candidate, Claim, DateExplanation } from '../domain/explanation.js';
import type { AreaForecast, Forecast } from '../domain/forecast.js';
import { whyArea, whyDate } from '../domain/why.js';
import { effectOf, type Reason } from '../domain/suppression.js';
import type {
  BaseView,
  CandidateView,
  DateExplanationView,
  ExplanationView,
  ReplacedView,
} from './explanation.dto.js';
import type { AreaForecastView, ForecastHeader } from './forecast.dto.js';
import type { ReasonView } from './reason.dto.js';

/** What a person reads for the ids. */
export const namesOf = (
  catalogue: PublishedCatalogue,
  { area, product }: { readonly area: string; readonly product: string },
): { areaName: string; productName: string } => ({
  areaName: areaOf(catalogue, area).name,
  productName: productOf(catalogue, product).inn,
});

export const forecastHeader = (market: string, forecast: Forecast): ForecastHeader => ({
  market,
  assessedOn: forecast.assessedOn,
  protocolVersion: forecast.protocolVersion,
  disclaimer: forecast.disclaimer,
});

export const areaForecastView = (catalogue: PublishedCatalogue, area: AreaForecast): AreaForecastView => {
  const nameOf = (product: string): string => productOf(catalogue, product).inn;
  return {
    ...area,
    ...namesOf(catalogue, area),
    why: whyArea(area.explanation, nameOf),
    explanation: explanationView(area.explanation, nameOf),
  };
};

export const reasonView = (reason: Reason): ReasonView => ({
  code: reason.code,
  until: reason.until,
  because: { ...reason.because },
  suppresses: !effectOf([reason]).listed,
});

export const explanationView = (
  explanation: AreaForecast['explanation'],
  nameOf: (product: string) => string,
): ExplanationView => ({
  earliest: dateView(explanation.earliest, nameOf),
  recommendedFrom: dateView(explanation.recommendedFrom, nameOf),
  target: dateView(explanation.target, nameOf),
  recommendedTo: dateView(explanation.recommendedTo, nameOf),
  lapsedAfter: dateView(explanation.lapsedAfter, nameOf),
  reviewFrom: dateView(explanation.reviewFrom, nameOf),
  reviewTo: dateView(explanation.reviewTo, nameOf),
  nonResponseCheck: dateView(explanation.nonResponseCheck, nameOf),
});

const dateView = (explained: DateExplanation, nameOf: (product: string) => string): DateExplanationView => {
  const { date, candidates, missing, replaced = [] } = explained;
  return {
    date,
    says: whyDate(explained, nameOf),
    candidates: candidates.map(candidateView),
    missing: missing.map((one) => ({ ...one })),
    replaced: replaced.map(claimView),
  };
};

const candidateView = (candidate: Candidate): CandidateView => ({
  ...claimView(candidate),
  wins: candidate.wins,
});

const claimView = ({ ruleId, version, base, offsets, result, sources, confidence }: Claim): ReplacedView => ({
  ruleId,
  version,
  base: { ...base } satisfies BaseView,
  offsets: offsets.map((offset) => ({ ...offset })),
  result,
  sources: [...sources],
  confidence,
});
