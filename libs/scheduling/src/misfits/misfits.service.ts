import { type Actor, Database, type Tx } from '#database';
import { cursorOf, readCursor } from '#http';
import { StaffNotFound } from '#identity';
import { calendarDate, dateIn, isId, isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, SpanInverted } from '../domain/scheduling.errors.js';
import { localTimeOf } from '../domain/slot.js';
import { type Misfit, misfitsAmong, newlyUnfit } from './domain/misfits.js';
import { type MisfitPage, type MisfitView, type ReadMisfits, reasonView } from './http/misfits.dto.js';
import { type Ahead, type MisfitScope, MisfitsQueries } from './misfits.queries.js';

/** Visits looked through for one page: a page may be short, or empty, and still have a next. */
const MOST_LOOKED_AT = 2000;
const FIRST_DAY = calendarDate('0001-01-02');
const LAST_DAY = calendarDate('9999-12-01');

/** What is booked and no longer fits what is set up: the desk resolves it, nothing moves by itself. */
@Injectable()
export class MisfitsService {
  constructor(
    private readonly database: Database,
    private readonly queries: MisfitsQueries,
  ) {}

  /** Four queries, however much is booked. @throws LocationNotFound, StaffNotFound, SpanInverted */
  list(actor: Actor, query: ReadMisfits): Promise<MisfitPage> {
    const { limit, overridden: shown = false } = query;
    const from = query.from === undefined ? FIRST_DAY : calendarDate(query.from);
    const to = query.to === undefined ? LAST_DAY : calendarDate(query.to);
    if (to < from) throw new SpanInverted({ from, to });
    const key = readCursor(query.after, [isInstant, isId]);
    const after = key && { startsAt: new Date(key[0] ?? 0), id: String(key[1]) };
    return this.database.read(actor, async (tx) => {
      const isThere = await this.queries.isThere(tx, query);
      if (!isThere.location) throw new LocationNotFound();
      if (!isThere.practitioner) throw new StaffNotFound();
      const visits = await this.queries.ahead(tx, query, { from, to, after, limit: MOST_LOOKED_AT });
      const asked = visits.filter(({ startsAt, zone }) => {
        const on = dateIn(startsAt, zone);
        return from <= on && on <= to;
      });
      const found = (await this.#unfit(tx, asked)).filter(({ reasons }) => shown || reasons.length > 0);
      const page = found.slice(0, limit);
      const isMore = found.length > limit || visits.length === MOST_LOOKED_AT;
      const lastId = found.length > limit ? page.at(-1)?.visitId : visits.at(-1)?.id;
      const last = isMore ? visits.find(({ id }) => id === lastId) : undefined;
      return {
        items: await this.#views(tx, page),
        next: last ? cursorOf([last.startsAt.toISOString(), last.id]) : null,
      };
    });
  }

  /** Changes the set-up, and says how many visits still to come it made unfit. Two queries more where any are booked. */
  async madeBy<T>(
    tx: Tx,
    scope: MisfitScope,
    change: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly misfits: number }> {
    const all = { from: FIRST_DAY, to: LAST_DAY, after: null, limit: null };
    const visits = await this.queries.ahead(tx, scope, all);
    const before = await this.#unfit(tx, visits);
    const result = await change();
    return { result, misfits: newlyUnfit(before, await this.#unfit(tx, visits)) };
  }

  async #unfit(tx: Tx, visits: readonly Ahead[]): Promise<Misfit[]> {
    return visits.length === 0 ? [] : misfitsAmong(visits, await this.queries.setUpAround(tx, visits));
  }

  async #views(tx: Tx, page: readonly Misfit[]): Promise<MisfitView[]> {
    if (page.length === 0) return [];
    const known = new Map(page.map((misfit) => [misfit.visitId, misfit]));
    const details = await this.queries.details(tx, [...known.keys()]);
    return details.map((visit) => {
      const { reasons = [], overridden = [] } = known.get(visit.appointmentId) ?? {};
      return {
        ...visit,
        localTime: localTimeOf(visit.startsAt, visit.zone),
        reasons: reasons.map(reasonView),
        overridden: overridden.map(reasonView),
      };
    });
  }
}
