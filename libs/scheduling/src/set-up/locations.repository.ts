import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type {
  AddRoom,
  ChangeLocation,
  ChangeRoom,
  ClosedDayEntry,
  ExtraOpeningEntry,
  OpenLocation,
} from './http/location.dto.js';
import type { LocationView, RoomView } from './http/location.view.js';
import type { WeeklyShift } from './http/weekly-shift.dto.js';
import { asDate, recurrenceOf } from './weekly-shifts.js';

const ROOM = `'id', r.id, 'name', r.name, 'kind', r.kind, 'equipment', coalesce(r.equipment, '{}'), 'active', r.active,
              'version', r.version`;
const LOCATIONS = sql(`
  SELECT l.id, l.name, l.zone, l.active, l.version,
    (SELECT coalesce(json_agg(json_build_object('weekday', o.weekday, 'start', o.opens, 'end', o.closes, 'validFrom', o.valid_from,
              'validTo', o.valid_to, 'everyWeeks', o.every_weeks, 'anchorMonday', o.anchor_monday)
              ORDER BY o.weekday, o.opens, o.valid_from, o.anchor_monday), '[]')
       FROM opening_hours o WHERE o.clinic_id = l.clinic_id AND o.location_id = l.id) AS "openingHours",
    (SELECT coalesce(json_agg(json_build_object('day', d.day, 'name', d.name) ORDER BY d.day), '[]')
       FROM closed_day d WHERE d.clinic_id = l.clinic_id AND d.location_id = l.id) AS "closedDays",
    (SELECT coalesce(json_agg(json_build_object('day', e.day, 'start', e.opens, 'end', e.closes, 'name', e.name)
              ORDER BY e.day, e.opens), '[]')
       FROM extra_opening e WHERE e.clinic_id = l.clinic_id AND e.location_id = l.id) AS "extraOpenings",
    (SELECT coalesce(json_agg(json_build_object(${ROOM}) ORDER BY r.name, r.id), '[]')
       FROM room r WHERE r.clinic_id = l.clinic_id AND r.location_id = l.id) AS rooms
    FROM location l WHERE l.clinic_id = $1 AND ($2::uuid IS NULL OR l.id = $2) ORDER BY l.name, l.id LIMIT 200`);
const LOCK = sql('SELECT zone, version FROM location WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE');
const CHANGE = sql(`
  UPDATE location SET name = coalesce($3, name), zone = coalesce($4, zone), active = coalesce($5, active), version = version + 1
   WHERE clinic_id = $1 AND id = $2`);

// A name that is taken gives no row back, and the transaction lives on to say so.
const OPEN = sql(`
  INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id`);
const ADD_ROOM = sql(`
  INSERT INTO room (clinic_id, id, location_id, name, kind, equipment) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING RETURNING id`);
const LOCK_ROOM = sql(`
  SELECT location_id AS "locationId", kind, coalesce(equipment, '{}') AS equipment, active, version
    FROM room WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const CHANGE_ROOM = sql(`
  UPDATE room SET name = coalesce($3, name), kind = coalesce($4, kind), equipment = coalesce($5::text[], equipment),
                  active = coalesce($6, active), version = version + 1
   WHERE clinic_id = $1 AND id = $2
   RETURNING id, name, kind, coalesce(equipment, '{}') AS equipment, active, version`);

const CLEAR_OPENING = sql('DELETE FROM opening_hours WHERE clinic_id = $1 AND location_id = $2');
const CLEAR_CLOSED = sql('DELETE FROM closed_day WHERE clinic_id = $1 AND location_id = $2');
const CLEAR_EXTRA = sql('DELETE FROM extra_opening WHERE clinic_id = $1 AND location_id = $2');

/** Locations, when they are open, and their rooms. */
@Injectable()
export class LocationsRepository {
  locations(tx: Tx, id: string | null): Promise<LocationView[]> {
    return tx.rows(LOCATIONS, [tx.clinicId, id]);
  }

  /** Keeps others from changing it until the transaction ends; null when there is none. */
  lock(tx: Tx, id: string): Promise<{ zone: string; version: number } | null> {
    return tx.maybe(LOCK, [tx.clinicId, id]);
  }

  /** The new id; null when the name is taken. */
  async open(tx: Tx, { name, zone }: OpenLocation): Promise<string | null> {
    return idOf(await tx.maybe(OPEN, [tx.clinicId, newId(), name, zone]));
  }

  /** Raises the version, whatever changes. */
  async change(tx: Tx, id: string, { name, zone, active }: ChangeLocation): Promise<void> {
    await tx.run(CHANGE, [tx.clinicId, id, name ?? null, zone ?? null, active ?? null]);
  }

  async setOpeningHours(tx: Tx, locationId: string, hours: readonly WeeklyShift[]): Promise<void> {
    await tx.run(CLEAR_OPENING, [tx.clinicId, locationId]);
    const data = hours.map((shift) => ({
      clinicId: tx.clinicId,
      id: newId(),
      locationId,
      opens: shift.start,
      closes: shift.end,
      ...recurrenceOf(shift),
    }));
    await (await tx.prisma()).openingHours.createMany({ data });
  }

  async setClosedDays(tx: Tx, locationId: string, days: readonly ClosedDayEntry[]): Promise<void> {
    await tx.run(CLEAR_CLOSED, [tx.clinicId, locationId]);
    const data = days.map(({ day, name }) => ({ clinicId: tx.clinicId, locationId, day: asDate(day), name }));
    await (await tx.prisma()).closedDay.createMany({ data });
  }

  async setExtraOpenings(tx: Tx, locationId: string, openings: readonly ExtraOpeningEntry[]): Promise<void> {
    await tx.run(CLEAR_EXTRA, [tx.clinicId, locationId]);
    const data = openings.map(({ day, start, end, name }) => ({
      clinicId: tx.clinicId,
      id: newId(),
      locationId,
      day: asDate(day),
      opens: start,
      closes: end,
      name,
    }));
    await (await tx.prisma()).extraOpening.createMany({ data });
  }

  async addRoom(tx: Tx, locationId: string, { name, kind, equipment = [] }: AddRoom): Promise<string | null> {
    return idOf(await tx.maybe(ADD_ROOM, [tx.clinicId, newId(), locationId, name, kind, equipment]));
  }

  lockRoom(
    tx: Tx,
    id: string,
  ): Promise<(Omit<RoomView, 'id' | 'name'> & { readonly locationId: string }) | null> {
    return tx.maybe(LOCK_ROOM, [tx.clinicId, id]);
  }

  changeRoom(tx: Tx, id: string, { name, kind, equipment, active }: ChangeRoom): Promise<RoomView> {
    const values = [name ?? null, kind ?? null, equipment ?? null, active ?? null];
    return tx.one(CHANGE_ROOM, [tx.clinicId, id, ...values]);
  }
}

const idOf = (row: { id: string } | null): string | null => row?.id ?? null;
