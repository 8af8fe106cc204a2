import { Endpoint, IdPipe, IfMatch } from '#http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { Requires } from '../../requires.js';
import { SecondFactorMissing } from '../../second-factor/domain/second-factor.errors.js';
import {
  LastAdmin,
  PrescriberMustPractise,
  StaffEmailTaken,
  StaffMemberNotFound,
  StaffStatusRefused,
  WorkplaceNotFound,
} from '../domain/staff.errors.js';
import { StaffDutiesService } from '../staff-duties.service.js';
import { StaffMembersService } from '../staff-members.service.js';
import {
  ChangeRoles,
  ChangeWorkplaces,
  InviteStaff,
  ListStaffMembers,
  RegisterStaff,
  StaffMemberPage,
  StaffMemberView,
} from './staff-member.dto.js';

@ApiTags('identity')
@Controller('staff-members')
export class StaffMembersController {
  constructor(
    private readonly members: StaffMembersService,
    private readonly duties: StaffDutiesService,
  ) {}

  @Get()
  @Requires('staff:read')
  @Endpoint({ summary: 'List the accounts of the clinic' })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListStaffMembers): Promise<StaffMemberPage> {
    return this.members.list(actor, query);
  }

  @Post()
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Invite somebody: they get a mail with a link that sets their password',
    refuses: [StaffEmailTaken, WorkplaceNotFound],
    changes: true,
  })
  invite(@CurrentActor() actor: RequestActor, @Body() body: InviteStaff): Promise<StaffMemberView> {
    return this.members.invite(actor, body);
  }

  @Get(':id')
  @Requires('staff:read')
  @Endpoint({ summary: 'Read an account', refuses: [StaffMemberNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<StaffMemberView> {
    return this.members.read(actor, id);
  }

  @Post(':id/invitation')
  @HttpCode(202)
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Send the invitation again; the link sent before is worthless then',
    refuses: [StaffMemberNotFound, StaffStatusRefused],
    changes: true,
  })
  inviteAgain(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.members.inviteAgain(actor, id);
  }

  @Put(':id/roles')
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Change what somebody may do, from their next request on',
    refuses: [StaffMemberNotFound, LastAdmin],
    changes: true,
    versioned: true,
  })
  changeRoles(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { roles }: ChangeRoles,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.duties.changeRoles(actor, id, roles, version);
  }

  @Put(':id/registration')
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Record a professional registration that one has just checked',
    refuses: [StaffMemberNotFound, PrescriberMustPractise],
    changes: true,
    versioned: true,
  })
  register(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RegisterStaff,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.duties.register(actor, id, body, version);
  }

  @Delete(':id/registration')
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Take a registration away; without it nobody prescribes',
    refuses: [StaffMemberNotFound],
    changes: true,
    versioned: true,
  })
  unregister(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.duties.unregister(actor, id, version);
  }

  @Put(':id/locations')
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Change where somebody works; none named is everywhere',
    refuses: [StaffMemberNotFound, WorkplaceNotFound],
    changes: true,
    versioned: true,
  })
  changeLocations(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { locationIds }: ChangeWorkplaces,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.duties.changeLocations(actor, id, locationIds, version);
  }

  @Delete(':id/second-factor')
  @HttpCode(204)
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Remove somebody’s lost second factor; their sessions end',
    refuses: [StaffMemberNotFound, SecondFactorMissing],
    changes: true,
  })
  removeSecondFactor(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.duties.removeSecondFactor(actor, id);
  }

  @Post(':id/deactivate')
  @HttpCode(200)
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Deactivate an account: its sessions, API keys and calendar addresses end at once',
    refuses: [StaffMemberNotFound, LastAdmin, StaffStatusRefused],
    changes: true,
    versioned: true,
  })
  deactivate(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.members.deactivate(actor, id, version);
  }

  @Post(':id/reactivate')
  @HttpCode(200)
  @Requires('staff:manage')
  @Endpoint({
    summary: 'Reactivate an account: the person may sign in again; nothing that ended comes back',
    refuses: [StaffMemberNotFound, StaffStatusRefused],
    changes: true,
    versioned: true,
  })
  reactivate(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | undefined,
  ): Promise<StaffMemberView> {
    return this.members.reactivate(actor, id, version);
  }
}
