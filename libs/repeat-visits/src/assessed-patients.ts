import type { Tx } from '#database';
import { calendarDate, type CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { type AreaForecast, forecast, type Forecast } from './domain/forecast.js';
import { type Booking, effectOnPlan, ownDayOf, type Reason } from './domain/suppression.js';
import { FiguresInForce } from './figures-in-force.js';
import { SuppressionFactsReader } from './suppression-facts.js';
import { UnitedHistory } from './united-history.js';

/** An area of a patient as of a day: its dates, and why nobody should ask about it. */
export interface AssessedArea {
  readonly area: AreaForecast;
  readonly reasons: readonly Reason[];
  /** Whether somebody may ask about it. */
  readonly listed: boolean;
  /** A clinician's own first day, while it is in force. */
  readonly notBefore: CalendarDate | null;
}

export interface AssessedPatient {
  readonly market: string;
  readonly assessedOn: CalendarDate;
  readonly forecast: Forecast;
  /** In order of area id. */
  readonly areas: readonly AssessedArea[];
  /** Treatments booked from the day on. */
  readonly bookings: readonly Booking[];
}

/** One patient as of a day, from the stored treatments and everything that is known. */
@Injectable()
export class AssessedPatients {
  constructor(
    private readonly patients: PatientsService,
    private readonly history: UnitedHistory,
    private readonly inForce: FiguresInForce,
    private readonly facts: SuppressionFactsReader,
  ) {}

  /** `assessedOn` left out: today where the patient was last treated. @throws PatientNotFound, AssessedBeforeTreatment */
  async of(tx: Tx, patientId: string, assessedOn: string | undefined): Promise<AssessedPatient> {
    await this.patients.require(tx, patientId);
    const doses = (await this.history.of(tx, [patientId])).get(patientId) ?? [];
    const last = doses.reduce<(typeof doses)[number] | null>(
      (newest, dose) => (newest && newest.treatedOn > dose.treatedOn ? newest : dose),
      null,
    );
    const on =
      assessedOn === undefined
        ? await this.facts.today(tx, last?.locationId ?? null)
        : calendarDate(assessedOn);
    const { market, protocol, options } = await this.inForce.of(tx);
    const found = forecast(doses, protocol, on, options);
    const known = await this.facts.of(tx, [patientId], on);
    const areas = found.areas.map((area): AssessedArea => {
      const treated = doses.filter((dose) => dose.area === area.area).map(({ treatedOn }) => treatedOn);
      const lastTreatedOn = treated.toSorted().at(-1) ?? null;
      const reasons = known.reasons({ patientId, area: area.area, earliest: area.earliest, lastTreatedOn });
      return { area, reasons, notBefore: ownDayOf(reasons), listed: effectOnPlan(reasons).listed };
    });
    return { market, assessedOn: on, forecast: found, areas, bookings: known.bookings(patientId) };
  }
}
