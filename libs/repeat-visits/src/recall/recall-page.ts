import type { PublishedCatalogue } from '#catalogue';
import { cursorOf } from '#http';
import { addDays, type CalendarDate } from '#kernel';

import { effectOf, primaryOf, type Reason } from '../domain/suppression.js';
import type { ProposedVisit } from '../domain/visit-proposals.js';
import { stateOn } from '../domain/window-status.js';
import { namesOf, reasonView } from '../http/repeat-visits.views.js';
import { visitView } from '../proposals/http/proposals.views.js';
import type { KnownOfPatients } from '../suppression-facts.js';
import type { OpenWindow } from '../windows.repository.js';
import { waitingOf } from './domain/waiting.js';
import { DUE_STATES, type DueFilter, type DuePlace, type DueState } from './due-windows.queries.js';
import type { DueAreaView, DuePage, DuePatientView } from './http/recall-list.dto.js';
import { visitToOffer } from './visit-to-offer.js';

/** A place in the whole list: the state's list, and where in it. */
export interface Cursor extends DuePlace {
  readonly state: DueState;
}

/** A patient of the page with where and when they could come. */
export interface Listed {
  readonly item: DuePatientView;
  /** Where the most pressing area was last treated. */
  readonly locationId: string;
  readonly visit: ProposedVisit | null;
}

interface Settings {
  readonly states: readonly DueState[];
  readonly catalogue: PublishedCatalogue;
  readonly includeSuppressed: boolean;
  readonly gapDays: number;
}

/** One page in the making. */
export class RecallPage {
  readonly listed: Listed[] = [];

  constructor(
    private readonly filter: DueFilter,
    private readonly settings: Settings,
  ) {}

  view(at: Cursor | null): DuePage {
    return {
      on: this.filter.on,
      items: this.listed.map(({ item }) => item),
      next: at && cursorOf([at.state, at.day, at.patientId, at.area]),
    };
  }

  /**
   * The patient of this place; null where they stand elsewhere in the list, or should not be asked. `windows` are all open
   * ones of the patient; `isWanted` says which of them were asked for.
   */
  patientAt(
    place: Cursor,
    windows: readonly OpenWindow[],
    known: KnownOfPatients,
    isWanted: (window: OpenWindow) => boolean,
  ): Listed | null {
    const { catalogue, includeSuppressed, gapDays } = this.settings;
    const asked = windows
      .flatMap((window): Asked[] => {
        const state = isWanted(window) ? this.#stateOf(window) : null;
        return state === null ? [] : [{ window, state }];
      })
      .toSorted(inOrder);
    const [first] = asked;
    const contact = known.contact(place.patientId);
    if (!contact || first?.window.area !== place.area) return null;
    const reasons = new Map(windows.map((window) => [window, known.reasons(window)]));
    const areas = asked.flatMap((one) => {
      const view = areaView(catalogue, one, reasons.get(one.window) ?? []);
      return view.listed || includeSuppressed ? [view] : [];
    });
    if (areas.length === 0) return null;
    const suppressed = areas.every(({ listed }) => !listed);
    const { id, number, givenName, familyName, preferredName, phone, email, contactChannels } = contact;
    const card = known.card(place.patientId);
    // Whatever the list was narrowed to: the visit is for everything the patient may be asked about.
    const visit = suppressed ? null : visitToOffer(reasons, 'listed', this.filter.on);
    const item: DuePatientView = {
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
      reason: suppressed ? (areas[0]?.reason ?? null) : null,
      areas,
      waitingDays: waitingOf(windows, this.filter.on),
      card: { ...card.card },
      lastContact: card.last && { ...card.last },
      queuedMessage: card.queued && { ...card.queued },
      contactFrom:
        card.card.lastContactOn === null ? null : nextDay(card.card.lastContactOn, gapDays, this.filter.on),
      visit: visit && visitView(catalogue, visit),
      slots: null,
    };
    return { item, locationId: first.window.locationId, visit };
  }

  #stateOf(window: OpenWindow): DueState | null {
    const { on, locationId, area, product } = this.filter;
    const wanted =
      (locationId === null || window.locationId === locationId) &&
      (area === null || window.area === area) &&
      (product === null || window.product === product);
    if (!wanted) return null;
    const state = stateOn(window, on);
    return this.settings.states.find((one) => one === state) ?? null;
  }
}

/** An open window with where it stands on a day. */
export interface Asked {
  readonly window: OpenWindow;
  readonly state: DueState;
}

const nextDay = (last: CalendarDate, gapDays: number, on: CalendarDate): CalendarDate | null => {
  const next = addDays(last, gapDays);
  return next > on ? next : null;
};

/** The order of due-windows.queries.ts within one patient: the most pressing first. */
export function inOrder(a: Asked, b: Asked): number {
  const direction = a.state === 'due' ? 1 : -1;
  return (
    DUE_STATES.indexOf(a.state) - DUE_STATES.indexOf(b.state) ||
    direction * (compare(dayOf(a), dayOf(b)) || compare(a.window.area, b.window.area))
  );
}

const dayOf = ({ window }: Asked): string => window.recommendedTo ?? window.lapsedAfter ?? '9999-12-31';

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function areaView(
  catalogue: PublishedCatalogue,
  { window, state }: Asked,
  reasons: readonly Reason[],
): DueAreaView {
  return {
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
    reasons: reasons.map(reasonView),
    reason: primaryOf(reasons)?.code ?? null,
    ...effectOf(reasons),
  };
}
