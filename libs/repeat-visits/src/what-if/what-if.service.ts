import { CatalogueService, type ProtocolInForce, type PublishedCatalogue } from '#catalogue';
import { Database } from '#database';
import { InvalidInput, type InputError } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { forecast, type Forecast } from '../domain/forecast.js';
import { proposeVisits } from '../domain/visit-proposals.js';
import type {
  DoseToForecast,
  ForecastRequest,
  ForecastView,
  HistoryForecastView,
} from '../http/forecast.dto.js';
import { areaForecastView, forecastHeader } from '../http/repeat-visits.views.js';
import { proposalsView } from '../proposals/http/proposals.views.js';

/** Dates beyond it would leave the calendar once the offsets are added. */
const LAST_YEAR = '9990-12-31';
const MOST_DOSES = 20_000;
const MOST_ERRORS = 20;

/** The rule for doses of nobody, with the published figures of a market: an integrator's calculator. */
@Injectable()
export class WhatIfService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
  ) {}

  /** @throws InvalidInput naming each unknown product or area, AssessedBeforeTreatment */
  forecast(actor: RequestActor, request: ForecastRequest): Promise<ForecastView> {
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.catalogue.current(tx);
      const protocol = await this.catalogue.publishedProtocol(tx, request.market);
      assertKnown(catalogue, request);
      const answer = answerer(catalogue, protocol, request);
      const { found, view } = answer(null, request.doses ?? []);
      return {
        ...forecastHeader(request.market, found),
        areas: view.areas,
        proposals: view.proposals,
        histories: request.histories?.map(({ ref, doses }) => answer(ref ?? null, doses).view) ?? null,
      };
    });
  }
}

function answerer(
  catalogue: PublishedCatalogue,
  protocol: ProtocolInForce,
  { assessedOn, personalInterval = false, proposals = false }: ForecastRequest,
): (ref: string | null, doses: readonly DoseToForecast[]) => { found: Forecast; view: HistoryForecastView } {
  const on: CalendarDate = calendarDate(assessedOn);
  return (ref, doses) => {
    const history = doses.map((dose) => ({ ...dose, treatedOn: calendarDate(dose.treatedOn) }));
    const found = forecast(history, protocol, on, { personalInterval });
    const visits = proposals
      ? proposeVisits(
          found.areas.map((area) => ({ ...area, notBefore: null })),
          on,
        )
      : null;
    const areas = found.areas.map((area) => areaForecastView(catalogue, area));
    return { found, view: { ref, areas, proposals: visits && proposalsView(catalogue, visits) } };
  };
}

/** @throws InvalidInput */
function assertKnown(catalogue: PublishedCatalogue, { doses, histories }: ForecastRequest): void {
  const products = new Set(catalogue.products.map(({ id }) => id));
  const areas = new Set(catalogue.areas.map(({ id }) => id));
  const errors: InputError[] = [];
  if (doses && histories) errors.push(inBody('/histories', 'Give either doses or histories'));
  const lists = [
    { at: '/doses', list: doses ?? [] },
    ...(histories ?? []).map((one, i) => ({ at: `/histories/${i}/doses`, list: one.doses })),
  ];
  if (lists.reduce((sum, { list }) => sum + list.length, 0) > MOST_DOSES)
    errors.push(inBody('/histories', `All histories together hold at most ${MOST_DOSES} doses`));
  for (const { at, list } of lists) {
    for (const [i, { product, area, treatedOn }] of list.entries()) {
      const dose = `${at}/${i}`;
      if (!products.has(product))
        errors.push(inBody(`${dose}/product`, 'The catalogue has no product of this id'));
      if (!areas.has(area)) errors.push(inBody(`${dose}/area`, 'The catalogue has no area of this id'));
      if (treatedOn > LAST_YEAR) errors.push(inBody(`${dose}/treatedOn`, 'This is too far in the future'));
    }
  }
  if (errors.length > 0) throw new InvalidInput(errors.slice(0, MOST_ERRORS));
}

const inBody = (pointer: string, detail: string): InputError => ({ pointer, in: 'body', detail });
