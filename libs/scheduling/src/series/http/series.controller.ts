import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { BOOKING_REFUSALS } from '../../booking-refusals.js';
import { AppointmentTransitionRefused } from '../../domain/scheduling.errors.js';
import {
  SeriesBlocked,
  SeriesNothingOpen,
  SeriesNotFound,
  SeriesVisitsOverlap,
  SeriesVisitUnknown,
} from '../domain/series.errors.js';
import { SeriesChangesService } from '../series-changes.service.js';
import { SeriesService } from '../series.service.js';
import {
  BookSeries,
  CancelSeries,
  ChangeSeries,
  ListSeries,
  PlanSeries,
  PlanSeriesChange,
} from './series.dto.js';
import { SeriesList, SeriesPlanView, SeriesView } from './series.view.js';

const PLANS = [SeriesVisitUnknown, SeriesNothingOpen, ...BOOKING_REFUSALS];
const VISIT_BY_VISIT =
  'A visit that cannot be had names its problem by the code that booking it alone would answer with.';

@ApiTags('scheduling')
@Controller('series')
export class SeriesController {
  constructor(
    private readonly series: SeriesService,
    private readonly changes: SeriesChangesService,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary:
      'Ask which visits of a series are free, what blocks the others and what is free instead; nothing is booked',
    description: VISIT_BY_VISIT,
    refuses: PLANS,
  })
  preview(@CurrentActor() actor: RequestActor, @Body() body: PlanSeries): Promise<SeriesPlanView> {
    return this.series.preview(actor, body);
  }

  @Post()
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Book visits every so many weeks at one wall-clock time: all of them, or those that are free',
    description: VISIT_BY_VISIT,
    refuses: [SeriesBlocked, SeriesVisitsOverlap, ...PLANS],
    changes: true,
  })
  book(@CurrentActor() actor: RequestActor, @Body() body: BookSeries): Promise<SeriesView> {
    return this.series.book(actor, body);
  }

  @Get()
  @Requires('appointments:read')
  @Endpoint({ summary: 'List the series of a patient, the newest first', refuses: [PatientNotFound] })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListSeries): Promise<SeriesList> {
    return this.series.list(actor, query);
  }

  @Get(':id')
  @Requires('appointments:read')
  @Endpoint({ summary: 'Read a series with all its visits and their states', refuses: [SeriesNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<SeriesView> {
    return this.series.read(actor, id);
  }

  @Post(':id/change/preview')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Ask what a change of this and all later open visits would come to; nothing is changed',
    description: VISIT_BY_VISIT,
    refuses: [SeriesNotFound, ...PLANS],
  })
  previewChange(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: PlanSeriesChange,
  ): Promise<SeriesPlanView> {
    return this.changes.preview(actor, id, body);
  }

  @Post(':id/change')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Move this and all later open visits to another time, practitioner, room or type',
    description: VISIT_BY_VISIT,
    refuses: [SeriesNotFound, SeriesBlocked, SeriesVisitsOverlap, ...PLANS],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeSeries,
    @IfMatch() read: number | undefined,
  ): Promise<SeriesView> {
    return this.changes.change(actor, id, body, read);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Cancel this and all later open visits',
    refuses: [SeriesNotFound, SeriesNothingOpen, AppointmentTransitionRefused],
    changes: true,
    versioned: true,
  })
  cancel(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CancelSeries,
    @IfMatch() read: number | undefined,
  ): Promise<SeriesView> {
    return this.changes.cancel(actor, id, body, read);
  }
}
