import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { AppointmentsService, FirstTimes, LocationNotFound } from '#scheduling';
import { Injectable } from '@nestjs/common';

import type { ProposedVisit } from '../domain/visit-proposals.js';
import type { Usual } from './domain/usual.js';
import type { FirstTimeView } from './http/recall-list.dto.js';
import type { Listed } from './recall-page.js';
import { UsualQueries } from './usual.queries.js';

const SLOTS_A_PATIENT = 3;
/** The usual place and the next one: a third is no offer to somebody on the telephone. */
const MOST_PLACES = 2;

interface Wish {
  readonly patientId: string;
  readonly visit: ProposedVisit;
  readonly usual: Usual | undefined;
  /** In the order they are looked at. */
  readonly places: readonly string[];
  readonly slots: FirstTimeView[];
}

/** The first free times of everybody on a page in the days of the visit proposed to them, the usual ones first. */
@Injectable()
export class SlotsForPage {
  constructor(
    private readonly times: FirstTimes,
    private readonly usual: UsualQueries,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * Where the patient usually is treated, with whom they usually see before others; at the next place only where that leaves
   * too few. Three queries a place, whatever the number of patients. A place closed for good has none.
   * `locationId`: only there. @throws AppointmentTypeNotFound
   */
  async add(
    tx: Tx,
    listed: readonly Listed[],
    { typeId, locationId, on }: { typeId: string; locationId: string | null; on: CalendarDate },
  ): Promise<void> {
    const ids = listed.map(({ item }) => item.patientId);
    const usual = await this.usual.of(tx, ids, on);
    const wishes = listed.flatMap(({ item, visit, locationId: last }): Wish[] => {
      if (visit === null) return [];
      item.slots = [];
      const own = usual.get(item.patientId);
      const places = locationId === null ? [...new Set([...(own?.locationIds ?? []), last])] : [locationId];
      return [{ patientId: item.patientId, visit, usual: own, places, slots: item.slots }];
    });
    for (let turn = 0; turn < MOST_PLACES; turn += 1) {
      const wanting = wishes.filter(
        ({ slots, places }) => slots.length < SLOTS_A_PATIENT && turn < places.length,
      );
      for (const [place, here] of Map.groupBy(wanting, ({ places }) => places[turn] ?? ''))
        await this.#addAt(tx, place, typeId, here);
    }
  }

  async #addAt(tx: Tx, locationId: string, typeId: string, here: readonly Wish[]): Promise<void> {
    const wishes = here.map(({ patientId, visit: { from, to }, usual }) => ({
      patientId,
      from,
      to,
      usualPractitionerId: usual?.practitionerId ?? null,
    }));
    try {
      const { name: locationName } = await this.appointments.locationOf(tx, locationId);
      const found = await this.times.of(
        tx,
        { locationId, typeId, practitionerId: null },
        wishes,
        SLOTS_A_PATIENT,
      );
      for (const { patientId, usual, slots } of here) {
        const isUsualPlace = usual?.locationIds[0] === locationId;
        const more = (found.get(patientId) ?? []).slice(0, SLOTS_A_PATIENT - slots.length);
        slots.push(
          ...more.map((one) => ({ ...one, usual: one.usual && isUsualPlace, locationId, locationName })),
        );
      }
    } catch (error) {
      if (!(error instanceof LocationNotFound)) throw error;
    }
  }
}
