import type { AdverseEventStatus } from './adverse-event.js';
import { AdverseEventStatusRefused } from './adverse-events.errors.js';

export type AdverseEventStep = 'change' | 'resolve' | 'reopen' | 'enter-in-error';

const STEPS: Readonly<
  Record<AdverseEventStep, { readonly from: readonly AdverseEventStatus[]; readonly to: AdverseEventStatus }>
> = {
  change: { from: ['active'], to: 'active' },
  resolve: { from: ['active'], to: 'resolved' },
  reopen: { from: ['resolved'], to: 'active' },
  'enter-in-error': { from: ['active', 'resolved'], to: 'entered-in-error' },
};

/** The status after the step; nothing leaves `entered-in-error`. @throws AdverseEventStatusRefused */
export function adverseEventAfter(status: AdverseEventStatus, step: AdverseEventStep): AdverseEventStatus {
  const { from, to } = STEPS[step];
  if (!from.includes(status)) throw new AdverseEventStatusRefused({ status, step, allowedFrom: from });
  return to;
}
