import { record } from '#audit';
import type { RequestActor } from '#identity';
import { DomainError } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository } from '../appointments.repository.js';
import { type Bookable, bookableIn } from '../booking-decision.js';
import { wishFor } from '../booking.service.js';
import { decidedOn, stillDecided } from './domain/chosen-override.js';
import { GroupMoveItemNotFound, GroupMoveItemSettled } from './domain/group-move.errors.js';
import { GroupMoveGrounds, type ManyGrounds } from './group-move-grounds.js';
import { GroupMoveMoves, type Judged } from './group-move-moves.js';
import { itemAs, settledAs } from './group-move-views.js';
import { claimsOf, GroupMovesRepository, type ItemRow, type ItemToKeep } from './group-moves.repository.js';
import { GroupMovesService } from './group-moves.service.js';
import type { GroupMoveView } from './http/group-move.dto.js';
import { Proposing } from './proposing.js';

/** Moves the appointments whose proposals were accepted, and says which could not be moved any more. */
@Injectable()
export class GroupMoveApplication {
  constructor(
    private readonly moves: GroupMovesRepository,
    private readonly groupMoves: GroupMovesService,
    private readonly appointments: AppointmentsRepository,
    private readonly grounds: GroupMoveGrounds,
    private readonly proposing: Proposing,
    private readonly moving: GroupMoveMoves,
  ) {}

  /**
   * One transaction in line for everything it takes. What somebody else took meanwhile, or a rule forbids by now, comes
   * back as a conflict with what is free instead; the others are moved. Doing it again moves nothing twice.
   * @throws GroupMoveNotFound, GroupMoveItemNotFound, GroupMoveItemSettled, StaleVersion
   */
  apply(
    actor: RequestActor,
    id: string,
    accepted: readonly string[] | undefined,
    read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.moving.racing(actor, async (tx) => {
      const { move, items } = await this.groupMoves.locked(tx, id, read);
      const chosen = chosenOf(items, accepted);
      if (chosen.length === 0) return this.groupMoves.view(tx, id);
      // Whoever moves one of them alone locks its row before waiting in line, and so do we.
      const rows = await this.appointments.lockMany(
        tx,
        chosen.map(({ appointmentId }) => appointmentId),
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      const present = chosen.flatMap((item) => {
        const row = byId.get(item.appointmentId);
        return row && stands(row, item, move.practitionerId) ? [{ item, row }] : [];
      });
      const goals = chosen.flatMap(({ startsAt }) => startsAt ?? []);
      const grounds = await this.grounds.load(
        tx,
        actor,
        present.map(({ row }) => row),
        goals,
      );
      const judged = present.map((one) => ({ ...one, verdict: verdictOn(one, grounds) }));
      const { moved, refused } = await this.moving.move(tx, judged, { reason: move.reason, groupMoveId: id });
      const reserved = items.flatMap((item) =>
        item.state === 'proposed' && !chosen.includes(item) ? claimsOf(item) : [],
      );
      const absent = {
        practitionerId: move.practitionerId,
        range: { start: move.startsAt.getTime(), end: move.endsAt.getTime() },
      };
      const instead = await this.proposing.propose(
        tx,
        actor,
        absent,
        refused.map(({ row }) => row),
        reserved,
      );
      const settled: ItemToKeep[] = [
        ...moved.map(({ item }) => itemAs(item, { state: 'moved' })),
        ...instead.map((one, i) => settledAs(one, 'conflict', refused[i]?.because.spec.title)),
      ];
      if (settled.length > 0) await this.moves.keep(tx, id, settled);
      const detail = { moved: moved.length, conflicts: refused.length };
      await record(tx, { action: 'group-move.apply', entityId: id, patientId: null, detail });
      return this.groupMoves.view(tx, id);
    });
  }
}

/** @throws GroupMoveItemNotFound, GroupMoveItemSettled for one named that is not proposed; one moved already is passed over */
function chosenOf(items: readonly ItemRow[], accepted: readonly string[] | undefined): ItemRow[] {
  if (accepted === undefined) return items.filter(({ state }) => state === 'proposed');
  return accepted.flatMap((appointmentId) => {
    const item = items.find((one) => one.appointmentId === appointmentId);
    if (!item) throw new GroupMoveItemNotFound({ appointmentId });
    if (item.state === 'moved') return [];
    if (item.state !== 'proposed') throw new GroupMoveItemSettled({ appointmentId, state: item.state });
    return [item];
  });
}

const stands = (row: AppointmentRow, item: ItemRow, absentId: string): boolean =>
  ['booked', 'confirmed', 'arrived'].includes(row.status) &&
  row.practitionerId === absentId &&
  row.startsAt.getTime() === item.fromStartsAt.getTime();

function verdictOn({ item, row }: Omit<Judged, 'verdict'>, grounds: ManyGrounds): Bookable | DomainError {
  const known = grounds.of(row);
  const { practitionerId, startsAt, roomId, overridden } = item;
  if (!known || !practitionerId || !startsAt) return new GroupMoveItemSettled({ state: item.state });
  try {
    const wish = { ...wishFor(row, { startsAt: startsAt.toISOString(), practitionerId }), roomId };
    const bookable = bookableIn({ ...known, decided: decidedOn(overridden) }, wish, row);
    return stillDecided(overridden, bookable.overridden) ? bookable : bookableIn(known, wish, row);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
