import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ClinicCourses } from '../domain/courses/clinic-courses.js';
import type { Cut } from '../domain/courses/cuts.js';
import { unpackCourses } from '../domain/courses/packed-courses.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { CoursesRepository } from './courses.repository.js';

/** Reads a clinic's courses, once for all that is asked of a day. */
@Injectable()
export class CyclesReader {
  constructor(
    private readonly courses: CoursesRepository,
    private readonly frame: ReportFrame,
  ) {}

  /** All courses as known on asOf, with what these cuts ask of patients. */
  async load(
    tx: Tx,
    { market }: Pick<ReportActor, 'market'>,
    asOf: CalendarDate,
    cuts: readonly Cut[] = [],
  ): Promise<ClinicCourses> {
    const settings = await this.courses.settings(tx);
    const zone = await this.frame.zone(tx);
    const register = await this.courses.register(tx, zone);
    const births = cuts.includes('age-band')
      ? await this.courses.births(tx, endOf(asOf, zone))
      : new Map<number, never>();
    const packed = unpackCourses(await this.courses.packed(tx));
    return { asOf, settings, register, births, market, packed };
  }
}
