import { Endpoint } from '#http';
import { CurrentActor, NotYourLocation, Requires, type RequestActor } from '#identity';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { LocationNotFound, TooManyStreams } from '../../domain/scheduling.errors.js';
import { DaySheetLive } from '../day-sheet-live.service.js';
import { EventStream } from '../event-stream.js';
import { FollowDaySheet } from './day-sheet-live.dto.js';

@ApiTags('scheduling')
@Controller()
export class DaySheetLiveController {
  constructor(private readonly live: DaySheetLive) {}

  @Get('day-sheet/live')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Follow the day of a location: an event for every change of an appointment, as it happens',
    description: [
      'Server-sent events. `ready`: following has begun, read the day sheet now. `appointment`: `{ appointmentId, version,',
      'verb, status, at }`, read it anew; the same version may be told twice. `resync`: too much happened meanwhile, read',
      'the whole day sheet. A stream ends with its session or API key, and with the right to follow it; a broken one goes on from `Last-Event-ID`. A person',
      'follows at most 5 at a time, an API key 20.',
    ].join(' '),
    refuses: [LocationNotFound, NotYourLocation, TooManyStreams],
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after this event' })
  @ApiOkResponse({
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'event: ready\nid: 4711\ndata: {}\n\n',
      },
    },
  })
  follow(
    @CurrentActor() actor: RequestActor,
    @Query() query: FollowDaySheet,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.live.follow(actor, query, lastEventId, () => EventStream.open(reply));
  }
}
