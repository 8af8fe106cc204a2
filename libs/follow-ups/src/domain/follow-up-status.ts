import { FollowUpReasonMissing, FollowUpTransitionNotAllowed } from './follow-ups.errors.js';

export const FOLLOW_UP_STATUSES = ['due', 'booked', 'completed', 'missed', 'waived'] as const;
export type FollowUpStatus = (typeof FOLLOW_UP_STATUSES)[number];

/**
 * What may happen in each status. A cancelled booking puts the follow-up back to due; a missed one can still be booked
 * or done late; a waived one stays as it is, a completed one is part of the record.
 */
export const FOLLOW_UP_TRANSITIONS = {
  due: { book: 'booked', complete: 'completed', miss: 'missed', waive: 'waived' },
  booked: { book: 'booked', 'cancel-booking': 'due', complete: 'completed', miss: 'missed', waive: 'waived' },
  missed: { book: 'booked', complete: 'completed', waive: 'waived' },
  waived: {},
  completed: {},
} as const satisfies Record<FollowUpStatus, Partial<Record<FollowUpAction, FollowUpStatus>>>;

export const FOLLOW_UP_ACTIONS = ['book', 'cancel-booking', 'complete', 'miss', 'waive'] as const;
export type FollowUpAction = (typeof FOLLOW_UP_ACTIONS)[number];

/** @throws FollowUpTransitionNotAllowed, FollowUpReasonMissing when a waiver gives no reason */
export function followUpAfter(
  status: FollowUpStatus,
  action: FollowUpAction,
  reason?: string,
): FollowUpStatus {
  const next: Partial<Record<FollowUpAction, FollowUpStatus>> = FOLLOW_UP_TRANSITIONS[status];
  const after = next[action];
  if (!after) throw new FollowUpTransitionNotAllowed({ status, action });
  if (action === 'waive' && !reason?.trim()) throw new FollowUpReasonMissing({ action });
  return after;
}
