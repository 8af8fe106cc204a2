import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type {
  AbsenceView,
  AppointmentTypeView,
  ExtraHoursView,
  LocationView,
  WeeklyShiftView,
} from '../http/set-up-view.dto.js';
import type {
  AddAppointmentType,
  AddRoom,
  ClosedDayEntry,
  OpenLocation,
  WeeklyShift,
} from '../http/set-up.dto.js';

const LOCATIONS = sql(`
  SELECT l.id, l.name, l.zone, l.active,
    (SELECT coalesce(json_agg(json_build_object('weekday', o.weekday, 'start', o.opens, 'end', o.closes, 'validFrom', o.valid_from,
              'validTo', o.valid_to) ORDER BY o.weekday, o.opens, o.valid_from), '[]')
       FROM opening_hours o WHERE o.clinic_id = l.clinic_id AND o.location_id = l.id) AS "openingHours",
    (SELECT coalesce(json_agg(json_build_object('day', d.day, 'name', d.name) ORDER BY d.day), '[]')
       FROM closed_day d WHERE d.clinic_id = l.clinic_id AND d.location_id = l.id) AS "closedDays",
    (SELECT coalesce(json_agg(json_build_object('id', r.id, 'name', r.name, 'kind', r.kind, 'equipment', coalesce(r.equipment, '{}'),
              'active', r.active) ORDER BY r.name, r.id), '[]')
       FROM room r WHERE r.clinic_id = l.clinic_id AND r.location_id = l.id) AS rooms
    FROM location l WHERE l.clinic_id = $1 AND ($2::uuid IS NULL OR l.id = $2) ORDER BY l.name, l.id LIMIT 200`);
const TYPES = sql(`
  SELECT id, name, kind, duration_minutes AS "durationMinutes", buffer_before_minutes AS "bufferBeforeMinutes",
         buffer_after_minutes AS "bufferAfterMinutes", room_kind AS "roomKind", coalesce(equipment, '{}') AS equipment,
         needs_prescriber AS "needsPrescriber", coalesce(practitioner_ids, '{}') AS "practitionerIds", colour, active
    FROM appointment_type WHERE clinic_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY name, id LIMIT 500`);

// A name that is taken gives no row back, and the transaction lives on to say so.
const OPEN = sql(`
  INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id`);
const ADD_ROOM = sql(`
  INSERT INTO room (clinic_id, id, location_id, name, kind, equipment) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING RETURNING id`);
const ADD_TYPE = sql(`
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_before_minutes, buffer_after_minutes, room_kind,
                                equipment, needs_prescriber, practitioner_ids, colour)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id`);

const CLEAR_OPENING = sql('DELETE FROM opening_hours WHERE clinic_id = $1 AND location_id = $2');
const CLEAR_CLOSED = sql('DELETE FROM closed_day WHERE clinic_id = $1 AND location_id = $2');
const CLEAR_WORKING = sql(
  'DELETE FROM working_hours WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3',
);
const WORKING = sql(`
  SELECT weekday, starts AS start, ends AS end, valid_from AS "validFrom", valid_to AS "validTo" FROM working_hours
   WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3 ORDER BY weekday, starts, valid_from`);
const ABSENCES = sql(`
  SELECT id, practitioner_id AS "practitionerId", starts_at AS "startsAt", ends_at AS "endsAt", reason FROM absence
   WHERE clinic_id = $1 AND practitioner_id = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT 1000`);
const EXTRA_HOURS = sql(`
  SELECT id, practitioner_id AS "practitionerId", location_id AS "locationId", starts_at AS "startsAt", ends_at AS "endsAt"
    FROM extra_hours WHERE clinic_id = $1 AND practitioner_id = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT 1000`);
const DROP_ABSENCE = sql('DELETE FROM absence WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3');
const DROP_EXTRA = sql('DELETE FROM extra_hours WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3');

/** A span of one practitioner's own: when they are away, or in beside their weekly hours. */
export interface PersonalSpan {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

@Injectable()
export class SetUpRepository {
  locations(tx: Tx, id: string | null): Promise<LocationView[]> {
    return tx.rows(LOCATIONS, [tx.clinicId, id]);
  }

  types(tx: Tx, id: string | null): Promise<AppointmentTypeView[]> {
    return tx.rows(TYPES, [tx.clinicId, id]);
  }

  /** The new id; null when the name is taken. */
  async openLocation(tx: Tx, { name, zone }: OpenLocation): Promise<string | null> {
    return idOf(await tx.maybe(OPEN, [tx.clinicId, newId(), name, zone]));
  }

  async addRoom(tx: Tx, locationId: string, { name, kind, equipment = [] }: AddRoom): Promise<string | null> {
    return idOf(await tx.maybe(ADD_ROOM, [tx.clinicId, newId(), locationId, name, kind, equipment]));
  }

  async addType(tx: Tx, type: AddAppointmentType): Promise<string | null> {
    const { name, kind, durationMinutes, bufferBeforeMinutes = 0, bufferAfterMinutes = 0 } = type;
    const minutes = [durationMinutes, bufferBeforeMinutes, bufferAfterMinutes];
    const room = [type.roomKind ?? null, type.equipment ?? []];
    const who = [type.needsPrescriber ?? false, type.practitionerIds ?? [], type.colour ?? null];
    return idOf(await tx.maybe(ADD_TYPE, [tx.clinicId, newId(), name, kind, ...minutes, ...room, ...who]));
  }

  async setOpeningHours(tx: Tx, locationId: string, hours: readonly WeeklyShift[]): Promise<void> {
    await tx.run(CLEAR_OPENING, [tx.clinicId, locationId]);
    const data = hours.map(({ weekday, start, end, ...validity }) => ({
      clinicId: tx.clinicId,
      id: newId(),
      locationId,
      weekday,
      opens: start,
      closes: end,
      ...validityOf(validity),
    }));
    await (await tx.prisma()).openingHours.createMany({ data });
  }

  async setClosedDays(tx: Tx, locationId: string, days: readonly ClosedDayEntry[]): Promise<void> {
    await tx.run(CLEAR_CLOSED, [tx.clinicId, locationId]);
    const data = days.map(({ day, name }) => ({ clinicId: tx.clinicId, locationId, day: asDate(day), name }));
    await (await tx.prisma()).closedDay.createMany({ data });
  }

  workingHours(tx: Tx, practitionerId: string, locationId: string): Promise<WeeklyShiftView[]> {
    return tx.rows(WORKING, [tx.clinicId, locationId, practitionerId]);
  }

  async setWorkingHours(
    tx: Tx,
    practitionerId: string,
    locationId: string,
    hours: readonly WeeklyShift[],
  ): Promise<void> {
    await tx.run(CLEAR_WORKING, [tx.clinicId, locationId, practitionerId]);
    const data = hours.map(({ weekday, start, end, ...validity }) => ({
      clinicId: tx.clinicId,
      id: newId(),
      locationId,
      practitionerId,
      weekday,
      starts: start,
      ends: end,
      ...validityOf(validity),
    }));
    await (await tx.prisma()).workingHours.createMany({ data });
  }

  absences(tx: Tx, practitionerId: string): Promise<AbsenceView[]> {
    return tx.rows(ABSENCES, [tx.clinicId, practitionerId, tx.now]);
  }

  extraHours(tx: Tx, practitionerId: string): Promise<ExtraHoursView[]> {
    return tx.rows(EXTRA_HOURS, [tx.clinicId, practitionerId, tx.now]);
  }

  async addAbsence(tx: Tx, { locationId: _, ...span }: PersonalSpan, reason: string): Promise<AbsenceView> {
    const data = { ...span, clinicId: tx.clinicId, id: newId(), reason };
    await (await tx.prisma()).absence.create({ data, select: { id: true } });
    return { ...span, id: data.id, reason };
  }

  async addExtraHours(tx: Tx, span: PersonalSpan): Promise<ExtraHoursView> {
    const data = { ...span, clinicId: tx.clinicId, id: newId() };
    await (await tx.prisma()).extraHours.create({ data, select: { id: true } });
    return { ...span, id: data.id };
  }

  /** Whether there was one. */
  async dropAbsence(tx: Tx, practitionerId: string, id: string): Promise<boolean> {
    return (await tx.run(DROP_ABSENCE, [tx.clinicId, practitionerId, id])) > 0;
  }

  async dropExtraHours(tx: Tx, practitionerId: string, id: string): Promise<boolean> {
    return (await tx.run(DROP_EXTRA, [tx.clinicId, practitionerId, id])) > 0;
  }
}

const idOf = (row: { id: string } | null): string | null => row?.id ?? null;
const asDate = (date: string): Date => new Date(`${date}T00:00:00Z`);
const validityOf = ({ validFrom, validTo }: Pick<WeeklyShift, 'validFrom' | 'validTo'>) => ({
  validFrom: asDate(validFrom),
  validTo: typeof validTo === 'string' ? asDate(validTo) : null,
});
