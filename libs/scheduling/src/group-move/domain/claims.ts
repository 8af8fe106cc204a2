import { type Interval, overlaps } from '#kernel';

import type { Blocker } from '../../domain/scheduling.errors.js';

/** What a proposal takes, or what an appointment moved in the same transaction has taken. */
export interface Claim {
  readonly appointmentId: string;
  /** The record to go on with: two records of one person are in one place. */
  readonly personId: string;
  readonly practitionerId: string;
  readonly roomId: string | null;
  readonly busy: Interval;
}

/** What each of the claims takes of a wish, as if it were booked. */
export function claimedOf(
  claims: readonly Claim[],
  wish: Omit<Claim, 'appointmentId' | 'roomId'>,
): Blocker[] {
  return claims.flatMap(({ appointmentId, personId, practitionerId, roomId, busy }): Blocker[] => {
    if (!overlaps(busy, wish.busy)) return [];
    const span = { appointmentId, startsAt: new Date(busy.start), endsAt: new Date(busy.end) };
    return [
      ...(practitionerId === wish.practitionerId
        ? [{ resource: 'practitioner' as const, resourceId: practitionerId, ...span }]
        : []),
      ...(personId === wish.personId
        ? [{ resource: 'patient' as const, resourceId: personId, ...span }]
        : []),
      ...(roomId === null ? [] : [{ resource: 'room' as const, resourceId: roomId, ...span }]),
    ];
  });
}
