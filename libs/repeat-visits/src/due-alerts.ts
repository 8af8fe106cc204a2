import type { Tx } from '#database';
import type { DeskAlert, DeskVisit } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { stateOn } from './domain/window-status.js';
import { WindowsRepository } from './windows.repository.js';

/** Areas that are due on the day of a visit which is not booked for them: they could be treated in the same visit. */
@Injectable()
export class DueAlerts {
  constructor(private readonly windows: WindowsRepository) {}

  /** One query for all visits; at most one alert a visit, with the day the first of its areas should be done by. */
  async of(tx: Tx, visits: readonly DeskVisit[]): Promise<DeskAlert[]> {
    const patientIds = [...new Set(visits.map(({ patientId }) => patientId))];
    const open = Map.groupBy(await this.windows.open(tx, patientIds), ({ patientId }) => patientId);
    return visits.flatMap(({ appointmentId, patientId, kind, areaIds, on }): DeskAlert[] => {
      // A treatment whose areas nobody named is for all of them (ADR 52).
      if (kind === 'treatment' && areaIds.length === 0) return [];
      const due = (open.get(patientId) ?? []).filter((window) => {
        const state = stateOn(window, on);
        return !areaIds.includes(window.area) && (state === 'due' || state === 'past-due');
      });
      if (due.length === 0) return [];
      const [first = null] = due.flatMap(({ recommendedTo }) => recommendedTo ?? []).toSorted();
      return [{ appointmentId, code: 'areas-due', areaIds: due.map(({ area }) => area), date: first }];
    });
  }
}
