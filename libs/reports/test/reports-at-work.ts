import { Database } from '#database';
import { StaffService, type RequestActor } from '#identity';
import { WorkingTimeReader } from '#scheduling';
import { DiariesQueries } from '../../scheduling/src/diaries.queries.js';

import { CoursesRepository, ReturnRateService } from '../src/index.js';
import { CyclesReader } from '../src/courses/cycles.reader.js';
import { FiguresService } from '../src/figures/figures.service.js';
import { PlanningQueries } from '../src/figures/planning.queries.js';
import { PlanningService } from '../src/figures/planning.service.js';
import { TimeUseReader } from '../src/figures/time-use.reader.js';
import { VisitFiguresQueries } from '../src/figures/visit-figures.queries.js';
import { WindowFiguresQueries } from '../src/figures/window-figures.queries.js';
import { ReportFrame } from '../src/report-frame.js';
import { ReportFrameQueries } from '../src/report-frame.queries.js';
import { ReturnGroupsService } from '../src/return-groups.service.js';

/** The reports over a database, wired as the module wires them. */
export function reportsOn(database: Database) {
  const locations = new ReportFrameQueries();
  const frame = new ReportFrame(new StaffService(database), locations);
  const cycles = new CyclesReader(new CoursesRepository(), frame);
  const visits = new VisitFiguresQueries();
  const time = new TimeUseReader(locations, visits, new WorkingTimeReader(new DiariesQueries()));
  return {
    frame,
    cycles,
    rates: new ReturnRateService(database, frame, cycles),
    groups: new ReturnGroupsService(database, frame, cycles),
    figures: new FiguresService(database, frame, cycles, visits, new WindowFiguresQueries(), time),
    planning: new PlanningService(database, frame, new PlanningQueries(), time),
  };
}

/** Somebody to whom small numbers are told. */
export const mayAlsoSeeCharts = (actor: RequestActor): RequestActor => ({
  ...actor,
  permissions: new Set([...actor.permissions, 'charts:read'] as const),
});
