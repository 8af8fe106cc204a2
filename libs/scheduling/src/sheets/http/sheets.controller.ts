import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor, NotYourLocation, StaffNotFound } from '#identity';
import { NotACalendarDate } from '#kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { LocationNotFound } from '../../domain/scheduling.errors.js';
import { SheetsService } from '../sheets.service.js';
import { DaySheetView, ReadDaySheet, ReadWeekSheet, WeekSheetView } from './sheets.dto.js';

@ApiTags('scheduling')
@Controller()
export class SheetsController {
  constructor(private readonly sheets: SheetsService) {}

  @Get('day-sheet')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'See the day of a location or a practitioner: who comes, who is here, who is late',
    refuses: [LocationNotFound, StaffNotFound, NotYourLocation],
  })
  day(@CurrentActor() actor: RequestActor, @Query() query: ReadDaySheet): Promise<DaySheetView> {
    return this.sheets.day(actor, query);
  }

  @Get('week-sheet')
  @Requires('appointments:read')
  @Endpoint({
    summary: 'See the week of a location or a practitioner, Monday to Sunday',
    refuses: [LocationNotFound, StaffNotFound, NotYourLocation, NotACalendarDate],
  })
  week(@CurrentActor() actor: RequestActor, @Query() query: ReadWeekSheet): Promise<WeekSheetView> {
    return this.sheets.week(actor, query);
  }
}
