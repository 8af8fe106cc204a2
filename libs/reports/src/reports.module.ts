import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { SchedulingModule } from '#scheduling';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { CoursesRepository } from './courses/courses.repository.js';
import { CoursesService } from './courses/courses.service.js';
import { CyclesReader } from './courses/cycles.reader.js';
import { MendReturnCourses } from './courses/mend-courses.job.js';
import { DocumentMaker } from './documents/document-maker.js';
import { DocumentsRepository } from './documents/documents.repository.js';
import { DocumentsService } from './documents/documents.service.js';
import { ForgetReportDocuments } from './documents/forget-documents.job.js';
import { ReportDocumentsController } from './documents/http/documents.controller.js';
import { MakeReportDocument } from './documents/make-document.job.js';
import { NamesQueries } from './documents/names.queries.js';
import { FiguresService } from './figures/figures.service.js';
import { FiguresController } from './figures/http/figures.controller.js';
import { VisitFigures } from './figures/visits/visit-figures.js';
import { VisitFiguresQueries } from './figures/visits/visit-figures.queries.js';
import { WindowFigures } from './figures/windows/window-figures.js';
import { WindowFiguresQueries } from './figures/windows/window-figures.queries.js';
import { ReturnGroupsController } from './http/return-groups.controller.js';
import { ReturnRateController } from './http/return-rate.controller.js';
import { PlanningController } from './planning/http/planning.controller.js';
import { PlanningQueries } from './planning/planning.queries.js';
import { PlanningService } from './planning/planning.service.js';
import { ReportFrame } from './report-frame.js';
import { ReportFrameQueries } from './report-frame.queries.js';
import { ReturnGroupsService } from './return-groups.service.js';
import { ReturnRateService } from './return-rate.service.js';
import { TakenTimeQueries } from './time-use/taken-time.queries.js';
import { TimeUseReader } from './time-use/time-use.reader.js';

@Module({
  imports: [IdentityModule, PatientsModule, SchedulingModule, TreatmentsModule],
  controllers: [
    ReturnRateController,
    ReturnGroupsController,
    FiguresController,
    PlanningController,
    ReportDocumentsController,
  ],
  providers: [
    ReturnRateService,
    ReturnGroupsService,
    CoursesRepository,
    CoursesService,
    CyclesReader,
    ReportFrame,
    ReportFrameQueries,
    FiguresService,
    VisitFigures,
    VisitFiguresQueries,
    WindowFigures,
    WindowFiguresQueries,
    PlanningService,
    PlanningQueries,
    TimeUseReader,
    TakenTimeQueries,
    DocumentsService,
    DocumentsRepository,
    DocumentMaker,
    NamesQueries,
    MendReturnCourses,
    MakeReportDocument,
    ForgetReportDocuments,
  ],
  exports: [MendReturnCourses, MakeReportDocument, ForgetReportDocuments],
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
