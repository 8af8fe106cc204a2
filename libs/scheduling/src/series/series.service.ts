import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId, newId, wallIn } from '#kernel';
import { PatientNotFound } from '#patients';
import { Injectable } from '@nestjs/common';

import { AppointmentsRepository } from '../appointments.repository.js';
import { BookingService, rowTaken } from '../booking.service.js';
import { LocationNotFound } from '../domain/scheduling.errors.js';
import type { AppointmentEvent } from '../scheduling.ports.js';
import { TakingTime } from '../taking-time/taking-time.js';
import { locate, localMoment } from './domain/series-dates.js';
import { byNumber, newTimes } from './domain/series-wishes.js';
import { SeriesNothingOpen, SeriesNotFound } from './domain/series.errors.js';
import type { BookSeries, ListSeries, PlanSeries } from './http/series.dto.js';
import type { SeriesList, SeriesPlanView, SeriesView } from './http/series.view.js';
import { type ReadWish, SeriesAttempt } from './series-attempt.js';
import { type SeriesRow, SeriesRepository } from './series.repository.js';
import { seriesView } from './series-views.js';

/** After these a visit no longer goes with its series by itself. */
const DETACHING: ReadonlySet<AppointmentEvent['verb']> = new Set(['reschedule', 'cancel', 'enter-in-error']);

/** Visits that are booked together and repeat on the wall clock. */
@Injectable()
export class SeriesService {
  constructor(
    private readonly database: Database,
    private readonly series: SeriesRepository,
    private readonly appointments: AppointmentsRepository,
    private readonly attempt: SeriesAttempt,
    private readonly booking: BookingService,
    private readonly time: TakingTime,
  ) {}

  /** Says of every visit whether it is free, what blocks it and what is free instead. @throws *NotFound, SeriesVisitUnknown, SeriesNothingOpen */
  preview(actor: RequestActor, request: PlanSeries): Promise<SeriesPlanView> {
    return this.attempt.preview(actor, this.#wishOf(request));
  }

  /** Books all visits, or with `skipBlocked` those that can be had, in one transaction. @throws SeriesBlocked, and as `preview` */
  book(actor: RequestActor, request: BookSeries): Promise<SeriesView> {
    const { areaIds = [], note = null, everyWeeks, skipBlocked = false } = request;
    return this.attempt.run(actor, this.#wishOf(request), skipBlocked, async (tx, { visits }, notDone) => {
      const id = newId(tx.now.getTime());
      // Every span is taken before anybody is told of one, so that whoever is told waits for nothing but us.
      const rows = [];
      for (const { bookable, wish } of visits) {
        if (!bookable) continue;
        const visit = { id: newId(tx.now.getTime()), areaIds, note, heldUntil: null };
        const taken = await this.time.takeSeen(tx, bookable, visit, bookable.overridden);
        rows.push({ number: wish.number, row: rowTaken(bookable, visit, taken) });
      }
      const { patientId, practitionerId, locationId, typeId } = request;
      const numbered = rows.map(({ number, row }) => ({ number, appointmentId: row.id, detached: false }));
      await this.series.add(tx, { id, patientId, practitionerId, locationId, typeId, everyWeeks }, numbered);
      for (const [i, { row }] of rows.entries())
        await this.booking.announce(tx, row, 'book', { id, isFirst: i === 0 });
      await record(tx, { action: 'series.book', entityId: id, patientId, detail: { visits: rows.length } });
      const kept = rows.map(({ row }) => row);
      return seriesView(await this.#require(tx, id), numbered, kept, notDone);
    });
  }

  /** The series with every visit and its state. @throws SeriesNotFound */
  read(actor: Actor, id: string): Promise<SeriesView> {
    return this.database.read(actor, async (tx) => {
      const series = await this.#require(tx, id);
      const visits = await this.series.visits(tx, id);
      const rows = await this.appointments.readMany(
        tx,
        visits.map(({ appointmentId }) => appointmentId),
      );
      await record(tx, { action: 'series.read', entityId: id, patientId: series.patientId });
      return seriesView(series, visits, rows);
    });
  }

  /** A patient's series, the newest first. @throws PatientNotFound */
  list(actor: Actor, { patientId, after, limit }: ListSeries): Promise<SeriesList> {
    const [before = null] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      if (!(await this.series.hasPatient(tx, patientId))) throw new PatientNotFound();
      const rows = await this.series.ofPatient(tx, patientId, before === null ? null : String(before), limit);
      await record(tx, { action: 'series.list', entityId: null, patientId });
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items, next };
    });
  }

  /** Marks a visit that was moved or cancelled by itself; a change of the whole series takes it in again. */
  follow(tx: Tx, { appointmentId, verb }: AppointmentEvent): Promise<void> {
    if (DETACHING.has(verb)) this.series.detach(tx, appointmentId);
    return Promise.resolve();
  }

  #wishOf(request: PlanSeries): ReadWish {
    const { patientId, locationId, typeId, areaIds = [], override, roomId = null, startsAt: first } = request;
    const { everyWeeks, visits, skip = [], replacements = [] } = request;
    return async (tx) => {
      const location = await this.appointments.location(tx, locationId);
      if (!location) throw new LocationNotFound();
      const { startsAt, near } = locate(first, location.zone);
      const onTheWall = localMoment(startsAt ? wallIn(near, location.zone) : first);
      const times = newTimes(first, onTheWall, { everyWeeks, visits, skip });
      if (times.length === 0) throw new SeriesNothingOpen();
      const otherwise = byNumber(replacements, new Set(times.map(({ number }) => number)));
      const wishes = times.map((time) => ({
        present: null,
        ...time,
        practitionerId: request.practitionerId,
        roomId,
        ...given(otherwise.get(time.number)),
      }));
      return { patientId, locationId, typeId, areaIds, override, visits: wishes, fixed: [] };
    };
  }

  async #require(tx: Tx, id: string): Promise<SeriesRow> {
    const series = await this.series.read(tx, id);
    if (!series) throw new SeriesNotFound();
    return series;
  }
}

/** Only what is given, so that the rest stays as it is. */
export const given = <T extends object>(some: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is undefined has just been left out
  Object.fromEntries(Object.entries(some ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
