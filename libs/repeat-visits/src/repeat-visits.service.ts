import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database, type Tx } from '#database';
import { InvalidInput, type InputError } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, type CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import { TreatmentHistory, type RecordedDose } from '#treatments';
import { Injectable } from '@nestjs/common';

import { forecast } from './domain/forecast.js';
import type { ForecastRequest, ForecastView } from './http/forecast.dto.js';
import { areaForecastView, forecastHeader, reasonView } from './http/repeat-visits.views.js';
import type { RepeatVisitsView } from './http/repeat-visits.dto.js';
import { SuppressionFactsReader } from './suppression-facts.js';
import { WindowsRepository } from './windows.repository.js';

/** Dates beyond it would leave the calendar once the offsets are added. */
const LAST_YEAR = '9990-12-31';

/** When a patient may and should come again, and the same for doses of nobody. */
@Injectable()
export class RepeatVisitsService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly patients: PatientsService,
    private readonly history: TreatmentHistory,
    private readonly windows: WindowsRepository,
    private readonly facts: SuppressionFactsReader,
  ) {}

  /**
   * The windows of a patient, computed from the stored treatments as of any day from the last one on; left out: today
   * where the patient was last treated. @throws PatientNotFound, AssessedBeforeTreatment
   */
  ofPatient(
    actor: RequestActor,
    patientId: string,
    assessedOn: string | undefined,
  ): Promise<RepeatVisitsView> {
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const doses = await this.history.doses(tx, [patientId]);
      const on = assessedOn === undefined ? await this.#today(tx, doses) : calendarDate(assessedOn);
      const catalogue = await this.catalogue.current(tx);
      const protocol = await this.catalogue.protocolOf(tx, actor.market);
      const found = forecast(doses, protocol, on);
      const kept = new Map((await this.windows.open(tx, [patientId])).map((one) => [one.area, one]));
      const known = await this.facts.of(tx, [patientId], on);
      await record(tx, { action: 'repeat-visits.read', entityId: patientId, patientId });
      return {
        patientId,
        ...forecastHeader(actor.market, found),
        areas: found.areas.map((area) => ({
          ...areaForecastView(catalogue, area),
          windowId: kept.get(area.area)?.id ?? null,
          issuedAt: kept.get(area.area)?.issuedAt ?? null,
          reasons: known.reasons({ patientId, ...area }).map(reasonView),
        })),
      };
    });
  }

  /**
   * The same rule for doses of nobody, with the published figures of the market named: an integrator's calculator.
   * @throws InvalidInput naming each unknown product or area, AssessedBeforeTreatment
   */
  forecast(actor: RequestActor, { market, assessedOn, doses }: ForecastRequest): Promise<ForecastView> {
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.catalogue.current(tx);
      const protocol = await this.catalogue.publishedProtocol(tx, market);
      const known = {
        product: new Set(catalogue.products.map(({ id }) => id)),
        area: new Set(catalogue.areas.map(({ id }) => id)),
      };
      const errors = doses.flatMap((dose, i) =>
        (['product', 'area'] as const)
          .filter((field) => !known[field].has(dose[field]))
          .map((field) => inBody(`/doses/${i}/${field}`, `The catalogue has no ${field} of this id`)),
      );
      doses.forEach(({ treatedOn }, i) => {
        if (treatedOn > LAST_YEAR)
          errors.push(inBody(`/doses/${i}/treatedOn`, 'This is too far in the future'));
      });
      if (errors.length > 0) throw new InvalidInput(errors);
      const history = doses.map((dose) => ({ ...dose, treatedOn: calendarDate(dose.treatedOn) }));
      const found = forecast(history, protocol, calendarDate(assessedOn));
      return {
        ...forecastHeader(market, found),
        areas: found.areas.map((area) => areaForecastView(catalogue, area)),
      };
    });
  }

  #today(tx: Tx, doses: readonly RecordedDose[]): Promise<CalendarDate> {
    const last = doses.at(-1);
    return this.facts.today(tx, last?.locationId ?? null);
  }
}

const inBody = (pointer: string, detail: string): InputError => ({ pointer, in: 'body', detail });
