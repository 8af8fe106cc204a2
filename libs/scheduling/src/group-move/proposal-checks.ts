import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { AppointmentsRepository } from '../appointments.repository.js';
import { AvailabilityService } from '../availability.service.js';
import { BookingDecision } from '../booking-decision.js';
import { wishFor } from '../booking.service.js';
import { SlotTaken, inTheWay } from '../domain/scheduling.errors.js';
import { roomOf, TakingTime } from '../taking-time/taking-time.js';
import { claimedOf } from './domain/claims.js';
import { GroupMoveItemNotFound, ProposalsCollide } from './domain/group-move.errors.js';
import { inWords } from './domain/in-words.js';
import { itemAs } from './group-move-views.js';
import { claimsOf, type ItemRow, type ItemToKeep } from './group-moves.repository.js';
import type { ChooseProposal } from './http/group-move.dto.js';

/** Whether a slot a receptionist chose can be proposed. */
@Injectable()
export class ProposalChecks {
  constructor(
    private readonly appointments: AppointmentsRepository,
    private readonly decision: BookingDecision,
    private readonly time: TakingTime,
    private readonly availability: AvailabilityService,
  ) {}

  async chosen(
    tx: Tx,
    actor: RequestActor,
    item: ItemRow,
    choice: ChooseProposal,
    { items, absentId }: { readonly items: readonly ItemRow[]; readonly absentId: string },
  ): Promise<ItemToKeep> {
    const { appointmentId, personId, zone, fromStartsAt } = item;
    const present = await this.appointments.read(tx, appointmentId);
    if (!present) throw new GroupMoveItemNotFound();
    const bookable = await this.decision.decide(tx, actor, wishFor(present, choice), present);
    const { place, span, roomIds, patientId, overridden } = bookable;
    const [way] = await this.time.inTheWayOfMany(tx, [bookable], () => new Set([appointmentId]));
    if (way && way.blockedBy.length > 0) {
      const alternatives = await this.availability.nearest(tx, { ...place, patientId });
      throw new SlotTaken({ blockedBy: way.blockedBy, alternatives });
    }
    const others = items.filter((one) => one.state === 'proposed' && one.appointmentId !== appointmentId);
    const { practitionerId } = place;
    const claimed = claimedOf(others.flatMap(claimsOf), { personId, practitionerId, busy: span.busy });
    const colliding = inTheWay(claimed, roomIds);
    if (colliding.length > 0)
      throw new ProposalsCollide({ appointmentIds: [...new Set(colliding.map((one) => one.appointmentId))] });
    const free = roomIds.filter((id) => !way?.taken.has(id ?? ''));
    const roomId = roomOf(free, claimed);
    const slot = {
      startsAt: place.startsAt,
      endsAt: place.endsAt,
      practitionerId: place.practitionerId,
      roomId,
    };
    return itemAs(item, {
      state: 'proposed',
      to: { ...slot, busy: span.busy },
      why: inWords(slot, { startsAt: fromStartsAt, absentId, zone }, place.practitionerName),
      overridden,
    });
  }
}
