import { dateIn, instantOf, addDays, type CalendarDate } from '#kernel';

import type { Chance } from '../chance.js';
import { wallTime, type AppointmentKind, type Shift } from '../visits/diary.js';
import type { Records } from '../rows.js';

export interface StaffMember {
  readonly key: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly isPrescriber?: boolean;
  readonly registration?: readonly [body: string, number: string];
}

export interface LocationPlan {
  readonly name: string;
  readonly zone: string;
  readonly rooms: readonly string[];
  readonly opens: number;
  readonly closes: number;
}

/** Who works where: weekdays (Monday = 1) and wall-clock hours. */
export interface WorkPlan {
  readonly staff: string;
  readonly location: string;
  readonly weekdays: readonly number[];
  readonly hours: readonly [from: number, to: number];
}

export interface ClinicPlan {
  readonly clinicId: string;
  readonly slug: string;
  readonly name: string;
  readonly market: 'UK' | 'US';
  /** First number of the chance that makes this clinic. */
  readonly seed: number;
  readonly domain: string;
  readonly staff: readonly StaffMember[];
  readonly locations: readonly LocationPlan[];
  readonly work: readonly WorkPlan[];
  readonly products: readonly (readonly [product: string, weight: number])[];
  readonly patients: number;
  /** How far back the first treatments go. */
  readonly days: number;
}

export interface Clinic {
  readonly plan: ClinicPlan;
  readonly nameOf: ReadonlyMap<string, string>;
  readonly prescribers: readonly string[];
  readonly desk: string;
  readonly locations: ReadonlyMap<string, { readonly zone: string; readonly roomIds: readonly string[] }>;
  readonly shifts: readonly Shift[];
  readonly types: Readonly<
    Record<'consultation' | 'treatment' | 'review' | 'complication-check', AppointmentKind>
  >;
  away(practitionerId: string, locationId: string, day: CalendarDate): boolean;
}

const TYPES = {
  consultation: { kind: 'consultation', name: 'Consultation', minutes: 30, after: 0, colour: '#4c78a8' },
  treatment: { kind: 'treatment', name: 'Treatment', minutes: 30, after: 15, colour: '#54a24b' },
  review: { kind: 'review', name: 'Review', minutes: 15, after: 0, colour: '#f58518' },
  'complication-check': {
    kind: 'complication-check',
    name: 'Complication check',
    minutes: 20,
    after: 10,
    colour: '#e45756',
  },
} as const;

/** When the clinic opened its doors. */
export const beganOn = ({ days }: ClinicPlan, now: Date): Date =>
  new Date(now.getTime() - (days + 60) * 86_400_000);

/** Writes the clinic's people, places and hours. */
export function setUp(
  plan: ClinicPlan,
  chance: Chance,
  records: Records,
  now: Date,
  passwordHash: string,
): Clinic {
  const began = beganOn(plan, now);
  const since = dateIn(began, 'UTC');
  const nextId = (): string => chance.id(began);
  const staff = new Map(plan.staff.map(({ key }) => [key, nextId()]));
  const idOf = (key: string): string => known(staff, key);
  for (const { key, displayName, roles, isPrescriber = false, registration } of plan.staff) {
    records.add('staff', {
      id: idOf(key),
      email: `${key}@${plan.domain}`,
      display_name: displayName,
      password_hash: passwordHash,
      roles,
      is_prescriber: isPrescriber,
      registration_body: registration?.[0] ?? null,
      registration_number: registration?.[1] ?? null,
    });
  }
  const locationOf = new Map(plan.locations.map(({ name }) => [name, nextId()]));
  const locations = new Map(
    plan.locations.map(({ name, zone, rooms, opens, closes }) => {
      const id = known(locationOf, name);
      records.add('location', { id, name, zone });
      for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
        const hours = { opens: wallTime(opens), closes: wallTime(closes), valid_from: since };
        records.add('opening_hours', { id: nextId(), location_id: id, weekday, ...hours });
      }
      const roomIds = rooms.map((room) => {
        const roomId = nextId();
        records.add('room', { id: roomId, location_id: id, name: room, kind: 'treatment' });
        return roomId;
      });
      return [id, { zone, roomIds }] as const;
    }),
  );
  const shifts = plan.work.flatMap(({ staff: key, location, weekdays, hours: [from, to] }): Shift[] =>
    weekdays.map((weekday) => ({
      practitionerId: idOf(key),
      locationId: known(locationOf, location),
      weekday,
      from,
      to,
    })),
  );
  for (const { practitionerId, locationId, weekday, from, to } of shifts) {
    records.add('working_hours', {
      id: nextId(),
      practitioner_id: practitionerId,
      location_id: locationId,
      weekday,
      starts: wallTime(from),
      ends: wallTime(to),
      valid_from: since,
    });
  }
  const offer = ({
    kind,
    name,
    minutes,
    after,
    colour,
  }: (typeof TYPES)[keyof typeof TYPES]): AppointmentKind => {
    const id = nextId();
    const span = { duration_minutes: minutes, buffer_after_minutes: after };
    records.add('appointment_type', { id, name, kind, ...span, room_kind: 'treatment', colour });
    return { id, kind, minutes, after };
  };
  const types = {
    consultation: offer(TYPES.consultation),
    treatment: offer(TYPES.treatment),
    review: offer(TYPES.review),
    'complication-check': offer(TYPES['complication-check']),
  };
  const closed = closedDays(plan, records, locationOf, dateIn(now, 'UTC'));
  // An evening beside the weekly hours, three weeks ahead.
  for (const locationId of locations.keys())
    records.add('extra_opening', {
      id: nextId(),
      location_id: locationId,
      day: addDays(dateIn(now, 'UTC'), 21),
      opens: '18:00',
      closes: '22:00',
      name: 'Late opening',
    });
  const holidays = absences(plan, records, nextId, idOf, locations, locationOf, dateIn(now, 'UTC'));
  return {
    plan,
    nameOf: new Map(plan.staff.map(({ key, displayName }) => [idOf(key), displayName])),
    prescribers: plan.staff.filter(({ isPrescriber }) => isPrescriber).map(({ key }) => idOf(key)),
    desk: idOf(plan.staff.find(({ roles }) => roles.includes('receptionist'))?.key ?? 'admin'),
    locations,
    shifts,
    types,
    away: (practitionerId, locationId, day) =>
      closed.has(`${locationId} ${day}`) || holidays.has(`${practitionerId} ${day}`),
  };
}

/** Christmas and New Year’s Day from two years ago to next year: the days on which everything is closed, never today. */
function closedDays(
  { locations }: ClinicPlan,
  records: Records,
  locationOf: ReadonlyMap<string, string>,
  today: CalendarDate,
): ReadonlySet<string> {
  const year = Number(today.slice(0, 4));
  const closed = new Set<string>();
  for (const { name } of locations) {
    for (const calendarYear of [year - 2, year - 1, year, year + 1]) {
      for (const [day, holiday] of [
        [`${calendarYear}-12-25`, 'Christmas Day'],
        [`${calendarYear}-01-01`, 'New Year’s Day'],
      ] as const) {
        if (day === today) continue;
        const locationId = known(locationOf, name);
        records.add('closed_day', { location_id: locationId, day, name: holiday });
        closed.add(`${locationId} ${day}`);
      }
    }
  }
  return closed;
}

/** Each practitioner was away for a week some months ago and will be for a few days next month, never today. */
function absences(
  { work }: ClinicPlan,
  records: Records,
  nextId: () => string,
  idOf: (key: string) => string,
  locations: Clinic['locations'],
  locationOf: ReadonlyMap<string, string>,
  today: CalendarDate,
): ReadonlySet<string> {
  const away = new Set<string>();
  const seen = new Set<string>();
  for (const [index, { staff, location }] of work.entries()) {
    if (seen.has(staff)) continue;
    seen.add(staff);
    const zone = locations.get(known(locationOf, location))?.zone ?? 'UTC';
    const spans = [
      { first: addDays(today, -150 - 20 * index), days: 7, reason: 'Annual leave' },
      { first: addDays(today, 24 + 7 * index), days: 3, reason: 'Training' },
    ];
    for (const { first, days, reason } of spans) {
      records.add('absence', {
        id: nextId(),
        practitioner_id: idOf(staff),
        starts_at: instantOf(first, wallTime(0), zone),
        ends_at: instantOf(addDays(first, days), wallTime(0), zone),
        starts_on: first,
        ends_on: addDays(first, days - 1),
        reason,
      });
      for (let day = 0; day < days; day += 1) away.add(`${idOf(staff)} ${addDays(first, day)}`);
    }
  }
  return away;
}

/** What a map must hold. */
export function known<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`The plan of the clinic does not name ${key}`);
  return value;
}
