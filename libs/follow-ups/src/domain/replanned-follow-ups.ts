import type { CalendarDate } from '#kernel';

import type { FollowUpStatus } from './follow-up-status.js';
import type { PlannedFollowUp } from './planned-follow-ups.js';

/** A follow-up of the version an amendment replaces, as it stood. */
export interface ReplacedFollowUp {
  readonly kind: string;
  readonly areas: readonly string[];
  readonly status: FollowUpStatus;
  readonly appointmentId: string | null;
  readonly bookedFor: CalendarDate | null;
}

/**
 * What an amended treatment still needs: areas already reviewed are not asked for again, a patient who has a date for
 * the review keeps it, and what the clinic had waived comes back only for areas that are new.
 */
export function replan(
  planned: readonly PlannedFollowUp[],
  replaced: readonly ReplacedFollowUp[],
): (PlannedFollowUp & Pick<ReplacedFollowUp, 'appointmentId' | 'bookedFor'>)[] {
  return planned.flatMap((plan) => {
    const same = replaced.filter(({ kind }) => kind === plan.kind);
    const settled = same.filter(({ status }) => status === 'completed' || status === 'waived');
    const areas = plan.areas.filter((area) => !settled.some((one) => one.areas.includes(area)));
    if (areas.length === 0) return [];
    const booked = same.find(
      (one) => one.status === 'booked' && one.areas.some((area) => areas.includes(area)),
    );
    const { appointmentId = null, bookedFor = null } = booked ?? {};
    return [{ ...plan, areas, appointmentId, bookedFor }];
  });
}
