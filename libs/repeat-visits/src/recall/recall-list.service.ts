import { CatalogueService, type PublishedCatalogue } from '#catalogue';
import { Database, type Tx } from '#database';
import { InvalidInput, readCursor, type InputError } from '#http';
import { ClinicsService, type RequestActor } from '#identity';
import { calendarDate, isCalendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { SuppressionFactsReader } from '../suppression-facts.js';
import { WindowsRepository } from '../windows.repository.js';
import { DUE_STATES, type DueFilter, type DueState, DueWindowsQueries } from './due-windows.queries.js';
import type { DuePage, FindDue } from './http/recall-list.dto.js';
import { type Cursor, RecallPage } from './recall-page.js';
import { SlotsForPage } from './slots-for-page.js';

/** How often the next places are read for one page before it is given out short: a page is an answer, not a search. */
const MOST_ROUNDS = 20;
const NOBODY = 'nobody';

/** The list the desk works through: each patient once, with every area that is due. */
@Injectable()
export class RecallListService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly windows: WindowsRepository,
    private readonly dueWindows: DueWindowsQueries,
    private readonly facts: SuppressionFactsReader,
    private readonly slots: SlotsForPage,
    private readonly clinics: ClinicsService,
  ) {}

  /**
   * Past due first, then due, then lapsed; in each, nearest to the day first. A patient stands where the most pressing
   * of the areas asked for stands. Who should not be asked is left out unless `includeSuppressed`.
   * @throws InvalidInput for an area or product the catalogue does not know; AppointmentTypeNotFound
   */
  due(actor: RequestActor, query: FindDue): Promise<DuePage> {
    const cursor = placeAfter(query.after);
    return this.database.read(actor, (tx) => this.pageIn(tx, query, cursor));
  }

  /** One page in the caller's transaction. */
  async pageIn(tx: Tx, query: FindDue, after: Cursor | null): Promise<DuePage> {
    const { limit, typeId } = query;
    const states = DUE_STATES.filter((state) => query.state?.includes(state) ?? true);
    const [catalogue, filter, { contactGapDays: gapDays }] = await Promise.all([
      this.catalogue.current(tx),
      this.#filterOf(tx, query),
      this.clinics.settings(tx),
    ]);
    assertKnown(catalogue, query);
    const includeSuppressed = query.includeSuppressed === 'true';
    const page = new RecallPage(filter, { states, catalogue, includeSuppressed, gapDays });
    const at = await this.#fill(tx, page, { filter, states, limit }, after);
    if (typeId !== undefined)
      await this.slots.add(tx, page.listed, { typeId, locationId: filter.locationId, on: filter.on });
    return page.view(at);
  }

  /** Where the next page begins; null when there is none. */
  async #fill(
    tx: Tx,
    page: RecallPage,
    { filter, states, limit }: { filter: DueFilter; states: readonly DueState[]; limit: number },
    after: Cursor | null,
  ): Promise<Cursor | null> {
    let at = after;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { places, more } = await this.#places(tx, filter, states, at, limit + 1);
      const ids = [...new Set(places.map(({ patientId }) => patientId))];
      if (ids.length > 0) {
        const { practitionerId } = filter;
        const [found, known, own] = await Promise.all([
          this.windows.open(tx, ids),
          this.facts.of(tx, ids, filter.on),
          practitionerId === null ? null : this.dueWindows.ofPractitioner(tx, ids, practitionerId),
        ]);
        const windows = Map.groupBy(found, ({ patientId }) => patientId);
        for (const place of places) {
          const open = windows.get(place.patientId) ?? [];
          const listed = page.patientAt(place, open, known, ({ id }) => own?.has(id) ?? true);
          if (listed && page.listed.length === limit) return at;
          if (listed) page.listed.push(listed);
          at = place;
        }
      }
      if (!more) return null;
      if (page.listed.length === limit) return at;
    }
    return at;
  }

  async #filterOf(tx: Tx, query: FindDue): Promise<DueFilter> {
    const { locationId = null, area = null, product = null, practitionerId = null } = query;
    const on = query.on === undefined ? await this.facts.today(tx, locationId) : calendarDate(query.on);
    const { lastContactBefore, minWaiting = null, assignedTo, assigned } = query;
    const mine = assigned === 'mine' ? tx.actor.staffId : assigned === NOBODY ? NOBODY : null;
    return {
      on,
      locationId,
      area,
      product,
      practitionerId,
      lastContactBefore: lastContactBefore === undefined ? null : calendarDate(lastContactBefore),
      minWaiting,
      assignedTo: assignedTo ?? mine,
    };
  }

  /** The next places of the whole list, across the states. */
  async #places(
    tx: Tx,
    filter: DueFilter,
    states: readonly DueState[],
    after: Cursor | null,
    limit: number,
  ): Promise<{ places: Cursor[]; more: boolean }> {
    const places: Cursor[] = [];
    const from = after === null ? 0 : states.indexOf(after.state);
    for (const state of states.slice(Math.max(from, 0))) {
      const start = state === after?.state ? after : null;
      const found = await this.dueWindows.after(tx, state, filter, start, limit - places.length);
      places.push(...found.map((place) => ({ ...place, state })));
      if (places.length === limit) return { places, more: true };
    }
    return { places, more: false };
  }
}

const isState = (part: unknown): part is DueState => DUE_STATES.some((state) => state === part);

/** Where a page begins; null for the first. @throws InvalidInput when the cursor is not one of this list */
export function placeAfter(after: string | undefined): Cursor | null {
  const isText = (part: unknown): boolean => typeof part === 'string' && /^[a-z_]{1,50}$/.test(part);
  const [state, day, patientId, area] = readCursor(after, [isState, isCalendarDate, isId, isText]) ?? [];
  return isState(state)
    ? { state, day: String(day), patientId: String(patientId), area: String(area) }
    : null;
}

function assertKnown(catalogue: PublishedCatalogue, { area, product }: FindDue): void {
  const unknown = (field: string): InputError => ({
    pointer: `/${field}`,
    in: 'query',
    detail: `The catalogue has no ${field} of this id`,
  });
  const errors = [
    ...(area === undefined || catalogue.areas.some(({ id }) => id === area) ? [] : [unknown('area')]),
    ...(product === undefined || catalogue.products.some(({ id }) => id === product)
      ? []
      : [unknown('product')]),
  ];
  if (errors.length > 0) throw new InvalidInput(errors);
}
