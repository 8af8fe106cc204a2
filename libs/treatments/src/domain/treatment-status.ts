import { ReasonMissing, TreatmentStatusRefused } from './treatments.errors.js';

export type TreatmentStatus = 'draft' | 'signed' | 'amended' | 'entered-in-error';
export type TreatmentStep = 'sign' | 'amend' | 'withdraw';

interface Transition {
  readonly from: readonly TreatmentStatus[];
  readonly to: TreatmentStatus;
  readonly needsReason: boolean;
}

/**
 * An amendment makes a new signed version; the version it replaces becomes `amended` and stays readable.
 * Nothing leaves `amended` or `entered-in-error`: records are corrected by adding, never by erasing.
 */
export const TREATMENT_STEPS: Readonly<Record<TreatmentStep, Transition>> = {
  sign: { from: ['draft'], to: 'signed', needsReason: false },
  amend: { from: ['signed'], to: 'amended', needsReason: true },
  withdraw: { from: ['draft', 'signed'], to: 'entered-in-error', needsReason: true },
};

/** Whether doses of a treatment in this status count in windows, totals and reports. */
export const counts = (status: TreatmentStatus): boolean => status === 'signed';

/** The status after the step. @throws TreatmentStatusRefused, ReasonMissing */
export function afterStep(status: TreatmentStatus, step: TreatmentStep, reason?: string): TreatmentStatus {
  const { from, to, needsReason } = TREATMENT_STEPS[step];
  if (!from.includes(status)) throw new TreatmentStatusRefused({ status, step, allowedFrom: from });
  if (needsReason && (reason ?? '').trim() === '') throw new ReasonMissing({ step });
  return to;
}
