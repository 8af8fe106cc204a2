import { StaffNotFound } from '#identity';
import type { DomainError, Interval } from '#kernel';
import { type AppointmentSpan, MINUTE } from '../../domain/appointment.js';
import { diariesOf, type LocationSetUp, offers } from '../../domain/diary.js';
import {
  hoursReasons,
  offerReasons,
  type Resources,
  type Room,
  roomReasons,
} from '../../domain/resource-rules.js';
import { AppointmentTypeNotFound, LocationNotFound, RoomNotFound } from '../../domain/scheduling.errors.js';
import type { WeeklyHours, WorkingPattern } from '../../domain/working-time.js';

/** A visit that is booked, as far as the set-up around it matters. */
export interface StandingVisit {
  readonly id: string;
  readonly locationId: string;
  readonly typeId: string;
  readonly practitionerId: string;
  readonly roomId: string | null;
  readonly span: AppointmentSpan;
  /** Codes of the rules that somebody set aside when it was booked or moved. */
  readonly overriddenCodes: readonly string[];
}

type AtLocation<T> = T & { readonly locationId: string };

/** All that is set up around some visits, what is no longer active too. */
export interface StandingSetUp {
  readonly locations: readonly (Omit<LocationSetUp, 'rooms'> & {
    readonly active: boolean;
    readonly rooms: readonly (Room & { readonly active: boolean })[];
  })[];
  readonly types: readonly (Resources['type'] & {
    readonly practitionerIds: readonly string[];
    readonly active: boolean;
  })[];
  readonly practitioners: readonly (Omit<WorkingPattern, 'weekly' | 'extraHours'> & {
    readonly id: string;
    readonly isPrescriber: boolean;
    readonly active: boolean;
    readonly weekly: readonly AtLocation<WeeklyHours>[];
    readonly extraHours: readonly AtLocation<Interval>[];
  })[];
}

/** Why a visit no longer fits; what somebody set aside on purpose stands apart. */
export interface Misfit {
  readonly visitId: string;
  readonly reasons: readonly DomainError[];
  readonly overridden: readonly DomainError[];
}

const DAY = 1440 * MINUTE;

/**
 * Those of the visits that could not be booked as they stand, in their order, each with the reasons a booking would be
 * refused with. What lies with the patient, the notice and the horizon are asked when a visit is booked and not again.
 */
export function misfitsAmong(visits: readonly StandingVisit[], setUp: StandingSetUp): Misfit[] {
  const found = new Map<string, Misfit>();
  for (const [locationId, here] of Map.groupBy(visits, (visit) => visit.locationId)) {
    const judge = judgeAt(locationId, here, setUp);
    for (const visit of here) {
      const against = Map.groupBy(judge(visit), ({ spec: { code } }) => visit.overriddenCodes.includes(code));
      if (against.size === 0) continue;
      const [reasons, overridden] = [against.get(false) ?? [], against.get(true) ?? []];
      found.set(visit.id, { visitId: visit.id, reasons, overridden });
    }
  }
  return visits.flatMap(({ id }) => found.get(id) ?? []);
}

/** How many visits have a reason that they did not have before. */
export function newlyUnfit(before: readonly Misfit[], after: readonly Misfit[]): number {
  const known = new Map(before.map(({ visitId, reasons }) => [visitId, codesOf(reasons)]));
  return after.filter(({ visitId, reasons }) =>
    [...codesOf(reasons)].some((code) => !known.get(visitId)?.has(code)),
  ).length;
}

const codesOf = (reasons: readonly DomainError[]): ReadonlySet<string> =>
  new Set(reasons.map(({ spec }) => spec.code));

/** Everybody with the hours they have at one location, active or not. */
export const practitionersAt = (locationId: string, everyone: StandingSetUp['practitioners']) =>
  everyone.map(({ weekly, extraHours, ...person }) => ({
    ...person,
    name: '',
    weekly: weekly.filter((shift) => shift.locationId === locationId),
    extraHours: extraHours.filter((extra) => extra.locationId === locationId),
  }));

/** Diaries are made once for all visits of a location. */
function judgeAt(
  locationId: string,
  here: readonly StandingVisit[],
  setUp: StandingSetUp,
): (visit: StandingVisit) => DomainError[] {
  const location = byId(setUp.locations, locationId);
  const practitioners = practitionersAt(locationId, setUp.practitioners);
  const around = { start: Infinity, end: -Infinity };
  for (const { span } of here) {
    around.start = Math.min(around.start, span.busy.start - DAY);
    around.end = Math.max(around.end, span.busy.end + DAY);
  }
  const { open, working } = diariesOf(location, practitioners, around);

  return ({ span, typeId, practitionerId, roomId }) => {
    const type = byId(setUp.types, typeId);
    const person = byId(setUp.practitioners, practitionerId);
    const room = roomId === null ? null : byId(location.rooms, roomId);
    const practitioner = {
      id: practitionerId,
      isPrescriber: person.isPrescriber,
      offersTypeIds: offers(person, { ...type, needsPrescriber: false }) ? [typeId] : [],
      working: working.get(practitionerId) ?? [],
    };
    // Of what is gone altogether nothing else need be said.
    return [
      ...(location.active ? [] : [new LocationNotFound({ locationId })]),
      ...(type.active ? [] : [new AppointmentTypeNotFound({ appointmentTypeId: typeId })]),
      ...(person.active ? offerReasons({ type, practitioner }) : [new StaffNotFound({ practitionerId })]),
      ...(room?.active === false ? [new RoomNotFound({ roomId })] : roomReasons({ type, room })),
      ...(location.active && person.active
        ? hoursReasons({ span, location: { zone: location.zone, open }, practitioner })
        : []),
    ];
  };
}

function byId<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const one = all.find((candidate) => candidate.id === id);
  if (!one) throw new Error('What a visit takes is not in the set-up read for it');
  return one;
}
