import type { Tx } from '#database';
import { FirstTimes, LocationNotFound } from '#scheduling';
import { Injectable } from '@nestjs/common';

import type { Listed } from './recall-page.js';

const SLOTS_A_PATIENT = 3;

/** The first free times of everybody on a page, each at the place and in the days of the visit proposed to them. */
@Injectable()
export class SlotsForPage {
  constructor(private readonly times: FirstTimes) {}

  /**
   * Three queries a location, whatever the number of patients. Nothing where a place was closed for good: the desk chooses
   * another. @throws AppointmentTypeNotFound
   */
  async add(tx: Tx, listed: readonly Listed[], typeId: string): Promise<void> {
    const byPlace = Map.groupBy(listed, ({ locationId }) => locationId);
    for (const [locationId, here] of byPlace) {
      const wishes = here.flatMap(({ item: { patientId }, visit }) =>
        visit === null ? [] : [{ patientId, from: visit.from, to: visit.to }],
      );
      const found = await this.times
        .of(tx, { locationId, typeId, practitionerId: null }, wishes, SLOTS_A_PATIENT)
        .catch((error: unknown) => {
          if (error instanceof LocationNotFound) return new Map<string, never[]>();
          throw error;
        });
      for (const { item, visit } of here)
        if (visit !== null) item.slots = [...(found.get(item.patientId) ?? [])];
    }
  }
}
