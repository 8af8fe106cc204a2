import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { addDays, type CalendarDate, dateIn, latest } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from '../appointments.repository.js';
import type { Grounds } from '../booking-decision.js';
import { DiariesQueries, type SetUp } from '../diaries.queries.js';
import type { TreatmentWindow } from '../domain/booking-rules.js';
import { TreatmentWindowsPort } from '../scheduling.ports.js';
import { DAYS_AROUND } from './domain/proposals.js';
import { GroupMoveQueries } from './group-move.queries.js';

/** All that is set up around many appointments, loaded once. */
export interface ManyGrounds {
  /** By location. */
  readonly setUps: ReadonlyMap<string, SetUp>;
  /** The grounds of one of the appointments; null where its location, type or patient is no longer active. */
  of(row: AppointmentRow): Grounds | null;
  /** The record to go on with: of a merged one the survivor. */
  readonly personOf: (row: AppointmentRow) => string;
}

/** Loads what many bookings are judged by: one query for each location, and one each for types, patients and windows. */
@Injectable()
export class GroupMoveGrounds {
  constructor(
    private readonly diaries: DiariesQueries,
    private readonly queries: GroupMoveQueries,
    private readonly windows: TreatmentWindowsPort,
  ) {}

  async load(
    tx: Tx,
    actor: RequestActor,
    rows: readonly AppointmentRow[],
    others: readonly Date[] = [],
  ): Promise<ManyGrounds> {
    const patientIds = [...new Set(rows.map(({ patientId }) => patientId))];
    const types = await this.queries.types(tx, [...new Set(rows.map(({ typeId }) => typeId))]);
    const patients = await this.queries.patients(tx, patientIds);
    const personOf = ({ patientId }: Pick<AppointmentRow, 'patientId'>): string =>
      patients.get(patientId)?.survivor?.id ?? patientId;
    const personIds = [...new Set(rows.map(personOf))];
    const windows = Map.groupBy(await this.windows.readOfMany(tx, personIds), ({ patientId }) => patientId);
    const setUps = new Map<string, SetUp>();
    for (const [locationId, here] of Map.groupBy(rows, (row) => row.locationId)) {
      const zone = here[0]?.zone ?? 'UTC';
      const days = [...here.map(({ startsAt }) => startsAt), ...others]
        .map((at) => dateIn(at, zone))
        .toSorted();
      const [first, last] = [days[0], days.at(-1)];
      if (first === undefined || last === undefined) continue;
      const setUp = await this.diaries.setUp(tx, {
        locationId,
        typeId: here[0]?.typeId ?? '',
        practitionerId: null,
        patientId: null,
        from: addDays(first, -DAYS_AROUND),
        to: addDays(last, DAYS_AROUND),
      });
      setUps.set(locationId, setUp);
    }
    return {
      setUps,
      personOf,
      of: ({ locationId, typeId, patientId, kind, areaIds }) => {
        const [setUp, type, patient] = [setUps.get(locationId), types.get(typeId), patients.get(patientId)];
        if (!setUp?.location || !type || !patient) return null;
        const open = kind === 'treatment' ? (windows.get(personOf({ patientId })) ?? []) : [];
        const meant = open.filter(({ areaId }) => areaIds.length === 0 || areaIds.includes(areaId));
        return { now: tx.now, actor, setUp: { ...setUp, type, patient }, windows: meant };
      },
    };
  }
}

/**
 * The days on which an appointment may take place: of a repeat visit those its windows have in common, as long as it lies
 * among them now; else from the earliest day on.
 */
export function daysFor(
  windows: readonly TreatmentWindow[],
  on: CalendarDate,
): { readonly from: CalendarDate | null; readonly to: CalendarDate | null } {
  const [firstEarliest, ...otherEarliest] = windows.flatMap(({ earliest }) => earliest ?? []);
  const earliest = firstEarliest === undefined ? null : latest(firstEarliest, ...otherEarliest);
  const [firstFrom, ...otherFrom] = windows.flatMap((one) => one.recommendedFrom ?? one.earliest ?? []);
  const from = firstFrom === undefined ? null : latest(firstFrom, ...otherFrom);
  const [to = null] = windows.flatMap(({ recommendedTo }) => recommendedTo ?? []).toSorted();
  const inside = (from === null || from <= on) && (to === null || on <= to);
  return inside ? { from, to } : { from: earliest, to: null };
}
