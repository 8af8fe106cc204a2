import { CatalogueService, type PublishedCatalogue } from '#catalogue';
import { Database, type Tx } from '#database';
import { InvalidInput, readCursor, type InputError } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, isCalendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { stateOn } from './domain/window-status.js';
import { effectOf } from './domain/suppression.js';
import {
  DUE_STATES,
  type DueFilter,
  type DuePlace,
  type DueState,
  DueWindowsQueries,
} from './due-windows.queries.js';
import { namesOf, reasonView } from './http/repeat-visits.views.js';
import type { DueAreaView, DuePage, DuePatientView, FindDue } from './http/repeat-visits.dto.js';
import { type KnownOfPatients, SuppressionFactsReader } from './suppression-facts.js';
import { type OpenWindow, WindowsRepository } from './windows.repository.js';

/** Places looked at for one page before it is given out short: a page is an answer, not a search. */
const MOST_ROUNDS = 20;

/** A place in the whole list: the state's list, and where in it. */
interface Cursor extends DuePlace {
  readonly state: DueState;
}

/** The list the desk works through: each patient once, with every area that is due. */
@Injectable()
export class DuePatientsService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly windows: WindowsRepository,
    private readonly dueWindows: DueWindowsQueries,
    private readonly facts: SuppressionFactsReader,
  ) {}

  /**
   * Past due first, then due, then lapsed; in each, nearest to the day first. A patient stands where the most pressing
   * of the areas asked for stands. Who should not be asked is left out unless `includeSuppressed`.
   * @throws InvalidInput for an area or product the catalogue does not know
   */
  due(actor: RequestActor, query: FindDue): Promise<DuePage> {
    const cursor = cursorOf(query.after);
    const states = DUE_STATES.filter((state) => query.state?.includes(state) ?? true);
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.catalogue.current(tx);
      assertKnown(catalogue, query);
      const locationId = query.locationId ?? null;
      const on = query.on === undefined ? await this.facts.today(tx, locationId) : calendarDate(query.on);
      const filter = { on, locationId, area: query.area ?? null, product: query.product ?? null };
      const list = new DueList(filter, states, catalogue, query.includeSuppressed === 'true');
      let at = cursor;
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const { places, more } = await this.#places(tx, filter, states, at, query.limit + 1);
        const ids = [...new Set(places.map(({ patientId }) => patientId))];
        if (ids.length > 0) {
          const windows = Map.groupBy(await this.windows.open(tx, ids), ({ patientId }) => patientId);
          const known = await this.facts.of(tx, ids, on);
          for (const place of places) {
            const item = list.patientAt(place, windows.get(place.patientId) ?? [], known);
            if (item && list.items.length === query.limit) return list.page(at);
            if (item) list.items.push(item);
            at = place;
          }
        }
        if (!more) return list.page(null);
        if (list.items.length === query.limit) return list.page(at);
      }
      return list.page(at);
    });
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

/** One page in the making. */
class DueList {
  readonly items: DuePatientView[] = [];

  constructor(
    private readonly filter: DueFilter,
    private readonly states: readonly DueState[],
    private readonly catalogue: PublishedCatalogue,
    private readonly includeSuppressed: boolean,
  ) {}

  page(at: Cursor | null): DuePage {
    const key = at && JSON.stringify([at.state, at.day, at.patientId, at.area]);
    return {
      on: this.filter.on,
      items: this.items,
      next: key === null ? null : Buffer.from(key).toString('base64url'),
    };
  }

  /** The patient of this place; null where they stand elsewhere in the list, or should not be asked. */
  patientAt(place: Cursor, windows: readonly OpenWindow[], known: KnownOfPatients): DuePatientView | null {
    const asked = windows
      .flatMap((window): Asked[] => {
        const state = this.#stateOf(window);
        return state === null ? [] : [{ window, state }];
      })
      .toSorted(inOrder);
    const [first] = asked;
    const contact = known.contact(place.patientId);
    if (!contact || first?.window.area !== place.area) return null;
    const areas: DueAreaView[] = [];
    let suppressed = true;
    for (const one of asked) {
      const reasons = known.reasons(one.window);
      const { listed } = effectOf(reasons);
      if (listed) suppressed = false;
      if (listed || this.includeSuppressed)
        areas.push({ ...areaView(this.catalogue, one), reasons: reasons.map(reasonView) });
    }
    if (areas.length === 0) return null;
    const { id, number, givenName, familyName, preferredName, phone, email, contactChannels } = contact;
    return {
      patientId: id,
      number,
      givenName,
      familyName,
      preferredName,
      phone,
      email,
      contactChannels: [...contactChannels],
      state: areas[0]?.state ?? first.state,
      suppressed,
      areas,
    };
  }

  /** Null for a window outside what was asked for. */
  #stateOf(window: OpenWindow): DueState | null {
    const { on, locationId, area, product } = this.filter;
    const wanted =
      (locationId === null || window.locationId === locationId) &&
      (area === null || window.area === area) &&
      (product === null || window.product === product);
    if (!wanted) return null;
    const state = stateOn(window, on);
    return this.states.find((one) => one === state) ?? null;
  }
}

interface Asked {
  readonly window: OpenWindow;
  readonly state: DueState;
}

/** The order of due-windows.queries.ts within one patient. */
function inOrder(a: Asked, b: Asked): number {
  const direction = a.state === 'due' ? 1 : -1;
  return (
    DUE_STATES.indexOf(a.state) - DUE_STATES.indexOf(b.state) ||
    direction * (compare(dayOf(a), dayOf(b)) || compare(a.window.area, b.window.area))
  );
}

const dayOf = ({ window, state }: Asked): string =>
  (state === 'lapsed' ? window.lapsedAfter : window.recommendedTo) ?? '9999-12-31';

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const areaView = (catalogue: PublishedCatalogue, { window, state }: Asked): Omit<DueAreaView, 'reasons'> => ({
  windowId: window.id,
  area: window.area,
  product: window.product,
  ...namesOf(catalogue, window),
  state,
  earliest: window.earliest,
  recommendedFrom: window.recommendedFrom,
  target: window.target,
  recommendedTo: window.recommendedTo,
  lapsedAfter: window.lapsedAfter,
});

const isState = (part: unknown): part is DueState => DUE_STATES.some((state) => state === part);

function cursorOf(after: string | undefined): Cursor | null {
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
