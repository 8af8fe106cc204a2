import { ConfigModule, readConfig } from '#config';
import { Database, DatabaseModule } from '#database';
import type { TestDatabase } from '#database/testing';
import type { RequestActor } from '#identity';
import { JobsModule } from '#jobs';
import { TreatmentEvents } from '#treatments';
import { Test } from '@nestjs/testing';

import { CoursesService } from '../src/courses/courses.service.js';
import { DocumentsService } from '../src/documents/documents.service.js';
import { FiguresService } from '../src/figures/figures.service.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { ForgetReportDocuments, MakeReportDocument, MendReturnCourses, ReportsModule } from '../src/index.js';
import { ReturnGroupsService } from '../src/return-groups.service.js';
import { ReturnRateService } from '../src/return-rate.service.js';

/** The reports over a database, wired as the module wires them. Close them when done. */
export async function reportsOn(db: TestDatabase) {
  const config = readConfig({ DATABASE_URL: db.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.with(config), DatabaseModule, JobsModule, ReportsModule],
  })
    .overrideProvider(Database)
    .useValue(db.database)
    .compile();
  await module.init();
  return {
    rates: module.get(ReturnRateService),
    groups: module.get(ReturnGroupsService),
    figures: module.get(FiguresService),
    planning: module.get(PlanningService),
    courses: module.get(CoursesService),
    documents: module.get(DocumentsService),
    mend: module.get(MendReturnCourses),
    make: module.get(MakeReportDocument),
    forget: module.get(ForgetReportDocuments),
    treatmentEvents: module.get(TreatmentEvents, { strict: false }),
    close: () => module.close(),
  };
}

export type Reports = Awaited<ReturnType<typeof reportsOn>>;

/** Somebody to whom small numbers are told. */
export const mayAlsoSeeCharts = (actor: RequestActor): RequestActor => ({
  ...actor,
  permissions: new Set([...actor.permissions, 'charts:read'] as const),
});
