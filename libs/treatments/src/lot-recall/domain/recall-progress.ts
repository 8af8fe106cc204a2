/** How a patient of a recall stands: told, tried, or neither yet. */
export type RecallState = 'outstanding' | 'tried' | 'told';

export const RECALL_CHANNELS = ['phone', 'email', 'sms', 'letter', 'in-person'] as const;
export const RECALL_OUTCOMES = [
  'acknowledged',
  'message-left',
  'no-answer',
  'unreachable',
  'declined',
] as const;
export type RecallOutcome = (typeof RECALL_OUTCOMES)[number];

/** Outcomes after which the patient knows, whether they like it or not. */
export const TOLD: readonly RecallOutcome[] = ['acknowledged', 'declined'];

export interface RecallProgress {
  readonly patients: number;
  readonly told: number;
  readonly tried: number;
  readonly outstanding: number;
}

/** Counts by state; every patient is in exactly one. */
export function progressOf(
  counts: readonly { readonly state: RecallState; readonly patients: number }[],
): RecallProgress {
  const of = (state: RecallState): number =>
    counts.reduce((sum, count) => (count.state === state ? sum + count.patients : sum), 0);
  const [told, tried, outstanding] = [of('told'), of('tried'), of('outstanding')];
  return { patients: told + tried + outstanding, told, tried, outstanding };
}
