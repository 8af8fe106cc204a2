import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { LocalTimeDoesNotExist, LocalTimeIsAmbiguous } from '#kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { BOOKING_REFUSALS } from '../../booking-refusals.js';
import { LocationNotFound, SetUpEntryNotFound, SpanInverted } from '../../domain/scheduling.errors.js';
import {
  GroupMoveClosed,
  GroupMoveItemNotFound,
  GroupMoveItemSettled,
  GroupMoveNotFound,
  GroupMoveRangeInvalid,
  GroupMoveTooLarge,
  ProposalsCollide,
} from '../domain/group-move.errors.js';
import { GroupMoveApplication } from '../group-move-application.js';
import { GroupMoveItemsService } from '../group-move-items.service.js';
import { GroupMovesService } from '../group-moves.service.js';
import {
  ApplyGroupMove,
  ChooseProposal,
  GroupMoveList,
  GroupMoveView,
  ListGroupMoves,
  ProposeGroupMove,
} from './group-move.dto.js';

const ITEM = [GroupMoveNotFound, GroupMoveClosed, GroupMoveItemNotFound, GroupMoveItemSettled];

@ApiTags('scheduling')
@Controller('group-moves')
export class GroupMovesController {
  constructor(
    private readonly groupMoves: GroupMovesService,
    private readonly items: GroupMoveItemsService,
    private readonly application: GroupMoveApplication,
  ) {}

  @Post()
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Propose new slots for all appointments of a practitioner who is away; nothing is moved yet',
    refuses: [
      StaffNotFound,
      LocationNotFound,
      SetUpEntryNotFound,
      SpanInverted,
      GroupMoveRangeInvalid,
      GroupMoveTooLarge,
      LocalTimeDoesNotExist,
      LocalTimeIsAmbiguous,
    ],
    changes: true,
  })
  propose(@CurrentActor() actor: RequestActor, @Body() body: ProposeGroupMove): Promise<GroupMoveView> {
    return this.groupMoves.propose(actor, body);
  }

  @Get()
  @Requires('appointments:read')
  @Endpoint({ summary: 'List group moves, the newest first, with how many remain to be moved' })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListGroupMoves): Promise<GroupMoveList> {
    return this.groupMoves.list(actor, query);
  }

  @Get(':id')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Read a group move: who has been moved where, and who remains',
    refuses: [GroupMoveNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<GroupMoveView> {
    return this.groupMoves.read(actor, id);
  }

  @Put(':id/items/:appointmentId')
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Choose another slot for one appointment of a group move',
    description:
      'A rule is set aside as in a single move, by whoever may and for this appointment only; whoever applies the group move need not be entitled to it. It stands until the windows it was decided on change. A double booking is made by rescheduling the appointment by itself.',
    refuses: [...ITEM, ProposalsCollide, ...BOOKING_REFUSALS],
    changes: true,
    versioned: true,
  })
  choose(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('appointmentId', IdPipe) appointmentId: string,
    @Body() body: ChooseProposal,
    @IfMatch() read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.items.choose(actor, id, appointmentId, body, read);
  }

  @Post(':id/items/:appointmentId/leave')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Leave one appointment of a group move where it is',
    refuses: ITEM,
    changes: true,
    versioned: true,
  })
  leave(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('appointmentId', IdPipe) appointmentId: string,
    @IfMatch() read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.items.leave(actor, id, appointmentId, read);
  }

  @Post(':id/apply')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary:
      'Move the appointments whose proposals are accepted; what was taken meanwhile comes back as a conflict',
    refuses: ITEM,
    changes: true,
    versioned: true,
  })
  apply(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { appointmentIds }: ApplyGroupMove,
    @IfMatch() read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.application.apply(actor, id, appointmentIds, read);
  }

  @Post(':id/close')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Close a group move: nothing more is moved by it, and what was moved stays',
    refuses: [GroupMoveNotFound, GroupMoveClosed],
    changes: true,
    versioned: true,
  })
  close(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<GroupMoveView> {
    return this.groupMoves.close(actor, id, read);
  }
}
