import { areaOf, CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { addDays, calendarDate, readMoment } from '#kernel';
import { PatientNotFound } from '#patients';
import { assertWorksAt, StaffNotFound } from '#identity';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from './appointments.repository.js';
import { known } from './free-slots.js';
import { DiariesQueries, type SetUp, type TypeSetUp } from './diaries.queries.js';
import { type AppointmentSpan, MINUTE, spanOf } from './domain/appointment.js';
import {
  type BookingOverride,
  decideBooking,
  OVERRIDABLE_RULES,
  type OverriddenRule,
  patientReasons,
  roomFits,
  type TreatmentWindow,
} from './domain/booking-rules.js';
import { diariesOf, type LocationSetUp, offers } from './domain/diary.js';
import { RoomNotFound, SlotTaken } from './domain/scheduling.errors.js';
import type { AppointmentView, OverrideBooking } from './http/appointment.dto.js';
import { TreatmentWindowsPort } from './scheduling.ports.js';

/** Who decides, as far as the rules ask: the waitlist has no authority to set one aside. */
export type Decider = Pick<RequestActor, 'staffId' | 'isPrescriber' | 'permissions' | 'locationIds'>;

/** What is asked for; `startsAt` as it was typed. */
export interface BookingWish {
  readonly patientId: string;
  readonly practitionerId: string;
  readonly locationId: string;
  readonly typeId: string;
  readonly startsAt: string;
  readonly roomId: string | null;
  readonly areaIds: readonly string[];
  readonly override: OverrideBooking | undefined;
}

type PlaceView = Pick<
  AppointmentView,
  | 'practitionerId'
  | 'practitionerName'
  | 'locationId'
  | 'locationName'
  | 'zone'
  | 'typeId'
  | 'typeName'
  | 'kind'
> &
  Pick<AppointmentView, 'startsAt' | 'endsAt' | 'busyFrom' | 'busyTo'>;

/** What the rules allow; whether the span is free only taking it can tell. */
export interface Bookable {
  readonly patientId: string;
  readonly place: PlaceView;
  readonly span: AppointmentSpan;
  /** In order of preference; [null] for a type that needs no room. */
  readonly roomIds: readonly (string | null)[];
  readonly rooms: LocationSetUp['rooms'];
  readonly overridden: readonly OverriddenRule[];
  /** As asked, for what only taking the span can tell. */
  readonly override: BookingOverride | undefined;
  readonly noticeHours: number;
}

const DAY = 1440 * MINUTE;

/** Loads what the booking rules ask for and lets them decide. */
@Injectable()
export class BookingDecision {
  constructor(
    private readonly diaries: DiariesQueries,
    private readonly windows: TreatmentWindowsPort,
    private readonly catalogue: CatalogueService,
  ) {}

  /**
   * `present` is the appointment that is to be moved, if there is one: its own room is preferred, and its own start
   * may lie in the past. @throws the refusals of booking-rules; *NotFound for what this clinic does not have;
   * UnknownArea
   */
  async decide(tx: Tx, actor: Decider, wish: BookingWish, present: AppointmentRow | null): Promise<Bookable> {
    assertWorksAt(actor, wish.locationId);
    await this.assertAreas(tx, wish.areaIds);
    const on = calendarDate(wish.startsAt.slice(0, 10));
    // A day either side, because an instant may be written with another offset than the location's.
    const setUp = await this.diaries.setUp(tx, { ...wish, from: addDays(on, -1), to: addDays(on, 1) });
    const windows =
      setUp.type?.kind === 'treatment'
        ? await this.windows.read(tx, setUp.patient?.survivor?.id ?? wish.patientId, wish.areaIds)
        : [];
    return bookableIn({ now: tx.now, actor, setUp, windows }, wish, present);
  }

  /** A mistyped area has no window, so the rule on the earliest day would never hold it back. @throws UnknownArea */
  async assertAreas(tx: Tx, areaIds: readonly string[]): Promise<void> {
    if (areaIds.length === 0) return;
    const catalogue = await this.catalogue.current(tx);
    for (const area of areaIds) areaOf(catalogue, area);
  }

  /**
   * Whether the patient may still have this visit: someone may have died, or been treated, since it was cancelled, and what
   * it takes may have been given up. @throws *NotFound, and what bars the patient
   */
  async decideAgain(tx: Tx, present: AppointmentRow, span: AppointmentSpan): Promise<void> {
    const { patientId, locationId, typeId, kind, zone, areaIds, roomId } = present;
    const on = calendarDate(present.startsAt.toISOString().slice(0, 10));
    const nobody = present.practitionerId;
    const wanted = { patientId, locationId, typeId, practitionerId: nobody, from: on, to: on };
    const setUp = await this.diaries.setUp(tx, wanted);
    const { market, patient: booked } = setUp;
    const { location } = known(setUp, wanted);
    if (!booked) throw new PatientNotFound();
    const patient = booked.survivor ?? booked;
    if (roomId !== null && !location.rooms.some(({ id }) => id === roomId)) throw new RoomNotFound();
    const windows = kind === 'treatment' ? await this.windows.read(tx, patient.id, areaIds) : [];
    const [refused] = patientReasons({ market, span, location: { zone }, type: { kind }, patient, windows });
    if (refused) throw refused;
  }
}

/** All that a booking is judged by, once it is loaded. */
export interface Grounds {
  readonly now: Date;
  readonly actor: Decider;
  readonly setUp: SetUp;
  /** Of the patient, for a treatment. */
  readonly windows: readonly TreatmentWindow[];
  /** Decided earlier by somebody who might, and still of what it was decided on: it stands whoever acts on it now. */
  readonly decided?: BookingOverride | undefined;
}

/** The rules on one wish, whose practitioner is among those loaded. @throws as `decide`, without UnknownArea */
export function bookableIn(
  { now, actor, setUp, windows, decided }: Grounds,
  wish: BookingWish,
  present: AppointmentRow | null,
): Bookable {
  const { location, type } = known(setUp, wish);
  const { practitionerId } = wish;
  const practitioner = setUp.practitioners.find(({ id }) => id === practitionerId);
  if (!practitioner) throw new StaffNotFound();
  if (!setUp.patient) throw new PatientNotFound();
  const span = spanOf(readMoment(wish.startsAt, location.zone), type);
  const around = { start: span.busy.start - DAY, end: span.busy.end + DAY };
  const { open, working } = diariesOf(location, [practitioner], around);
  const roomIds = candidates(location, type, wish.roomId, present?.roomId ?? null);
  const override = decided ?? (wish.override && overrideOf(actor, wish.override));
  const overridden = decideBooking({
    now: present?.startsAt.getTime() === span.visit.start ? earlier(now, present.startsAt) : now,
    market: setUp.market,
    span,
    location: { zone: location.zone, open },
    horizonDays: setUp.horizonDays,
    noticeMinutes: present?.startsAt.getTime() === span.visit.start ? 0 : setUp.noticeMinutes,
    type,
    // A visit booked before its record was merged stays that visit: it may be moved as the survivor's could.
    patient: (present && setUp.patient.survivor) ?? setUp.patient,
    practitioner: {
      id: practitioner.id,
      isPrescriber: practitioner.isPrescriber,
      offersTypeIds: offers(practitioner, { ...type, needsPrescriber: false }) ? [type.id] : [],
      working: working.get(practitioner.id) ?? [],
    },
    room: location.rooms.find(({ id }) => id === roomIds[0]) ?? null,
    windows,
    ...(override ? { override } : {}),
  });
  const place = {
    practitionerId,
    practitionerName: practitioner.name,
    locationId: location.id,
    locationName: location.name,
    zone: location.zone,
    typeId: type.id,
    typeName: type.name,
    kind: type.kind,
    startsAt: new Date(span.visit.start),
    endsAt: new Date(span.visit.end),
    busyFrom: new Date(span.busy.start),
    busyTo: new Date(span.busy.end),
  };
  const { rooms } = location;
  return {
    patientId: setUp.patient.id,
    place,
    span,
    roomIds,
    rooms,
    overridden,
    override,
    noticeHours: setUp.lateCancelHours,
  };
}

/** @throws RoomNotFound when the room asked for is not one of this location */
function candidates(
  location: LocationSetUp,
  type: TypeSetUp,
  roomId: string | null,
  presentId: string | null,
): (string | null)[] {
  if (roomId !== null) {
    const room = location.rooms.find(({ id }) => id === roomId);
    if (!room) throw new RoomNotFound();
    return [room.id];
  }
  if (type.roomKind === null && type.equipment.length === 0) return [null];
  const suitable = location.rooms.filter((room) => roomFits(room, type)).map(({ id }) => id);
  return suitable.toSorted((a, b) => Number(b === presentId) - Number(a === presentId));
}

// Nobody is booked twice by an override meant for something else: that one has to be named.
const UNNAMED = OVERRIDABLE_RULES.filter((code) => code !== SlotTaken.spec.code);

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

const overrideOf = (actor: Decider, { reason, rules = UNNAMED }: OverrideBooking) => ({
  codes: rules,
  reason,
  by: {
    id: actor.staffId,
    isPrescriber: actor.isPrescriber,
    mayOverrideBooking: actor.permissions.has('appointments:override'),
  },
});
