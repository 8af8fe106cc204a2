import { UnknownArea } from '#catalogue';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ABSENT } from '../../booking-refusals.js';
import {
  AppointmentNotFound,
  HoldOver,
  PatientNotBookable,
  PatientUnderAge,
} from '../../domain/scheduling.errors.js';
import {
  AlreadyWaiting,
  ReplacesRefused,
  WaitlistEntryNotFound,
  WaitlistTransitionRefused,
  WaitlistWishInvalid,
} from '../domain/waitlist.errors.js';
import { WaitlistService } from '../waitlist.service.js';
import { ChangeWish, JoinWaitlist, LeaveWaitlist, ListWaitlist } from './waitlist.dto.js';
import { WaitlistEntryView, WaitlistHistory, WaitlistPage } from './waitlist.view.js';

const WISH = [
  ...ABSENT,
  AppointmentNotFound,
  UnknownArea,
  PatientNotBookable,
  PatientUnderAge,
  ReplacesRefused,
  WaitlistWishInvalid,
];

@ApiTags('waitlist')
@Controller('waitlist')
export class WaitlistController {
  constructor(private readonly waitlist: WaitlistService) {}

  @Post()
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Put a patient on the waitlist, with what would suit them',
    description: 'When time is freed that fits, it is kept for those whose turn it is, one after another.',
    refuses: [AlreadyWaiting, ...WISH],
    changes: true,
  })
  join(@CurrentActor() actor: RequestActor, @Body() body: JoinWaitlist): Promise<WaitlistEntryView> {
    return this.waitlist.join(actor, body);
  }

  @Get()
  @Requires('appointments:read')
  @Endpoint({ summary: 'The waitlist, by priority and then by who joined first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListWaitlist): Promise<WaitlistPage> {
    return this.waitlist.list(actor, query);
  }

  @Get(':id')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Read a place on the waitlist, with what is offered right now',
    refuses: [WaitlistEntryNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<WaitlistEntryView> {
    return this.waitlist.read(actor, id);
  }

  @Get(':id/history')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Who changed a place on the waitlist, and what was offered and answered; the last 500',
    refuses: [WaitlistEntryNotFound],
  })
  history(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<WaitlistHistory> {
    return this.waitlist.history(actor, id);
  }

  @Patch(':id')
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Change what would suit the patient; the place in the line stays',
    refuses: [WaitlistEntryNotFound, WaitlistTransitionRefused, ...WISH],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeWish,
    @IfMatch() read: number | undefined,
  ): Promise<WaitlistEntryView> {
    return this.waitlist.change(actor, id, body, read);
  }

  @Post(':id/leave')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Take a patient off the waitlist; what is offered right now goes to the next',
    refuses: [WaitlistEntryNotFound, WaitlistTransitionRefused, HoldOver],
    changes: true,
    versioned: true,
  })
  leave(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: LeaveWaitlist,
    @IfMatch() read: number | undefined,
  ): Promise<WaitlistEntryView> {
    return this.waitlist.leave(actor, id, reason, read);
  }
}
