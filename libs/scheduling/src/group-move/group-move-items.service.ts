import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { GroupMoveItemNotFound, GroupMoveItemSettled } from './domain/group-move.errors.js';
import { itemAs } from './group-move-views.js';
import { GroupMovesRepository, type ItemRow, type ItemToKeep } from './group-moves.repository.js';
import { GroupMovesService } from './group-moves.service.js';
import type { ChooseProposal, GroupMoveView } from './http/group-move.dto.js';
import { ProposalChecks } from './proposal-checks.js';

/** How a receptionist edits what is proposed. */
@Injectable()
export class GroupMoveItemsService {
  constructor(
    private readonly database: Database,
    private readonly moves: GroupMovesRepository,
    private readonly groupMoves: GroupMovesService,
    private readonly checks: ProposalChecks,
  ) {}

  /**
   * Proposes another slot for one appointment, if it can be had and no other proposal has it.
   * @throws GroupMoveNotFound, GroupMoveItemNotFound, GroupMoveItemSettled, ProposalsCollide, StaleVersion, and as booking
   */
  choose(
    actor: RequestActor,
    id: string,
    appointmentId: string,
    choice: ChooseProposal,
    read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.#edit(actor, id, appointmentId, read, (tx, item, items, absentId) =>
      this.checks.chosen(tx, actor, item, choice, { items, absentId }),
    );
  }

  /** Takes one appointment out of what is applied; it can be proposed again. @throws as `choose`, of the group move */
  leave(
    actor: RequestActor,
    id: string,
    appointmentId: string,
    read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.#edit(actor, id, appointmentId, read, (_tx, item) =>
      Promise.resolve(itemAs(item, { state: 'left' })),
    );
  }

  #edit(
    actor: RequestActor,
    id: string,
    appointmentId: string,
    read: number | undefined,
    edit: (tx: Tx, item: ItemRow, items: readonly ItemRow[], absentId: string) => Promise<ItemToKeep>,
  ): Promise<GroupMoveView> {
    return this.database.write(actor, async (tx) => {
      const { move, items } = await this.groupMoves.locked(tx, id, read);
      const item = items.find((one) => one.appointmentId === appointmentId);
      if (!item) throw new GroupMoveItemNotFound();
      if (item.state === 'moved' || item.state === 'gone')
        throw new GroupMoveItemSettled({ state: item.state });
      await this.moves.keep(tx, id, [await edit(tx, item, items, move.practitionerId)]);
      const { patientId } = item;
      await record(tx, { action: 'group-move.edit', entityId: id, patientId, detail: { appointmentId } });
      return this.groupMoves.view(tx, id);
    });
  }
}
