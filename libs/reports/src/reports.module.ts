import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { CoursesRepository } from './courses/courses.repository.js';
import { CoursesService } from './courses/courses.service.js';
import { CyclesReader } from './courses/cycles.reader.js';
import { ReturnGroupsController } from './http/return-groups.controller.js';
import { ReturnRateController } from './http/return-rate.controller.js';
import { ReportFrame } from './report-frame.js';
import { ReportFrameQueries } from './report-frame.queries.js';
import { ReturnGroupsService } from './return-groups.service.js';
import { ReturnRateService } from './return-rate.service.js';

@Module({
  imports: [IdentityModule, PatientsModule, TreatmentsModule],
  controllers: [ReturnRateController, ReturnGroupsController],
  providers: [
    ReturnRateService,
    ReturnGroupsService,
    CoursesRepository,
    CoursesService,
    CyclesReader,
    ReportFrame,
    ReportFrameQueries,
  ],
  exports: [ReturnRateService],
})
export class ReportsModule implements OnModuleInit {
  constructor(
    private readonly treatments: TreatmentEvents,
    private readonly courses: CoursesService,
  ) {}

  onModuleInit(): void {
    this.treatments.subscribe((tx, event) => this.courses.answer(tx, event));
  }
}
