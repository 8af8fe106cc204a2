import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { DomainError } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from '../appointments.repository.js';
import type { Bookable } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { inTheWay, SlotTaken } from '../domain/scheduling.errors.js';
import { TakingTime } from '../taking-time/taking-time.js';
import { type Claim, claimedOf } from './domain/claims.js';
import type { ItemRow } from './group-moves.repository.js';

/** An accepted proposal, and what the rules say of it now. */
export interface Judged {
  readonly item: ItemRow;
  readonly row: AppointmentRow;
  readonly verdict: Bookable | DomainError;
}

/** The moving itself, by the same path as a single move. */
@Injectable()
export class GroupMoveMoves {
  constructor(
    private readonly booking: BookingService,
    private readonly time: TakingTime,
  ) {}

  racing<T>(actor: RequestActor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.time.racing(actor, work);
  }

  async move(
    tx: Tx,
    judged: readonly Judged[],
    because: { readonly reason: string; readonly groupMoveId: string },
  ): Promise<{
    readonly moved: readonly Judged[];
    readonly refused: readonly (Judged & { readonly because: DomainError })[];
  }> {
    const allowed = judged.flatMap(({ verdict, ...one }) =>
      verdict instanceof DomainError ? [] : [{ ...one, verdict }],
    );
    const claims = allowed.map(({ verdict }) => verdict);
    await this.time.queueForAll(tx, claims);
    const ways = await this.time.inTheWayOfMany(tx, claims, (i) => new Set([allowed[i]?.row.id ?? '']));
    const moved: Judged[] = [];
    // Proposals never collide, but records merged since may make one person of two of them.
    const claimed: Claim[] = [];
    const refused: (Judged & { because: DomainError })[] = judged.flatMap((one) =>
      one.verdict instanceof DomainError ? [{ ...one, because: one.verdict }] : [],
    );
    for (const [i, one] of allowed.entries()) {
      const { blockedBy: before, roomId } = ways[i] ?? { blockedBy: [], roomId: null };
      const { place, span, roomIds } = one.verdict;
      const wish = {
        personId: one.item.personId,
        practitionerId: place.practitionerId,
        busy: span.busy,
      };
      const blockedBy = [...before, ...inTheWay(claimedOf(claimed, wish), roomIds)];
      if (blockedBy.length > 0) {
        refused.push({ ...one, because: new SlotTaken({ blockedBy, alternatives: [] }) });
        continue;
      }
      claimed.push({ ...wish, appointmentId: one.row.id, roomId });
      await this.booking.move(tx, one.row, one.verdict, { roomId, doubleBooking: null }, because);
      moved.push(one);
    }
    return { moved, refused };
  }
}
