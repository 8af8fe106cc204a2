import type { Tx } from '#database';
import { addDays, boundaryOf, type CalendarDate, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { freeIn, questionOf } from '../free-slots.js';
import { DiariesQueries } from '../diaries.queries.js';
import { LONGEST_SEARCH_DAYS } from '../domain/availability.js';
import type { SlotView } from '../http/availability.dto.js';
import { firstFreeFirstOf } from './domain/first-free.js';

/** The days one patient could come on, both inclusive, by the calendar of the location. */
export interface PatientDays {
  readonly patientId: string;
  readonly from: CalendarDate;
  /** null: no last day. */
  readonly to: CalendarDate | null;
  /** Whom the patient usually sees; null: nobody in particular. */
  readonly usualPractitionerId: string | null;
}

/** A free time, and whether it is with whom the patient usually sees. */
export interface FirstTime extends SlotView {
  readonly usual: boolean;
}

/** Where there is time for each of many patients. */
@Injectable()
export class FirstTimes {
  constructor(private readonly diaries: DiariesQueries) {}

  /**
   * The first `count` free times of each patient, those with their usual practitioner before all others, in three queries for all of them: the diaries of the place are loaded and
   * reckoned once, and each patient's own visits are taken out of them. Looks at most 60 days from the first day asked for;
   * a patient whose days begin later gets none.
   * @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound
   */
  async of(
    tx: Tx,
    place: { readonly locationId: string; readonly typeId: string; readonly practitionerId: string | null },
    wishes: readonly PatientDays[],
    count: number,
  ): Promise<ReadonlyMap<string, readonly FirstTime[]>> {
    const [first] = wishes.map(({ from }) => from).toSorted();
    if (first === undefined) return new Map();
    const longest = addDays(first, LONGEST_SEARCH_DAYS - 1);
    const ends = wishes.map(({ to }) => (to === null || to > longest ? longest : to));
    const last = ends.toSorted((a, b) => toEpochDay(b) - toEpochDay(a))[0] ?? longest;
    const wanted = { ...place, patientId: null, from: first, to: last };
    const setUp = await this.diaries.setUp(tx, wanted);
    const zone = setUp.location?.zone ?? 'UTC';
    const startOf = (day: CalendarDate): number => boundaryOf(addDays(day, -1), '24:00', zone).getTime();
    const endOf = (day: CalendarDate): number => boundaryOf(day, '24:00', zone).getTime();
    const question = questionOf(setUp, wanted, { start: startOf(first), end: endOf(last) });
    const taken = await this.diaries.busy(tx, question.reach, question.whose);
    const { slots, view } = freeIn(tx.now, setUp, question, taken);
    const busy = await this.diaries.busyOfPatients(tx, question.reach, [
      ...new Set(wishes.map(({ patientId }) => patientId)),
    ]);
    const byWhom = Map.groupBy(slots, ({ practitionerId }) => practitionerId);
    return new Map(
      wishes.map(({ patientId, from, usualPractitionerId }, i) => {
        const days = { start: startOf(from), end: endOf(ends[i] ?? last) };
        const own = busy.get(patientId) ?? [];
        const withUsual = usualPractitionerId === null ? [] : (byWhom.get(usualPractitionerId) ?? []);
        const found = firstFreeFirstOf(withUsual, slots, days, own, question.type, count);
        return [
          patientId,
          found.map(({ slot, usual }): FirstTime => {
            const seen = view(slot);
            return { ...seen, usual, why: usual ? `usually with ${seen.practitionerName}` : seen.why };
          }),
        ];
      }),
    );
  }
}
