import type { Tx } from '#database';
import { addDays, dateIn, intersect, subtract } from '#kernel';
import { Injectable } from '@nestjs/common';

import { DiariesQueries } from '../diaries.queries.js';
import { diariesOf } from '../domain/diary.js';
import { type FreedTime, TreatmentWindowsPort } from '../scheduling.ports.js';
import { type Candidate, CandidatesQueries } from './candidates.queries.js';
import { offerableFrom } from './domain/offer-time.js';
import { type FreeTime, type Ranked, ranked, type Waiting } from './domain/waitlist-match.js';

/** Each candidate brings its own type, so the diaries are asked for none. */
const NO_TYPE = '00000000-0000-0000-0000-000000000000';

export type Match = Ranked<Candidate & Waiting>;

/** Whom freed time fits, in the order they are asked: five queries however many wait. */
@Injectable()
export class WaitlistMatching {
  constructor(
    private readonly diaries: DiariesQueries,
    private readonly candidates: CandidatesQueries,
    private readonly windows: TreatmentWindowsPort,
  ) {}

  /**
   * Everyone it fits and who could be booked there now, those held back from being asked by themselves too; empty where
   * the time is over, taken, or not worked.
   */
  async rank(tx: Tx, freed: FreedTime): Promise<Match[]> {
    const time = await this.#freeTime(tx, freed);
    if (!time || time.free.length === 0) return [];
    const days = { first: dateIn(freed.start, time.zone), last: dateIn(freed.end, time.zone) };
    const candidates = await this.candidates.read(tx, freed, days);
    const treated = candidates
      .filter(({ type }) => type.kind === 'treatment')
      .map(({ patient }) => patient.id);
    const windows = Map.groupBy(
      treated.length === 0 ? [] : await this.windows.readOfMany(tx, treated),
      ({ patientId }) => patientId,
    );
    const everyone = candidates.map((one) => ({
      ...one,
      windows: (windows.get(one.patient.id) ?? []).filter(
        ({ areaId }) => one.areaIds.length === 0 || one.areaIds.includes(areaId),
      ),
    }));
    return ranked(everyone, time);
  }

  /** null: no such location or practitioner, or no longer active. */
  async #freeTime(tx: Tx, freed: FreedTime): Promise<FreeTime | null> {
    const { practitionerId, locationId } = freed;
    const span = { start: freed.start.getTime(), end: freed.end.getTime() };
    const [from, to] = [dateIn(freed.start, 'UTC'), dateIn(freed.end, 'UTC')];
    const wanted = { locationId, practitionerId, typeId: NO_TYPE, patientId: null };
    const setUp = await this.diaries.setUp(tx, {
      ...wanted,
      from: addDays(from, -1),
      to: addDays(to, 1),
    });
    const { location, market, horizonDays, noticeMinutes } = setUp;
    const [practitioner] = setUp.practitioners;
    if (!location || !practitioner) return null;
    const { rooms, zone } = location;
    const { working } = diariesOf(location, [practitioner], span);
    const taken = await this.diaries.busy(tx, span, {
      practitionerIds: [practitionerId],
      roomIds: rooms.map(({ id }) => id),
      patientId: null,
    });
    const worked = intersect(working.get(practitioner.id) ?? [], [span]);
    return {
      zone,
      locationId,
      practitioner,
      free: subtract(worked, taken.practitioners.get(practitioner.id) ?? []),
      rooms: rooms.map((room) => ({ ...room, busy: taken.rooms.get(room.id) ?? [] })),
      market,
      notBefore: offerableFrom(tx.now, noticeMinutes),
      lastDay: addDays(dateIn(tx.now, zone), horizonDays),
    };
  }
}
