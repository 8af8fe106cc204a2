import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type {
  AddAppointmentType,
  AppointmentTypeView,
  ChangeAppointmentType,
} from './http/appointment-type.dto.js';

const COLUMNS = `
  id, name, kind, duration_minutes AS "durationMinutes", buffer_before_minutes AS "bufferBeforeMinutes",
  buffer_after_minutes AS "bufferAfterMinutes", room_kind AS "roomKind", coalesce(equipment, '{}') AS equipment,
  needs_prescriber AS "needsPrescriber", coalesce(practitioner_ids, '{}') AS "practitionerIds", colour, active, version`;
const LIST = sql(`SELECT ${COLUMNS} FROM appointment_type WHERE clinic_id = $1 ORDER BY name, id LIMIT 500`);
const LOCK = sql(
  `SELECT ${COLUMNS} FROM appointment_type WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE`,
);
// A name that is taken gives no row back, and the transaction lives on to say so.
const ADD = sql(`
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_before_minutes, buffer_after_minutes, room_kind,
                                equipment, needs_prescriber, practitioner_ids, colour)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`);
const CHANGE = sql(`
  UPDATE appointment_type SET name = $3, kind = $4, duration_minutes = $5, buffer_before_minutes = $6, buffer_after_minutes = $7,
         room_kind = $8, equipment = $9, needs_prescriber = $10, practitioner_ids = $11, colour = $12, active = $13,
         version = version + 1
   WHERE clinic_id = $1 AND id = $2 RETURNING ${COLUMNS}`);

/** What can be booked. */
@Injectable()
export class AppointmentTypesRepository {
  list(tx: Tx): Promise<AppointmentTypeView[]> {
    return tx.rows(LIST, [tx.clinicId]);
  }

  /** Reads it and keeps others from changing it until the transaction ends; null when there is none. */
  lock(tx: Tx, id: string): Promise<AppointmentTypeView | null> {
    return tx.maybe(LOCK, [tx.clinicId, id]);
  }

  /** null when the name is taken. */
  add(tx: Tx, type: AddAppointmentType): Promise<AppointmentTypeView | null> {
    return tx.maybe(ADD, [tx.clinicId, newId(), ...valuesOf({ ...NEW, ...type })]);
  }

  change(tx: Tx, present: AppointmentTypeView, change: ChangeAppointmentType): Promise<AppointmentTypeView> {
    const wanted = { ...present, ...change };
    return tx.one(CHANGE, [tx.clinicId, present.id, ...valuesOf(wanted), wanted.active]);
  }
}

const NEW = {
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  roomKind: null,
  equipment: [],
  needsPrescriber: false,
  practitionerIds: [],
  colour: null,
};

const valuesOf = (type: Omit<AppointmentTypeView, 'id' | 'active' | 'version'>): unknown[] => [
  type.name,
  type.kind,
  type.durationMinutes,
  type.bufferBeforeMinutes,
  type.bufferAfterMinutes,
  type.roomKind,
  type.equipment,
  type.needsPrescriber,
  type.practitionerIds,
  type.colour,
];
