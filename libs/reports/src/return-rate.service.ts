import { Database } from '#database';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from './courses/cycles.reader.js';
import { cutCycles, hiddenOf, type CutCycles } from './domain/courses/clinic-courses.js';
import { byGroup } from './domain/courses/cycle-columns.js';
import { cohortOf, type ReturnRate } from './domain/return-cohorts.js';
import type { ReturnQuestion } from './domain/return-cycles.js';
import { figuresOf, RETURN_HORIZONS } from './domain/return-rate.js';
import { sampleOf } from './domain/return-sample.js';
import { returnRateView, type AskReturnRate, type ReturnRateView } from './http/return-rate.dto.js';
import { ReportFrame, type ReportActor } from './report-frame.js';

/** Whether patients come back, when, and how sure one can be. */
@Injectable()
export class ReturnRateService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly cycles: CyclesReader,
  ) {}

  /**
   * The clinic's return rate as known at the end of `asOf` (default: today at the clinic's first location, UTC without
   * one). A treatment counts when it was signed by then and not withdrawn; of an amended one the version then in force.
   * Small numbers are told only to somebody who may see charts.
   *
   * @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  async ask(actor: ReportActor, query: AskReturnRate): Promise<ReturnRateView> {
    const { scope, cohortBy, horizons = RETURN_HORIZONS } = query;
    const cuts = [`cohort-${cohortBy}`] as const;
    const { courses, filter } = await this.database.read(actor, async (tx) => {
      const asOf = await this.frame.asOf(tx, query.asOf);
      const narrowed = await this.frame.filter(tx, query);
      return { courses: await this.cycles.load(tx, actor, asOf, cuts), filter: narrowed };
    });
    const cut = cutCycles(courses, scope, cuts, filter);
    const { overall, places } = hiddenOf(actor, courses, scope, filter, cut);
    const days = [...horizons].toSorted((a, b) => a - b);
    const rate = rateOf(cut, { scope, asOf: courses.asOf }, days);
    return returnRateView(rate, cohortBy, filter, {
      overall,
      cohorts: new Set([...places].map((place) => cut.values[place]?.[0] ?? '')),
    });
  }
}

function rateOf(
  { columns, values }: CutCycles,
  question: ReturnQuestion,
  horizons: readonly number[],
): ReturnRate {
  const cohorts = byGroup(columns, Math.max(1, values.length));
  return {
    ...question,
    overall: figuresOf(sampleOf(columns, question.asOf), question, horizons),
    cohorts: values
      .map(([cohort = ''], place) => ({ cohort, members: cohorts[place] ?? columns }))
      .toSorted((a, b) => (a.cohort < b.cohort ? -1 : 1))
      .map(({ cohort, members }) => cohortOf(cohort, sampleOf(members, question.asOf), question, horizons)),
  };
}
