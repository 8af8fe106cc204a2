import type { Tx } from '#database';
import type { DeskAlert, DeskVisit } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { effectOf } from './domain/suppression.js';
import { stateOn } from './domain/window-status.js';
import { type KnownOfPatients, SuppressionFactsReader } from './suppression-facts.js';
import { type OpenWindow, WindowsRepository } from './windows.repository.js';

/** A visit with the areas that are due on its day and not booked with it. */
interface Unbooked {
  readonly visit: DeskVisit;
  readonly due: readonly OpenWindow[];
}

/** Areas that are due on the day of a visit which is not booked for them: they could be treated in the same visit. */
@Injectable()
export class DueAlerts {
  constructor(
    private readonly windows: WindowsRepository,
    private readonly facts: SuppressionFactsReader,
  ) {}

  /**
   * One read of windows for all visits, and one of reasons a day for those with such an area: nobody is asked at the desk about
   * what the recall list does not ask about. At most one alert a visit, with the day the first of its areas should be done by.
   */
  async of(tx: Tx, visits: readonly DeskVisit[]): Promise<DeskAlert[]> {
    const patientIds = [...new Set(visits.map(({ patientId }) => patientId))];
    const open = Map.groupBy(await this.windows.open(tx, patientIds), ({ patientId }) => patientId);
    const unbooked = visits.flatMap((visit): Unbooked[] => {
      const due = dueBeside(visit, open.get(visit.patientId) ?? []);
      return due.length === 0 ? [] : [{ visit, due }];
    });
    const alerts: DeskAlert[] = [];
    for (const [on, some] of Map.groupBy(unbooked, ({ visit }) => visit.on)) {
      const ids = [...new Set(some.map(({ visit }) => visit.patientId))];
      const known = await this.facts.of(tx, ids, on);
      alerts.push(...some.flatMap((one) => alertOf(one, known)));
    }
    return alerts;
  }
}

function dueBeside({ kind, areaIds, on }: DeskVisit, open: readonly OpenWindow[]): OpenWindow[] {
  // A treatment whose areas nobody named is for all of them (ADR 52).
  if (kind === 'treatment' && areaIds.length === 0) return [];
  return open.filter((window) => {
    const state = stateOn(window, on);
    return !areaIds.includes(window.area) && (state === 'due' || state === 'past-due');
  });
}

function alertOf({ visit, due }: Unbooked, known: KnownOfPatients): DeskAlert[] {
  const asked = due.filter((window) => effectOf(known.reasons(window)).listed);
  if (asked.length === 0) return [];
  const [first = null] = asked.flatMap(({ recommendedTo }) => recommendedTo ?? []).toSorted();
  const areaIds = asked.map(({ area }) => area);
  return [{ appointmentId: visit.appointmentId, code: 'areas-due', areaIds, date: first }];
}
