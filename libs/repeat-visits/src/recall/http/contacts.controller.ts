import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { PatientNotFound } from '#patients';
import { AppointmentNotFound } from '#scheduling';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CardsService } from '../cards.service.js';
import { ContactsService } from '../contacts.service.js';
import * as refused from '../domain/recall.errors.js';
import {
  AssignCard,
  ContactPage,
  ContactView,
  FindContacts,
  RecallCardView,
  RecordContact,
} from './contacts.dto.js';

const NOT_NOW = [
  PatientNotFound,
  refused.RecallClaimed,
  refused.NothingDue,
  refused.ContactSuppressed,
  refused.ContactTooSoon,
  refused.ContactInQuietHours,
];

@ApiTags('recall')
@Controller('patients/:id/recall')
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly cards: CardsService,
  ) {}

  @Get('contacts')
  @Requires('repeat-visits:read')
  @Endpoint({ summary: 'Attempts to reach a patient, the newest first', refuses: [PatientNotFound] })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindContacts,
  ): Promise<ContactPage> {
    return this.contacts.list(actor, id, query);
  }

  @Post('contacts')
  @Requires('recall:contact')
  @Endpoint({
    summary: 'Record an attempt to reach a patient, and what came of it',
    refuses: [
      ...NOT_NOW,
      refused.ChannelNotAgreed,
      refused.ContactUntilRefused,
      refused.ContactBookingMissing,
      AppointmentNotFound,
    ],
    changes: true,
  })
  record(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RecordContact,
  ): Promise<ContactView> {
    return this.contacts.record(actor, id, body);
  }

  @Post('claim')
  @HttpCode(200)
  @Requires('recall:contact')
  @Endpoint({
    summary: 'Say that one is calling now, so that no colleague does for some minutes',
    refuses: NOT_NOW,
    changes: true,
  })
  claim(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<RecallCardView> {
    return this.cards.claim(actor, id);
  }

  @Delete('claim')
  @HttpCode(200)
  @Requires('recall:contact')
  @Endpoint({ summary: 'Give back one’s own claim', refuses: [PatientNotFound], changes: true })
  release(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<RecallCardView> {
    return this.cards.release(actor, id);
  }

  @Put('assignment')
  @Requires('recall:contact')
  @Endpoint({
    summary: 'Say whose patient it is to call',
    refuses: [PatientNotFound, StaffNotFound],
    changes: true,
    versioned: true,
  })
  assign(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { staffId }: AssignCard,
    @IfMatch() read: number | undefined,
  ): Promise<RecallCardView> {
    return this.cards.assign(actor, id, staffId, read);
  }

  @Delete('assignment')
  @HttpCode(200)
  @Requires('recall:contact')
  @Endpoint({
    summary: 'Make it nobody’s patient to call',
    refuses: [PatientNotFound],
    changes: true,
    versioned: true,
  })
  unassign(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<RecallCardView> {
    return this.cards.unassign(actor, id, read);
  }
}
