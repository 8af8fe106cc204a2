import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { UnknownFigures, WindowNotFound } from '../../domain/repeat-visits.errors.js';
import { KeptWindowsService } from '../kept-windows.service.js';
import { FindKeptWindows, KeptWindowPage, KeptWindowView } from './kept-windows.dto.js';

@ApiTags('repeat-visits')
@Controller('patients/:id/repeat-visits/windows')
export class KeptWindowsController {
  constructor(private readonly windows: KeptWindowsService) {}

  @Get()
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'Every window a patient was ever given, newest first',
    refuses: [PatientNotFound],
  })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindKeptWindows,
  ): Promise<KeptWindowPage> {
    return this.windows.list(actor, id, query);
  }

  @Get(':windowId')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary:
      'One window with what it was computed from and its whole explanation, computed again to the byte',
    refuses: [PatientNotFound, WindowNotFound, UnknownFigures],
  })
  read(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('windowId', IdPipe) windowId: string,
  ): Promise<KeptWindowView> {
    return this.windows.read(actor, id, windowId);
  }
}
