import { Endpoint, IdPipe } from '#http';
import { CurrentActor, OpenToAll, Requires, type RequestActor, StaffNotFound } from '#identity';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { LocationNotFound } from '../../domain/scheduling.errors.js';
import { CalendarFeedNotFound, CalendarFeedOfAnother } from '../calendar-feed.errors.js';
import { CalendarFeedsService } from '../calendar-feeds.service.js';
import { CalendarFeedList, MakeCalendarFeed, NewCalendarFeed } from './calendar-feed.dto.js';

@ApiTags('scheduling')
@Controller()
export class CalendarFeedsController {
  constructor(private readonly feeds: CalendarFeedsService) {}

  @Post('calendar-feeds')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Make a secret address under which a calendar program reads when someone or somewhere is busy',
    description:
      'The address is told once and kept only as a hash. A repeat makes another: revoke what you do not use.',
    refuses: [CalendarFeedOfAnother, StaffNotFound, LocationNotFound],
  })
  make(@CurrentActor() actor: RequestActor, @Body() body: MakeCalendarFeed): Promise<NewCalendarFeed> {
    return this.feeds.make(actor, body);
  }

  @Get('calendar-feeds')
  @Requires('appointments:read')
  @Endpoint({ summary: 'List the calendars one made or that show one; for the office, all' })
  list(@CurrentActor() actor: RequestActor): Promise<CalendarFeedList> {
    return this.feeds.list(actor);
  }

  @Delete('calendar-feeds/:id')
  @HttpCode(204)
  @Requires('appointments:read')
  @Endpoint({
    summary: 'Revoke the address of a calendar at once',
    refuses: [CalendarFeedNotFound, CalendarFeedOfAnother],
  })
  revoke(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.feeds.revoke(actor, id);
  }

  @Get('calendar/:file')
  @OpenToAll()
  @Endpoint({
    summary: 'Read a calendar (iCalendar, RFC 5545) by its secret address',
    description: 'From 30 days back to 365 ahead. Says who is busy when and where; nothing of patients.',
    refuses: [CalendarFeedNotFound],
  })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag you have' })
  @ApiOkResponse({
    content: {
      'text/calendar': { schema: { type: 'string' }, example: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…' },
    },
  })
  @ApiResponse({ status: 304, description: 'Nothing changed' })
  async read(
    @Param('file') file: string,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { etag, text } = await this.feeds.read(file, known);
    await reply
      .status(text === null ? 304 : 200)
      .headers({
        etag,
        'cache-control': 'private, no-cache',
        'content-type': 'text/calendar; charset=utf-8',
        'x-robots-tag': 'noindex',
      })
      .send(text ?? undefined);
  }
}
