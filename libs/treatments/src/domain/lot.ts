import type { CalendarDate } from '#kernel';
import { LotExpired, LotNotUsable, LotOfOtherProduct, LotStatusRefused } from './lots.errors.js';

export type LotStatus = 'in-use' | 'quarantined' | 'recalled';
export type LotVerb = 'quarantine' | 'recall' | 'release';

export interface Lot {
  readonly id: string;
  readonly product: string;
  /** The last day it may be used. */
  readonly expiresOn: CalendarDate;
  readonly status: LotStatus;
}

const VERBS: Readonly<Record<LotVerb, { readonly from: readonly LotStatus[]; readonly to: LotStatus }>> = {
  quarantine: { from: ['in-use'], to: 'quarantined' },
  release: { from: ['quarantined'], to: 'in-use' },
  recall: { from: ['in-use', 'quarantined'], to: 'recalled' },
};

/** The status after the verb; a recalled lot never comes back. @throws LotStatusRefused */
export function lotAfter(status: LotStatus, verb: LotVerb): LotStatus {
  const { from, to } = VERBS[verb];
  if (!from.includes(status)) throw new LotStatusRefused({ status, verb, allowedFrom: from });
  return to;
}

/**
 * Refuses a lot an injection cannot come from. `statusMatters` is false when a record of the past is corrected: what was
 * given stays given when its lot is recalled later. @throws LotOfOtherProduct, LotExpired, LotNotUsable
 */
export function assertUsable(lot: Lot, product: string, on: CalendarDate, statusMatters: boolean): void {
  const { id: lotId, expiresOn, status } = lot;
  if (lot.product !== product) throw new LotOfOtherProduct({ lotId, product, lotProduct: lot.product });
  if (expiresOn < on) throw new LotExpired({ lotId, expiresOn, on });
  if (statusMatters && status !== 'in-use') throw new LotNotUsable({ lotId, status });
}
