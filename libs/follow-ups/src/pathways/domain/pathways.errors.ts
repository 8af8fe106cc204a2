import { refusal } from '#kernel';

export class PathwayNotFound extends refusal({
  code: 'non_response_pathway_not_found',
  kind: 'not-found',
  title: 'There is no such non-response pathway in this clinic',
}) {}

export class PathwayNeedsPrescriber extends refusal({
  code: 'non_response_pathway_needs_prescriber',
  kind: 'rule',
  title: 'What is found in a non-response pathway is a prescriber’s decision',
}) {}

/** Facts: `status`. */
export class PathwayClosed extends refusal({
  code: 'non_response_pathway_closed',
  kind: 'rule',
  title: 'The non-response pathway has its conclusion already',
}) {}

/** Facts: `missing` steps, in the order in which they are looked at. */
export class PathwayStepsMissing extends refusal({
  code: 'non_response_steps_missing',
  kind: 'rule',
  title: 'A conclusion needs a finding at every step: technique, muscles, antibodies',
}) {}
