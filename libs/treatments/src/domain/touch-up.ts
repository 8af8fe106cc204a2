import { addDays, type CalendarDate } from '#kernel';
import type { DoseFinding } from './dose/dose-finding.js';
import {
  TouchUpNeedsPrescriber,
  TouchUpOfOtherProduct,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
} from './touch-up.errors.js';

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
 * Refuses a touch-up on a day the clinic's policy does not allow, before anything is charted or injected. No label provides
 * for one (S61 lists early retreatment as a risk), so it is the clinic's own switch and days.
 * @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate
 */
export function assertTouchUpDay(policy: TouchUpPolicy, treatedOn: CalendarDate, on: CalendarDate): void {
  if (!policy.enabled) throw new TouchUpsSwitchedOff();
  const from = addDays(treatedOn, policy.fromDay);
  const to = addDays(treatedOn, policy.toDay);
  if (on < from) throw new TouchUpTooEarly({ plannedOn: on, from, to }, `before day ${policy.fromDay}`);
  if (on > to) throw new TouchUpTooLate({ plannedOn: on, from, to }, `after day ${policy.toDay}`);
}

/**
 * A mark on every touch-up: no label provides for one within its interval (clinical.md 2, sources S61 and S71), so it is
 * shown as off-label interval. The prescriber's approval is what it needs, not a consent of its own.
 */
export const touchUpMarks = (
  doses: readonly { readonly product: string; readonly area: string }[],
): DoseFinding[] =>
  [...new Map(doses.map(({ product, area }) => [`${product} ${area}`, { product, area }])).values()].map(
    ({ product, area }) => ({
      code: 'touch_up_off_label_interval',
      flag: 'touch_up_off_label_interval',
      severity: 'note',
      offLabel: false,
      product,
      area,
      limit: null,
      actual: null,
      sources: ['S61', 'S71'],
      confidence: 'policy (POL)',
    }),
  );

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
