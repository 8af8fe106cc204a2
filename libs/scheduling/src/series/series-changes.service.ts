import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { wallIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository } from '../appointments.repository.js';
import { AppointmentVerbsService } from '../appointment-verbs.service.js';
import { blocksTime } from '../domain/appointment-status.js';
import { localTimeOf } from '../domain/slot.js';
import { locate, localMoment } from './domain/series-dates.js';
import { byNumber, changedTimes } from './domain/series-wishes.js';
import { SeriesNothingOpen, SeriesNotFound } from './domain/series.errors.js';
import type { CancelSeries, ChangeSeries, PlanSeriesChange } from './http/series.dto.js';
import type { SeriesPlanView, SeriesView } from './http/series.view.js';
import { SeriesAttempt } from './series-attempt.js';
import { SeriesMoves } from './series-moves.js';
import type { SeriesWish } from './series-planner.js';
import { given } from './series.service.js';
import { type SeriesRow, SeriesRepository, type SeriesVisitRow } from './series.repository.js';
import { seriesView } from './series-views.js';

interface Standing {
  readonly series: SeriesRow;
  readonly visits: readonly SeriesVisitRow[];
  readonly rows: readonly AppointmentRow[];
  /** From the visit named on, in order of their numbers. */
  readonly open: readonly (SeriesVisitRow & { readonly row: AppointmentRow })[];
}

/** What is done to a series from one visit on; single visits have the verbs of any appointment. */
@Injectable()
export class SeriesChangesService {
  constructor(
    private readonly database: Database,
    private readonly series: SeriesRepository,
    private readonly appointments: AppointmentsRepository,
    private readonly attempt: SeriesAttempt,
    private readonly moving: SeriesMoves,
    private readonly verbs: AppointmentVerbsService,
  ) {}

  /** What a change would come to; nothing is changed. @throws SeriesNotFound, SeriesNothingOpen, SeriesVisitUnknown */
  preview(actor: RequestActor, id: string, change: PlanSeriesChange): Promise<SeriesPlanView> {
    return this.attempt.preview(actor, async (tx) => {
      const standing = await this.#standing(tx, id, change, undefined, false);
      await record(tx, { action: 'series.read', entityId: id, patientId: standing.series.patientId });
      return wishFor(standing, change);
    });
  }

  /**
   * Moves this and all later open visits, all of them or with `skipBlocked` those that can be.
   * @throws SeriesBlocked, StaleVersion, and as `preview`
   */
  change(
    actor: RequestActor,
    id: string,
    change: ChangeSeries,
    read: number | undefined,
  ): Promise<SeriesView> {
    const { practitionerId, typeId, everyWeeks, reason = null, skipBlocked = false } = change;
    const wishIn = async (tx: Tx, locking: boolean) =>
      wishFor(await this.#standing(tx, id, change, read, locking), change);
    return this.attempt.run(actor, wishIn, skipBlocked, async (tx, { visits }, notDone) => {
      const moves = visits.flatMap(({ bookable, roomId, wish: { present } }) =>
        bookable && present ? [{ bookable, roomId, present }] : [],
      );
      await this.moving.move(tx, id, moves, reason);
      const series = await this.series.read(tx, id);
      if (!series) throw new SeriesNotFound();
      const { patientId } = series;
      await this.series.change(tx, { ...series, ...given({ practitionerId, typeId, everyWeeks }) });
      await this.series.attach(
        tx,
        id,
        moves.map(({ present }) => present.id),
      );
      const { fromVisit } = change;
      await record(tx, { action: 'series.change', entityId: id, patientId, detail: { fromVisit } });
      return { ...(await this.#view(tx, id)), notDone: [...notDone] };
    });
  }

  /** Cancels this and all later open visits. @throws SeriesNotFound, SeriesNothingOpen, StaleVersion */
  cancel(
    actor: RequestActor,
    id: string,
    { fromVisit, by, reason }: CancelSeries,
    read: number | undefined,
  ): Promise<SeriesView> {
    return this.database.write(actor, async (tx) => {
      const { series, open } = await this.#standing(tx, id, { fromVisit }, read, true);
      for (const { row } of open) await this.verbs.apply(tx, row, 'cancel', { by, reason });
      await this.series.change(tx, series);
      await this.series.attach(
        tx,
        id,
        open.map(({ appointmentId }) => appointmentId),
      );
      const { patientId } = series;
      await record(tx, { action: 'series.cancel', entityId: id, patientId, detail: { fromVisit } });
      return this.#view(tx, id);
    });
  }

  async #standing(
    tx: Tx,
    id: string,
    { fromVisit, keepDetached = false }: Pick<PlanSeriesChange, 'fromVisit' | 'keepDetached'>,
    read: number | undefined,
    locking: boolean,
  ): Promise<Standing> {
    const series = locking ? await this.series.lock(tx, id) : await this.series.read(tx, id);
    if (!series) throw new SeriesNotFound();
    assertFresh(series.version, read);
    const visits = await this.series.visits(tx, id);
    const ids = visits.map(({ appointmentId }) => appointmentId);
    const rows = locking
      ? await this.appointments.lockMany(tx, ids)
      : await this.appointments.readMany(tx, ids);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const open = visits
      .filter(
        ({ number, detached }) => number === fromVisit || (number > fromVisit && !(keepDetached && detached)),
      )
      .flatMap((visit) => {
        const row = byId.get(visit.appointmentId);
        return row && (row.status === 'booked' || row.status === 'confirmed') ? [{ ...visit, row }] : [];
      });
    if (open.length === 0) throw new SeriesNothingOpen({ fromVisit });
    return { series, visits, rows, open };
  }

  async #view(tx: Tx, id: string): Promise<SeriesView> {
    const series = await this.series.read(tx, id);
    if (!series) throw new SeriesNotFound();
    const visits = await this.series.visits(tx, id);
    const ids = visits.map(({ appointmentId }) => appointmentId);
    return seriesView(series, visits, await this.appointments.readMany(tx, ids));
  }
}

/** @throws SeriesVisitUnknown */
function wishFor({ series, rows, open }: Standing, change: PlanSeriesChange): SeriesWish {
  const { patientId, locationId, zone } = series;
  const { startsAt, time, everyWeeks, override, replacements = [] } = change;
  const standing = open.map(({ number, row }) => ({
    number,
    localTime: localTimeOf(row.startsAt, zone),
    startsAt: row.startsAt.toISOString(),
  }));
  const at = startsAt === undefined ? undefined : { text: startsAt, onTheWall: onTheWallOf(startsAt, zone) };
  const times = changedTimes(standing, { time, startsAt: at, everyWeeks }, series.everyWeeks);
  const otherwise = byNumber(replacements, new Set(open.map(({ number }) => number)));
  const moving = new Set(open.map(({ appointmentId }) => appointmentId));
  return {
    patientId,
    locationId,
    typeId: change.typeId ?? open[0]?.row.typeId ?? series.typeId,
    areaIds: [...new Set(open.flatMap(({ row }) => row.areaIds))],
    override,
    fixed: rows
      .filter(({ id, kind, status }) => !moving.has(id) && kind === 'treatment' && blocksTime(status))
      .map((row) => row.startsAt),
    visits: open.map(({ number, row }, i) => ({
      number,
      present: row,
      startsAt: times[i]?.startsAt ?? row.startsAt.toISOString(),
      practitionerId: change.practitionerId ?? row.practitionerId,
      roomId: change.roomId ?? null,
      ...given(otherwise.get(number)),
    })),
  };
}

function onTheWallOf(moment: string, zone: string) {
  const { startsAt } = locate(moment, zone);
  return localMoment(startsAt ? wallIn(startsAt, zone) : moment);
}
