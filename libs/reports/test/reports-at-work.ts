import { Database } from '#database';
import { StaffService, type RequestActor } from '#identity';

import { CoursesRepository, ReturnRateService } from '../src/index.js';
import { CyclesReader } from '../src/courses/cycles.reader.js';
import { ReportFrame } from '../src/report-frame.js';
import { ReportFrameQueries } from '../src/report-frame.queries.js';
import { ReturnGroupsService } from '../src/return-groups.service.js';

/** The reports over a database, wired as the module wires them. */
export function reportsOn(database: Database) {
  const frame = new ReportFrame(new StaffService(database), new ReportFrameQueries());
  const cycles = new CyclesReader(new CoursesRepository(), frame);
  return {
    frame,
    cycles,
    rates: new ReturnRateService(database, frame, cycles),
    groups: new ReturnGroupsService(database, frame, cycles),
  };
}

/** Somebody to whom small numbers are told. */
export const mayAlsoSeeCharts = (actor: RequestActor): RequestActor => ({
  ...actor,
  permissions: new Set([...actor.permissions, 'charts:read'] as const),
});
