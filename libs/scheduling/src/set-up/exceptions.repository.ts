import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AbsenceView, ExtraHoursView } from './http/working-hours.dto.js';

const ABSENCE = `
  id, practitioner_id AS "practitionerId", starts_at AS "startsAt", ends_at AS "endsAt", starts_on AS "startsOn",
  ends_on AS "endsOn", reason, version`;
const ABSENCES = sql(`
  SELECT ${ABSENCE} FROM absence WHERE clinic_id = $1 AND practitioner_id = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT 1000`);
const LOCK_ABSENCE = sql(`
  SELECT version FROM absence WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 FOR UPDATE`);
const ADD_ABSENCE = sql(`
  INSERT INTO absence (clinic_id, practitioner_id, id, starts_at, ends_at, starts_on, ends_on, reason)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${ABSENCE}`);
const CHANGE_ABSENCE = sql(`
  UPDATE absence SET starts_at = $4, ends_at = $5, starts_on = $6, ends_on = $7, reason = $8, version = version + 1
   WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 RETURNING ${ABSENCE}`);
const DROP_ABSENCE = sql('DELETE FROM absence WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3');

const EXTRA = `
  id, practitioner_id AS "practitionerId", location_id AS "locationId", starts_at AS "startsAt", ends_at AS "endsAt", version`;
const EXTRA_HOURS = sql(`
  SELECT ${EXTRA} FROM extra_hours WHERE clinic_id = $1 AND practitioner_id = $2 AND ends_at > $3 ORDER BY starts_at, id LIMIT 1000`);
const LOCK_EXTRA = sql(`
  SELECT version FROM extra_hours WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 FOR UPDATE`);
const ADD_EXTRA = sql(`
  INSERT INTO extra_hours (clinic_id, practitioner_id, id, location_id, starts_at, ends_at)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${EXTRA}`);
const CHANGE_EXTRA = sql(`
  UPDATE extra_hours SET location_id = $4, starts_at = $5, ends_at = $6, version = version + 1
   WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 RETURNING ${EXTRA}`);
const DROP_EXTRA = sql('DELETE FROM extra_hours WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3');

const ZONES = sql(`
  SELECT l.zone, EXISTS (SELECT FROM working_hours w WHERE w.clinic_id = $1 AND w.practitioner_id = $2 AND w.location_id = l.id)
              OR EXISTS (SELECT FROM extra_hours x WHERE x.clinic_id = $1 AND x.practitioner_id = $2 AND x.location_id = l.id) AS works
    FROM location l WHERE l.clinic_id = $1`);

/** The moments somebody is away, and the days they were given as; null for part of a day. */
export interface AbsenceSpan {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
}

/** When somebody is in beside their weekly hours. */
export interface ExtraSpan {
  readonly locationId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** When people are away, or in beside their weekly hours. */
@Injectable()
export class ExceptionsRepository {
  /** Those that have not ended yet. */
  absences(tx: Tx, practitionerId: string): Promise<AbsenceView[]> {
    return tx.rows(ABSENCES, [tx.clinicId, practitionerId, tx.now]);
  }

  /** Keeps others from changing it until the transaction ends; null when there is none. */
  lockAbsence(tx: Tx, practitionerId: string, id: string): Promise<{ version: number } | null> {
    return tx.maybe(LOCK_ABSENCE, [tx.clinicId, practitionerId, id]);
  }

  addAbsence(tx: Tx, practitionerId: string, span: AbsenceSpan, reason: string): Promise<AbsenceView> {
    return tx.one(ADD_ABSENCE, [tx.clinicId, practitionerId, newId(), ...absenceOf(span), reason]);
  }

  changeAbsence(
    tx: Tx,
    practitionerId: string,
    id: string,
    span: AbsenceSpan,
    reason: string,
  ): Promise<AbsenceView> {
    return tx.one(CHANGE_ABSENCE, [tx.clinicId, practitionerId, id, ...absenceOf(span), reason]);
  }

  dropAbsence(tx: Tx, practitionerId: string, id: string): Promise<number> {
    return tx.run(DROP_ABSENCE, [tx.clinicId, practitionerId, id]);
  }

  /** Those that have not ended yet. */
  extraHours(tx: Tx, practitionerId: string): Promise<ExtraHoursView[]> {
    return tx.rows(EXTRA_HOURS, [tx.clinicId, practitionerId, tx.now]);
  }

  /** Keeps others from changing them until the transaction ends; null when there are none. */
  lockExtraHours(tx: Tx, practitionerId: string, id: string): Promise<{ version: number } | null> {
    return tx.maybe(LOCK_EXTRA, [tx.clinicId, practitionerId, id]);
  }

  addExtraHours(tx: Tx, practitionerId: string, span: ExtraSpan): Promise<ExtraHoursView> {
    return tx.one(ADD_EXTRA, [tx.clinicId, practitionerId, newId(), ...extraOf(span)]);
  }

  changeExtraHours(tx: Tx, practitionerId: string, id: string, span: ExtraSpan): Promise<ExtraHoursView> {
    return tx.one(CHANGE_EXTRA, [tx.clinicId, practitionerId, id, ...extraOf(span)]);
  }

  dropExtraHours(tx: Tx, practitionerId: string, id: string): Promise<number> {
    return tx.run(DROP_EXTRA, [tx.clinicId, practitionerId, id]);
  }

  /** The zones in which somebody works; nowhere yet, those of every location. Never none. */
  async zonesOf(tx: Tx, practitionerId: string): Promise<string[]> {
    const zones = await tx.rows<{ zone: string; works: boolean }>(ZONES, [tx.clinicId, practitionerId]);
    const theirs = zones.filter(({ works }) => works);
    const names = (theirs.length > 0 ? theirs : zones).map(({ zone }) => zone);
    return names.length > 0 ? names : ['UTC'];
  }
}

const absenceOf = ({ startsAt, endsAt, startsOn, endsOn }: AbsenceSpan) => [
  startsAt,
  endsAt,
  startsOn,
  endsOn,
];
const extraOf = ({ locationId, startsAt, endsAt }: ExtraSpan) => [locationId, startsAt, endsAt];
