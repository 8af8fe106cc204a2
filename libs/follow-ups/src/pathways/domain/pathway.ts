import { NON_RESPONSE_STEPS } from '../../domain/outcome.js';
import { PathwayClosed, PathwayNeedsPrescriber, PathwayStepsMissing } from './pathways.errors.js';

export type PathwayStep = (typeof NON_RESPONSE_STEPS)[number];

export const PATHWAY_FINDINGS = ['ruled-out', 'likely', 'unclear'] as const;
export type PathwayFinding = (typeof PATHWAY_FINDINGS)[number];

/** What a prescriber may come to; `withdrawn` is not theirs to say: the treatment turned out to be a mistake. */
export const PATHWAY_CONCLUSIONS = ['retreat', 'change-product', 'refer', 'no-further-treatment'] as const;
export type PathwayConclusion = (typeof PATHWAY_CONCLUSIONS)[number];

export const PATHWAY_STATUSES = ['open', 'closed'] as const;
export type PathwayStatus = (typeof PATHWAY_STATUSES)[number];

/** A pathway as far as the rules ask. */
export interface Pathway {
  readonly status: PathwayStatus;
  /** Steps somebody has looked at, in any order. */
  readonly steps: readonly { readonly step: PathwayStep }[];
}

/** Steps nobody has looked at yet, in the order in which they are looked at. */
export const stepsLeft = ({ steps }: Pick<Pathway, 'steps'>): PathwayStep[] =>
  NON_RESPONSE_STEPS.filter((step) => !steps.some((done) => done.step === step));

/** What is found at a step is a prescriber's word, while the pathway is open. @throws PathwayNeedsPrescriber, PathwayClosed */
export function assertMayDecide({ status }: Pick<Pathway, 'status'>, isPrescriber: boolean): void {
  if (!isPrescriber) throw new PathwayNeedsPrescriber();
  if (status === 'closed') throw new PathwayClosed({ status });
}

/** A conclusion rests on every step. @throws PathwayNeedsPrescriber, PathwayClosed, PathwayStepsMissing */
export function assertMayConclude(pathway: Pathway, isPrescriber: boolean): void {
  assertMayDecide(pathway, isPrescriber);
  const missing = stepsLeft(pathway);
  if (missing.length > 0) throw new PathwayStepsMissing({ missing });
}
