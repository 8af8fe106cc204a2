import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentKind } from '../domain/booking-rules.js';

/** A visit still to come or under way, for whoever knows something the desk should see beside it. */
export interface DeskVisit {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly kind: AppointmentKind;
  /** The areas it is booked for; empty when nobody said. */
  readonly areaIds: readonly string[];
  /** The day at its location. */
  readonly on: CalendarDate;
}

/** What the desk should see beside a visit: what to do about it, never a finding or a diagnosis. */
export interface DeskAlert {
  readonly appointmentId: string;
  readonly code:
    'do-not-contact' | 'screening-missing' | 'screening-stale' | 'screening-of-the-day' | 'areas-due';
  readonly areaIds: readonly string[];
  /** The day it hangs on, e.g. the end of the window; null where there is none. */
  readonly date: CalendarDate | null;
}

/** Answers for all visits of a sheet at once, in as many queries as for one. */
export type ReadDeskAlerts = (tx: Tx, visits: readonly DeskVisit[]) => Promise<readonly DeskAlert[]>;

/** How the contexts above put what they know beside the visits of a day. */
@Injectable()
export class DeskAlertsPort {
  readonly #readers: ReadDeskAlerts[] = [];

  subscribe(reader: ReadDeskAlerts): void {
    this.#readers.push(reader);
  }

  /** By appointment; nobody is asked about an empty day. */
  async read(tx: Tx, visits: readonly DeskVisit[]): Promise<ReadonlyMap<string, readonly DeskAlert[]>> {
    const alerts: DeskAlert[] = [];
    if (visits.length > 0) for (const reader of this.#readers) alerts.push(...(await reader(tx, visits)));
    return Map.groupBy(alerts, ({ appointmentId }) => appointmentId);
  }
}
