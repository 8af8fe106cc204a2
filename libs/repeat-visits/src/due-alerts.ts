import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import type { DeskAlert, DeskVisit } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { isOfferedAtVisit } from './domain/suppression.js';
import { stateOn } from './domain/window-status.js';
import { SuppressionFactsReader } from './suppression-facts.js';
import { type OpenWindow, WindowsRepository } from './windows.repository.js';

/** A visit and the areas that are due on its day and not booked with it. */
interface Beside {
  readonly visit: DeskVisit;
  readonly due: readonly OpenWindow[];
}

/** Areas that are due on the day of a visit which is not booked for them: they could be treated in the same visit. */
@Injectable()
export class DueAlerts {
  constructor(
    private readonly windows: WindowsRepository,
    private readonly patients: PatientsService,
    private readonly facts: SuppressionFactsReader,
  ) {}

  /**
   * At most one alert a visit, with the day the first of its areas should be done by; none for an area that waits for a
   * clinician, is booked on another day or was declined. Two queries for all visits, and those of the reasons a day.
   */
  async of(tx: Tx, visits: readonly DeskVisit[]): Promise<DeskAlert[]> {
    const beside = await this.#beside(tx, visits);
    const alerts: DeskAlert[] = [];
    for (const [on, those] of Map.groupBy(beside, ({ visit }) => visit.on))
      alerts.push(...(await this.#ofDay(tx, on, those)));
    return alerts;
  }

  /** A visit may stand under a record merged since: the windows are the survivor's. */
  async #beside(tx: Tx, visits: readonly DeskVisit[]): Promise<Beside[]> {
    const asked = await this.patients.contacts(tx, [...new Set(visits.map(({ patientId }) => patientId))]);
    const survivors = new Map(asked.map(({ id, mergedIntoId }) => [id, mergedIntoId ?? id]));
    const windows = await this.windows.open(tx, [...new Set(survivors.values())]);
    const open = Map.groupBy(windows, ({ patientId }) => patientId);
    return visits.flatMap((visit): Beside[] => {
      const { patientId, kind, areaIds, on } = visit;
      // A treatment whose areas nobody named is for all of them (ADR 52).
      if (kind === 'treatment' && areaIds.length === 0) return [];
      const due = (open.get(survivors.get(patientId) ?? patientId) ?? []).filter((window) => {
        const state = stateOn(window, on);
        return !areaIds.includes(window.area) && (state === 'due' || state === 'past-due');
      });
      return due.length === 0 ? [] : [{ visit, due }];
    });
  }

  async #ofDay(tx: Tx, on: CalendarDate, beside: readonly Beside[]): Promise<DeskAlert[]> {
    const ids = new Set(beside.flatMap(({ due }) => due.map(({ patientId }) => patientId)));
    const known = await this.facts.of(tx, [...ids], on);
    return beside.flatMap(({ visit: { appointmentId }, due }): DeskAlert[] => {
      const offered = due.filter((window) => isOfferedAtVisit(known.reasons(window)));
      if (offered.length === 0) return [];
      const [first = null] = offered.flatMap(({ recommendedTo }) => recommendedTo ?? []).toSorted();
      return [{ appointmentId, code: 'areas-due', areaIds: offered.map(({ area }) => area), date: first }];
    });
  }
}
