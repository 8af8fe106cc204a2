import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { AssessedPatients } from './assessed-patients.js';
import { patientSays } from './domain/patient-summary.js';
import { areaForecastView, forecastHeader, reasonView } from './http/repeat-visits.views.js';
import type { RepeatVisitsView } from './http/repeat-visits.dto.js';
import { WindowsRepository } from './windows.repository.js';

/** When a patient may and should come again. */
@Injectable()
export class RepeatVisitsService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly assessed: AssessedPatients,
    private readonly windows: WindowsRepository,
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
      const { market, forecast, areas } = await this.assessed.of(tx, patientId, assessedOn);
      const catalogue = await this.catalogue.current(tx);
      const kept = new Map((await this.windows.open(tx, [patientId])).map((one) => [one.area, one]));
      await record(tx, { action: 'repeat-visits.read', entityId: patientId, patientId });
      return {
        patientId,
        ...forecastHeader(market, forecast),
        areas: areas.map(({ area, reasons }) => ({
          ...areaForecastView(catalogue, area),
          summary: patientSays({ ...area, personal: area.personal !== null }, reasons, forecast.assessedOn),
          windowId: kept.get(area.area)?.id ?? null,
          issuedAt: kept.get(area.area)?.issuedAt ?? null,
          reasons: reasons.map(reasonView),
        })),
      };
    });
  }
}
