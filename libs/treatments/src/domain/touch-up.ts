import { daysBetween, type CalendarDate } from '#kernel';
import {
  TouchUpNeedsPrescriber,
  TouchUpOfOtherProduct,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
} from './treatments.errors.js';

/** The clinic's own switch and days; the catalogue's policy defaults are 14 and 21. */
export interface TouchUpPolicy {
  readonly enabled: boolean;
  readonly fromDay: number;
  readonly toDay: number;
}

export interface TouchUpRequest {
  readonly policy: TouchUpPolicy;
  /** The full treatment the touch-up completes. */
  readonly completes: {
    readonly treatedOn: CalendarDate;
    readonly doses: readonly { product: string; area: string }[];
  };
  readonly on: CalendarDate;
  readonly doses: readonly { readonly product: string; readonly area: string }[];
  readonly approvedByPrescriber: boolean;
}

/**
 * Refuses a touch-up on a day the clinic's policy does not allow, before anything is charted or injected.
 * @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate
 */
export function assertTouchUpDay(policy: TouchUpPolicy, treatedOn: CalendarDate, on: CalendarDate): void {
  if (!policy.enabled) throw new TouchUpsSwitchedOff();
  const day = daysBetween(treatedOn, on);
  const facts = { day, fromDay: policy.fromDay, toDay: policy.toDay };
  if (day < policy.fromDay) throw new TouchUpTooEarly(facts, `before day ${policy.fromDay}`);
  if (day > policy.toDay) throw new TouchUpTooLate(facts, `after day ${policy.toDay}`);
}

/**
 * Refuses a touch-up the clinic's policy does not allow; the prescriber's approval is asked for last.
 * @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate, TouchUpOfOtherProduct, TouchUpNeedsPrescriber
 */
export function assertTouchUpAllowed(request: TouchUpRequest): void {
  const { policy, completes, on, doses, approvedByPrescriber } = request;
  assertTouchUpDay(policy, completes.treatedOn, on);
  for (const { product, area } of doses) {
    const completed = completes.doses.some((dose) => dose.product === product && dose.area === area);
    if (!completed) throw new TouchUpOfOtherProduct({ product, area });
  }
  if (!approvedByPrescriber) throw new TouchUpNeedsPrescriber();
}
