import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import {
  addDays,
  boundaryOf,
  type CalendarDate,
  calendarDate,
  dateIn,
  DomainError,
  type Interval,
} from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from '../appointments.repository.js';
import { freeIn, known, questionOf, rangeAround } from '../free-slots.js';
import { type Bookable, bookableIn, BookingDecision, type Grounds } from '../booking-decision.js';
import { DiariesQueries } from '../diaries.queries.js';
import type { TreatmentWindow } from '../domain/booking-rules.js';
import { SlotTaken } from '../domain/scheduling.errors.js';
import { nearestFree } from '../domain/slot.js';
import type { OverrideBooking } from '../http/appointment.dto.js';
import type { SlotView } from '../http/availability.dto.js';
import { TreatmentWindowsPort } from '../scheduling.ports.js';
import { type InTheWay, TakingTime } from '../taking-time/taking-time.js';
import { locate, type Located } from './domain/series-dates.js';
import { settle, type Spacing, tooCloseTo } from './domain/series-plan.js';

export interface VisitWish {
  readonly number: number;
  /** An instant, or the wall clock of the location. */
  readonly startsAt: string;
  readonly practitionerId: string;
  readonly roomId: string | null;
  /** The appointment that is to be moved; null for a new one. */
  readonly present: AppointmentRow | null;
}

export interface SeriesWish {
  readonly patientId: string;
  readonly locationId: string;
  readonly typeId: string;
  readonly areaIds: readonly string[];
  readonly override: OverrideBooking | undefined;
  readonly visits: readonly VisitWish[];
  /** Days of treatments of the series that stay as they are. */
  readonly fixed: readonly Date[];
}

export interface VisitPlan {
  readonly wish: VisitWish;
  readonly at: Located;
  /** The rules allow it and nobody is in the way; else `refusal` says why not. */
  readonly bookable: Bookable | null;
  readonly roomId: string | null;
  readonly refusal: DomainError | null;
}

/** Whether to wait in line before looking for good. */
export type Line = 'never' | 'if-free' | 'always';

/** Every visit judged, and what is needed to look for others. */
export interface SeriesPlan {
  readonly zone: string;
  readonly visits: readonly VisitPlan[];
  readonly grounds: Grounds;
  readonly spacing: readonly Spacing[];
  readonly fixed: SeriesWish['fixed'];
}

/** Says of every visit of a series whether it can be had, in a handful of queries whatever their number. */
@Injectable()
export class SeriesPlanner {
  constructor(
    private readonly diaries: DiariesQueries,
    private readonly windows: TreatmentWindowsPort,
    private readonly decision: BookingDecision,
    private readonly time: TakingTime,
  ) {}

  /**
   * In line it waits for all it could take, so that only a single new booking can still come first; `if-free` does not
   * even get in line when a look says that some visit cannot be had.
   * @throws *NotFound for what this clinic does not have; UnknownArea, NotACalendarDate
   */
  async plan(tx: Tx, actor: RequestActor, wish: SeriesWish, line: Line): Promise<SeriesPlan> {
    await this.decision.assertAreas(tx, wish.areaIds);
    const { patientId, locationId, typeId } = wish;
    const days = wish.visits.map(({ startsAt }) => calendarDate(startsAt.slice(0, 10))).toSorted();
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) throw new Error('A series without visits');
    const setUp = await this.diaries.setUp(tx, {
      locationId,
      typeId,
      practitionerId: null,
      patientId,
      from: addDays(first, -DAYS_BESIDE),
      to: addDays(last, DAYS_BESIDE),
    });
    const { location, type } = known(setUp, { patientId, practitionerId: null });
    const isTreatment = type.kind === 'treatment';
    const windows = isTreatment ? await this.windows.read(tx, patientId, wish.areaIds) : [];
    const spacing = isTreatment ? await this.windows.intervals(tx, patientId, wish.areaIds) : [];
    const grounds = { now: tx.now, actor, setUp, windows };

    const judged = wish.visits.map((visit) => ({ visit, at: locate(visit.startsAt, location.zone) }));
    const judge = (
      visit: VisitWish,
      at: Located,
      between: readonly TreatmentWindow[],
    ): Bookable | DomainError => {
      if (at.refusal) return at.refusal;
      const asked = { ...wish, ...visit, startsAt: at.near.toISOString() };
      return refusalOr(() =>
        bookableIn({ ...grounds, windows: [...windows, ...between] }, asked, visit.present),
      );
    };
    const alone = judged.map(({ visit, at }) => judge(visit, at, []));
    const claims = alone.flatMap((one) => (one instanceof DomainError ? [] : [one]));
    const ways = await this.#look(tx, wish.visits, claims, claims.length < alone.length, line);
    const wayOf = new Map(claims.map((claim, i) => [claim, ways[i]]));

    const byNumber = new Map(judged.map((one) => [one.visit.number, one]));
    const settled = settle(
      judged.map(({ visit: { number, present }, at }, i) => {
        const one = alone[i];
        const bookable = one instanceof DomainError || one === undefined ? null : one;
        const blockedBy = (bookable && wayOf.get(bookable)?.blockedBy) ?? [];
        const blocked = blockedBy.length > 0 ? new SlotTaken({ blockedBy, alternatives: [] }) : null;
        return {
          number,
          on: dateIn(at.near, location.zone),
          busy: bookable?.span.busy ?? null,
          refusal: one instanceof DomainError ? one : blocked,
          present: present && {
            appointmentId: present.id,
            patientId: present.patientId,
            on: dateIn(present.startsAt, location.zone),
            busy: { start: present.busyFrom.getTime(), end: present.busyTo.getTime() },
          },
        };
      }),
      wish.fixed.map((day) => dateIn(day, location.zone)),
      spacing,
      (number, between) => {
        const one = byNumber.get(number);
        if (!one) throw new Error('A visit nobody asked for');
        return judge(one.visit, one.at, between);
      },
    );
    const visits = judged.map(({ visit, at }, i) => {
      const verdict = settled.get(visit.number) ?? null;
      const refusal = verdict instanceof DomainError ? verdict : null;
      const one = alone[i];
      const way = one instanceof DomainError || one === undefined ? undefined : wayOf.get(one);
      return {
        wish: visit,
        at,
        refusal,
        bookable: verdict instanceof DomainError ? null : verdict,
        roomId: way?.roomId ?? null,
      };
    });
    return { zone: location.zone, visits, grounds, spacing, fixed: wish.fixed };
  }

  /** Who is in the way of each claim, seen from the line where we wait in it. */
  async #look(
    tx: Tx,
    visits: readonly VisitWish[],
    claims: readonly Bookable[],
    someRefused: boolean,
    line: Line,
  ): Promise<readonly InTheWay[]> {
    const moving = new Set(visits.flatMap(({ present }) => present?.id ?? []));
    const look = () => this.time.inTheWayOfMany(tx, claims, () => moving);
    if (line !== 'always') {
      const glance = await look();
      const blocked = someRefused || glance.some(({ blockedBy }) => blockedBy.length > 0);
      if (line === 'never' || blocked) return glance;
    }
    await this.time.queueForAll(tx, claims);
    return look();
  }

  /** The three nearest free slots for each visit that cannot be had, by its number; in one query for all of them. */
  async alternatives(tx: Tx, plan: SeriesPlan): Promise<ReadonlyMap<number, SlotView[]>> {
    const { grounds, visits, spacing, zone } = plan;
    const { setUp, windows } = grounds;
    const patientId = setUp.patient?.id ?? null;
    const free = visits.flatMap(({ bookable }) => bookable ?? []);
    const others = [...plan.fixed, ...free.map(({ place }) => place.startsAt)].map((day) =>
      dateIn(day, zone),
    );
    const bounds = windows.flatMap(({ earliest }) => earliest ?? []);
    const notBefore = Math.max(tx.now.getTime(), ...bounds.map((day) => startOf(day, zone)));
    const questions = visits
      .filter(({ refusal }) => refusal !== null)
      .map(({ wish, at }) => ({
        wish,
        at,
        question: questionOf(
          setUp,
          { patientId, practitionerId: null },
          rangeAround(at.near, zone, notBefore),
        ),
      }));
    const whose = questions[0]?.question.whose;
    if (!whose) return new Map();
    const everyone = new Set(questions.flatMap(({ question }) => question.whose.practitionerIds));
    const taken = await this.diaries.busyAround(
      tx,
      questions.map(({ question }) => question.reach),
      { ...whose, practitionerIds: [...everyone] },
    );
    const patient: Interval[] = [...taken.patient, ...free.map(({ span }) => span.busy)];
    return new Map(
      questions.map(({ wish, at, question }) => {
        const { slots, view } = freeIn(tx.now, setUp, question, { ...taken, patient });
        const allowed = slots.filter(
          ({ startsAt }) => tooCloseTo(others, dateIn(startsAt, zone), spacing).length === 0,
        );
        const wanted = { startsAt: at.near, practitionerId: wish.practitionerId };
        return [wish.number, nearestFree(allowed, wanted).map(view)];
      }),
    );
  }
}

/** Set-up is loaded so far around the visits as other slots are offered. */
const DAYS_BESIDE = 9;

const startOf = (day: CalendarDate, zone: string): number =>
  boundaryOf(addDays(day, -1), '24:00', zone).getTime();

function refusalOr<T>(decide: () => T): T | DomainError {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError && !ASKED_WRONG.has(error.spec.kind)) return error;
    throw error;
  }
}

/** What is not there, or may not be asked, is no matter of one visit. */
const ASKED_WRONG: ReadonlySet<string> = new Set(['not-found', 'bad-input', 'forbidden']);
