import { StaffNotFound } from '#identity';
import { addDays, boundaryOf, dateIn, type Interval } from '#kernel';
import { PatientNotFound } from '#patients';

import type { BusyTimes, SetUp, SetUpWanted, Whose } from './diaries.queries.js';
import { MINUTE } from './domain/appointment.js';
import { reachOf, slots } from './domain/availability.js';
import { roomFits } from './domain/booking-rules.js';
import { diariesOf, offers } from './domain/diary.js';
import { AppointmentTypeNotFound, LocationNotFound } from './domain/scheduling.errors.js';
import { localTimeOf, type Slot } from './domain/slot.js';
import type { SlotView } from './http/availability.dto.js';

/** How far apart slots start where nobody asks for another step. */
export const GRID_MINUTES = 15;

export const DAYS_OFFERED_AROUND = 7;

export interface Found {
  readonly zone: string;
  readonly slots: readonly Slot[];
  readonly view: (slot: Slot) => SlotView;
}

/** Who and what can be asked for in a range, before it is known what is taken. */
export interface Question {
  readonly range: Interval;
  readonly reach: Interval;
  readonly location: NonNullable<SetUp['location']>;
  readonly type: NonNullable<SetUp['type']>;
  /** Everybody who offers the type and works in the range, with when. */
  readonly able: readonly {
    readonly id: string;
    readonly name: string;
    readonly working: readonly Interval[];
  }[];
  /** null: the type needs none. */
  readonly roomIds: readonly string[] | null;
  readonly whose: Whose;
}

/** @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound */
export function questionOf(
  setUp: SetUp,
  wanted: Pick<SetUpWanted, 'patientId' | 'practitionerId'>,
  range: Interval,
): Question {
  const { location, type } = known(setUp, wanted);
  const reach = reachOf(range, type);
  const offering = setUp.practitioners.filter((one) => offers(one, type));
  const { working } = diariesOf(location, offering, reach);
  const able = offering
    .map(({ id, name }) => ({ id, name, working: working.get(id) ?? [] }))
    .filter((one) => one.working.length > 0);
  const roomless = type.roomKind === null && type.equipment.length === 0;
  const roomIds = roomless ? null : location.rooms.filter((room) => roomFits(room, type)).map(({ id }) => id);
  const practitionerIds = able.map(({ id }) => id);
  const whose = {
    practitionerIds,
    roomIds: roomIds ?? [],
    patientId: wanted.patientId,
  };
  return { range, reach, location, type, able, roomIds, whose };
}

/** The slots that are left in the range when what is taken is known. @throws as `slots` */
export function freeIn(
  now: Date,
  setUp: SetUp,
  { range, location, type, able, roomIds }: Question,
  taken: BusyTimes,
  stepMinutes = GRID_MINUTES,
): Found {
  const { zone } = location;
  const found = slots({
    range,
    zone,
    stepMinutes,
    type,
    practitioners: able.map((one) => ({ ...one, busy: taken.practitioners.get(one.id) ?? [] })),
    rooms: roomIds?.map((id) => ({ id, busy: taken.rooms.get(id) ?? [] })) ?? null,
    patientBusy: taken.patient,
    notBefore: now.getTime() + setUp.noticeMinutes * MINUTE,
  });
  const horizon = boundaryOf(addDays(dateIn(now, zone), setUp.horizonDays), '24:00', zone).getTime();
  const names = new Map([...able, ...location.rooms].map(({ id, name }) => [id, name]));
  const view = (slot: Slot): SlotView => ({
    ...slot,
    why: null,
    localTime: localTimeOf(slot.startsAt, zone),
    practitionerName: names.get(slot.practitionerId) ?? '',
    roomName: slot.roomId === null ? null : (names.get(slot.roomId) ?? null),
  });
  return { zone, slots: found.filter(({ startsAt }) => startsAt.getTime() < horizon), view };
}

/** From the day before a wanted time, but not before `notBefore`, to a week later: where else is offered. */
export function rangeAround(startsAt: Date, zone: string, notBefore: number): Interval {
  const start = Math.max(startsAt.getTime() - 1440 * MINUTE, notBefore);
  const last = addDays(dateIn(new Date(start), zone), DAYS_OFFERED_AROUND);
  return { start, end: boundaryOf(last, '24:00', zone).getTime() };
}

/** @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound */
export function known(
  setUp: SetUp,
  wanted: Pick<SetUpWanted, 'patientId' | 'practitionerId'>,
): { location: NonNullable<SetUp['location']>; type: NonNullable<SetUp['type']> } {
  const { location, type, practitioners, patient } = setUp;
  if (!location) throw new LocationNotFound();
  if (!type) throw new AppointmentTypeNotFound();
  if (wanted.practitionerId !== null && practitioners.length === 0) throw new StaffNotFound();
  if (wanted.patientId !== null && !patient) throw new PatientNotFound();
  return { location, type };
}
