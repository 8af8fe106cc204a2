import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { planCuts, type Cut } from '../domain/courses/cuts.js';
import type { CycleColumns } from '../domain/courses/cycle-columns.js';
import { unpackCourses } from '../domain/courses/packed-courses.js';
import { walkCycles } from '../domain/courses/walk.js';
import type { ReturnQuestion } from '../domain/return-cycles.js';
import type { ReturnFilter } from '../domain/return-filter.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { CoursesRepository } from './courses.repository.js';

/** Cycles cut into groups: `values[g]` says what group g of the columns is, one word a cut. */
export interface CutCycles {
  readonly columns: CycleColumns;
  readonly values: readonly (readonly string[])[];
}

/** Reads a clinic's courses and walks them. */
@Injectable()
export class CyclesReader {
  constructor(
    private readonly courses: CoursesRepository,
    private readonly frame: ReportFrame,
  ) {}

  /** All cycles the filter asks for, as known on asOf; without cuts they are one group, if there are any. */
  async read(
    tx: Tx,
    { market }: Pick<ReportActor, 'market'>,
    question: ReturnQuestion,
    cuts: readonly Cut[],
    filter: ReturnFilter,
  ): Promise<CutCycles> {
    const settings = await this.courses.settings(tx);
    const zone = await this.frame.zone(tx);
    const register = await this.courses.register(tx, zone);
    const births = cuts.includes('age-band')
      ? await this.courses.births(tx, endOf(question.asOf, zone))
      : new Map<number, never>();
    const packed = await this.courses.packed(tx);
    const plan = planCuts(cuts, filter, { settings, market, births });
    const { columns, keys } = walkCycles(unpackCourses(packed), register, question, plan.grouping);
    return { columns, values: keys.map(plan.valuesOf) };
  }
}
