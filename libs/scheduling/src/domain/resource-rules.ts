import { addDays, boundaryOf, dateIn, type DomainError, holds, type Interval, overlaps } from '#kernel';
import type { AppointmentSpan } from './appointment.js';
import {
  OutsideOpeningHours,
  PractitionerNotWorking,
  PrescriberNeeded,
  RoomNotSuitable,
  TypeNotOffered,
} from './scheduling.errors.js';

export interface RoomNeeds {
  /** null = no room is needed. */
  readonly roomKind: string | null;
  readonly equipment: readonly string[];
}

export interface Room {
  readonly id: string;
  readonly kind: string;
  readonly equipment: readonly string[];
}

/** What a visit takes, and what is set up for it. */
export interface Resources {
  readonly span: AppointmentSpan;
  /** `open` as given by `openIntervals` over at least the busy span. */
  readonly location: { readonly zone: string; readonly open: readonly Interval[] };
  readonly type: RoomNeeds & { readonly id: string; readonly needsPrescriber: boolean };
  /** `working` as given by `workingIntervals` over at least the local day of the visit. */
  readonly practitioner: {
    readonly id: string;
    readonly isPrescriber: boolean;
    readonly offersTypeIds: readonly string[];
    readonly working: readonly Interval[];
  };
  readonly room: Room | null;
}

export const roomFits = (room: Room, needs: RoomNeeds): boolean =>
  (needs.roomKind === null || room.kind === needs.roomKind) &&
  needs.equipment.every((item) => room.equipment.includes(item));

/** What practitioner, room and opening hours have against a visit: asked of a booking, and of what was booked before. */
export const resourceReasons = (visit: Resources): DomainError[] => [
  ...offerReasons(visit),
  ...roomReasons(visit),
  ...hoursReasons(visit),
];

export function offerReasons({
  type,
  practitioner,
}: Pick<Resources, 'type' | 'practitioner'>): DomainError[] {
  const facts = { practitionerId: practitioner.id, appointmentTypeId: type.id };
  const reasons: DomainError[] = [];
  if (!practitioner.offersTypeIds.includes(type.id)) reasons.push(new TypeNotOffered(facts));
  if (type.needsPrescriber && !practitioner.isPrescriber) reasons.push(new PrescriberNeeded(facts));
  return reasons;
}

export function roomReasons({ type, room }: Pick<Resources, 'type' | 'room'>): DomainError[] {
  const { roomKind, equipment } = type;
  const isRoomless = roomKind === null && equipment.length === 0;
  const suits = room ? roomFits(room, type) : isRoomless;
  return suits ? [] : [new RoomNotSuitable({ roomId: room?.id ?? null, roomKind, equipment })];
}

/** A closed building says all: that nobody works in it goes without saying. */
export function hoursReasons({
  span,
  location: { zone, open },
  practitioner: { id: practitionerId, working },
}: Pick<Resources, 'span' | 'location' | 'practitioner'>): DomainError[] {
  const busy = { startsAt: new Date(span.busy.start), endsAt: new Date(span.busy.end) };
  if (!holds(open, span.busy))
    return [new OutsideOpeningHours({ ...busy, open: onDay(open, span, zone), ...AT_THE_DESK })];
  if (holds(working, span.busy)) return [];
  const works = onDay(working, span, zone);
  return [new PractitionerNotWorking({ practitionerId, ...busy, works, ...AT_THE_DESK })];
}

/** Who may set such a rule aside. */
export const AT_THE_DESK = { overridableBy: 'booking-override' } as const;

/** The spans that touch the local day of the visit, so that the refusal says when it would have been possible. */
function onDay(
  spans: readonly Interval[],
  span: AppointmentSpan,
  zone: string,
): { startsAt: Date; endsAt: Date }[] {
  const date = dateIn(new Date(span.visit.start), zone);
  const day = {
    start: boundaryOf(addDays(date, -1), '24:00', zone).getTime(),
    end: boundaryOf(date, '24:00', zone).getTime(),
  };
  return spans
    .filter((candidate) => overlaps(candidate, day))
    .map(({ start, end }) => ({ startsAt: new Date(start), endsAt: new Date(end) }));
}
