import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from './courses/cycles.reader.js';
import { cutCycles, hiddenOf, type CutCycles } from './domain/courses/clinic-courses.js';
import { cohortDays, type Cut } from './domain/courses/cuts.js';
import { byGroup } from './domain/courses/cycle-columns.js';
import type { ReturnQuestion } from './domain/return-cycles.js';
import { definitionOf, definitionsOf } from './domain/return-definitions.js';
import { compareReturns, countCohorts } from './domain/return-groups.js';
import type { ReturnFilter } from './domain/return-filter.js';
import { RETURN_HORIZONS } from './domain/return-rate.js';
import { sampleOf } from './domain/return-sample.js';
import type { ReturnQuery } from './http/report-query.dto.js';
import { cohortLine, groupView } from './http/return-groups.views.js';
import type {
  AskReturnCohorts,
  AskReturnGroups,
  ReturnCohortsView,
  ReturnGroupsView,
} from './http/return-groups.dto.js';
import { filterView } from './http/return-rate.dto.js';
import { ReportFrame, type ReportActor } from './report-frame.js';

interface Answer {
  readonly question: ReturnQuestion;
  readonly filter: ReturnFilter;
  readonly cut: CutCycles;
  readonly horizons: readonly number[];
  /** Places in the order of their values, with whether they are hidden. */
  readonly places: readonly {
    readonly place: number;
    readonly values: readonly string[];
    readonly hidden: boolean;
  }[];
}

/** Returns, cut by who, where, what and when. */
@Injectable()
export class ReturnGroupsService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly cycles: CyclesReader,
  ) {}

  /**
   * The figures of each group, and whether the groups differ.
   * @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  async groups(actor: ReportActor, query: AskReturnGroups): Promise<ReturnGroupsView> {
    const { question, filter, cut, horizons, places } = await this.#read(actor, query, query.by);
    const members = byGroup(cut.columns, Math.max(1, cut.values.length));
    const told = places.map(({ place, values, hidden }) => ({
      values: byName(query.by, values),
      sample: hidden ? null : sampleOf(members[place] ?? cut.columns, question.asOf),
    }));
    const page = paged(told, query, ({ values }) => Object.values(values));
    const lastDay = query.curves ? (horizons.at(-1) ?? 0) : null;
    return {
      ...question,
      by: query.by,
      filter: filterView(filter),
      definitions: definitionsOf(question, horizons),
      items: page.items.map(({ values, sample }) => groupView(values, sample, question, horizons, lastDay)),
      comparison: {
        definition: definitionOf.comparison(question),
        ...compareReturns(
          told.flatMap(({ sample }) => sample ?? []),
          horizons,
        ),
      },
      next: page.next,
    };
  }

  /**
   * The cohort table: how many of each cohort (and group) were back by each horizon so far.
   * @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  async cohorts(actor: ReportActor, query: AskReturnCohorts): Promise<ReturnCohortsView> {
    const { by = [], cohortBy } = query;
    const cuts: readonly Cut[] = [...by, `cohort-${cohortBy}`];
    const { question, filter, cut, horizons, places } = await this.#read(actor, query, cuts);
    const counts = countCohorts(cut.columns, cut.values.length, question, horizons);
    const page = paged(places, query, ({ values }) => values);
    return {
      ...question,
      by,
      cohortBy,
      filter: filterView(filter),
      definitions: { cohort: definitionOf.cohortTable(question) },
      items: page.items.map(({ place, values, hidden }) => {
        const cohort = values.at(-1) ?? '';
        return cohortLine(
          byName(by, values),
          cohort,
          hidden ? null : counts[place],
          cohortDays(cohort),
          question.asOf,
        );
      }),
      next: page.next,
    };
  }

  async #read(actor: ReportActor, query: ReturnQuery, cuts: readonly Cut[]): Promise<Answer> {
    const { scope, horizons = RETURN_HORIZONS } = query;
    const { courses, filter } = await this.database.read(actor, async (tx) => {
      const asOf = await this.frame.asOf(tx, query.asOf);
      const narrowed = await this.frame.filter(tx, query);
      return { courses: await this.cycles.load(tx, actor, asOf, cuts), filter: narrowed };
    });
    const cut = cutCycles(courses, scope, cuts, filter);
    const hidden = hiddenOf(actor, courses, scope, filter, cut);
    return {
      question: { scope, asOf: courses.asOf },
      filter,
      cut,
      horizons: [...horizons].toSorted((a, b) => a - b),
      places: cut.values
        .map((words, place) => ({ place, values: words, hidden: hidden.places.has(place) }))
        .toSorted((a, b) => inOrder(a.values, b.values)),
    };
  }
}

const byName = (cuts: readonly Cut[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(cuts.map((cut, i) => [cut, values[i] ?? '']));

function inOrder(a: readonly string[], b: readonly string[]): number {
  for (const [i, word] of a.entries()) {
    const other = b[i] ?? '';
    if (word !== other) return word < other ? -1 : 1;
  }
  return 0;
}

const isWord = (part: unknown): boolean => typeof part === 'string';

/** A page of lines that all stand in memory: those after the cursor's values. */
function paged<Line>(
  lines: readonly Line[],
  { after, limit }: { readonly after?: string; readonly limit: number },
  valuesOf: (line: Line) => readonly string[],
) {
  const [first] = lines;
  const width = first === undefined ? 0 : valuesOf(first).length;
  const cursor = readCursor(
    after,
    Array.from({ length: width }, () => isWord),
  )?.map(String);
  const rest = cursor ? lines.filter((line) => inOrder(valuesOf(line), cursor) > 0) : lines;
  return pageOf(rest.slice(0, limit + 1), limit, valuesOf);
}
