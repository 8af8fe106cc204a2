import { Database, type Tx } from '#database';
import type { Permission } from '#identity';
import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { FiguresService } from '../figures/figures.service.js';
import { withinFiveYears } from '../figures/period.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { ReturnGroupsService } from '../return-groups.service.js';
import { ReturnRateService } from '../return-rate.service.js';
import { given, type DocumentQuestion } from './document-question.js';
import type { DocumentRow } from './documents.repository.js';
import { figuresCsv, returnCsv } from './pages/csv.js';
import { NamesQueries } from './names.queries.js';
import type { FiguresReport, ReturnTables } from './report-content.js';

const MOST_GROUPS = 500;
const FILTERS = ['practitioner', 'location', 'product', 'area'] as const;
// Curves are drawn in a document of a browser's kind: many megabytes, loaded by whoever prints one.
const pages = () => import('./pages/report-page.js');
type Advance = (progress: number) => Promise<void>;

/** Puts a document together from the same services that answer over HTTP, as whoever asked would be answered. */
@Injectable()
export class DocumentMaker {
  constructor(
    private readonly database: Database,
    private readonly rates: ReturnRateService,
    private readonly groups: ReturnGroupsService,
    private readonly figures: FiguresService,
    private readonly names: NamesQueries,
    private readonly frame: ReportFrame,
  ) {}

  /** The document's text; the same row gives the same bytes. `advance` is told per cent. */
  async make(
    clinicId: string,
    { kind, format, question, tellsSmall, askedBy }: DocumentRow,
    advance: Advance,
  ): Promise<string> {
    const permissions = new Set<Permission>(tellsSmall ? ['reports:read', 'charts:read'] : ['reports:read']);
    const actor: ReportActor = { clinicId, staffId: askedBy, market: question.market, permissions };
    await advance(5);
    if (kind === 'clinic-figures') {
      const report = await this.#figures(actor, question);
      await advance(80);
      return format === 'csv' ? figuresCsv(report) : (await pages()).figuresPage(report);
    }
    const tables = await this.#returns(actor, question, advance);
    if (format === 'csv') return returnCsv(tables);
    const figures = await this.#figures(actor, question);
    await advance(85);
    const filters = await this.#reading(actor, (tx) => this.#filters(tx, question));
    return (await pages()).returnPage({ ...figures, ...tables, filters });
  }

  async #returns(actor: ReportActor, question: DocumentQuestion, advance: Advance): Promise<ReturnTables> {
    const { asOf, scope, cohortBy, by } = question;
    const asked = { asOf, scope, ...filterIn(question) };
    const horizons = question.horizons === null ? {} : { horizons: [...question.horizons] };
    const query = { ...asked, ...horizons };
    const rate = await this.rates.ask(actor, { ...query, cohortBy });
    await advance(30);
    const page = { curves: true, limit: MOST_GROUPS };
    const whole = await this.groups.groups(actor, { ...query, ...page, by: ['market'] });
    await advance(50);
    const groups = by === null ? null : await this.groups.groups(actor, { ...query, ...page, by: [by] });
    await advance(70);
    const values = groups?.items.map((group) => group.values[by ?? ''] ?? '') ?? [];
    const nameOf = await this.#reading(actor, async (tx) =>
      by === null
        ? (value: string) => value
        : this.names.of(tx, by, values, await this.#before(tx, question)),
    );
    return { rate, whole, groups, cut: by, nameOf };
  }

  /** Of whom and when the question says; a question of returns may be of more years than figures are. */
  async #figures(actor: ReportActor, question: DocumentQuestion): Promise<FiguresReport> {
    const { asOf, practitionerId, locationId } = question;
    const days = daysOf(question);
    const within = withinFiveYears(calendarDate(asOf), days);
    const asked = { asOf, ...given({ practitionerId, locationId }), ...days, ...within };
    const figures = await this.figures.ask(actor, asked);
    const others = await this.figures.otherSystems(actor, asked);
    return this.#reading(actor, async (tx) => ({
      clinic: await this.names.clinic(tx, await this.#before(tx, question)),
      whose: await this.#named(tx, question, { practitioner: practitionerId, location: locationId }),
      figures,
      others,
    }));
  }

  async #filters(tx: Tx, question: DocumentQuestion): Promise<string[]> {
    const { practitionerId, locationId, product, area, from, to } = question;
    const asked = { practitioner: practitionerId, location: locationId, product, area };
    const said = await this.#named(tx, question, asked);
    if (from !== null || to !== null)
      said.push(`treated ${from === null ? '' : `from ${from} `}${to === null ? '' : `to ${to}`}`.trim());
    return said;
  }

  /** What is asked for, in words. */
  async #named(
    tx: Tx,
    question: DocumentQuestion,
    asked: Partial<Record<(typeof FILTERS)[number], string | null>>,
  ): Promise<string[]> {
    const before = await this.#before(tx, question);
    const said: string[] = [];
    for (const cut of FILTERS) {
      const value = asked[cut] ?? null;
      if (value !== null) said.push(`${cut} ${(await this.names.of(tx, cut, [value], before))(value)}`);
    }
    return said;
  }

  async #before(tx: Tx, { asOf }: DocumentQuestion): Promise<Date> {
    return endOf(calendarDate(asOf), await this.frame.zone(tx));
  }

  #reading<T>(actor: ReportActor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(actor, work);
  }
}

const daysOf = ({ from, to }: DocumentQuestion) => ({
  ...(from === null ? {} : { from: calendarDate(from) }),
  ...(to === null ? {} : { to: calendarDate(to) }),
});

const filterIn = ({ practitionerId, locationId, product, area, from, to }: DocumentQuestion) =>
  given({ practitionerId, locationId, product, area, from, to });
