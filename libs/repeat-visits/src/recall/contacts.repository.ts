import { sql, type Tx } from '#database';
import { type CalendarDate, FIRST_ID, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ContactChannel, ContactInitiator, LoggedOutcome } from './domain/answers.js';
import type { ContactView } from './http/contacts.dto.js';

/** An attempt to be kept; what is left out was not said. */
export interface NewContact {
  readonly initiatedBy: ContactInitiator;
  readonly channel: ContactChannel;
  readonly outcome: LoggedOutcome;
  readonly until?: string | undefined;
  readonly areas?: readonly string[] | undefined;
  readonly appointmentId?: string | undefined;
  readonly note?: string | undefined;
  /** null: the clinic by itself. */
  readonly staffId: string | null;
}

const COLUMNS = `a.id, a.patient_id AS "patientId", a.initiated_by AS "initiatedBy", a.channel, a.outcome, a.until,
  a.area_ids AS areas, a.appointment_id AS "appointmentId", a.note, a.on_day AS "onDay", a.at, a.staff_id AS "staffId",
  s.display_name AS "staffName"`;

const ADD = sql(`
  INSERT INTO contact_attempt (clinic_id, id, patient_id, initiated_by, channel, outcome, until, area_ids, appointment_id, note,
                               on_day, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`);

const OF_PATIENT = sql(`
  SELECT ${COLUMNS} FROM contact_attempt a LEFT JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.staff_id
   WHERE a.clinic_id = $1 AND a.patient_id = ANY ($2::uuid[]) AND (a.at, a.id) < ($3, $4)
   ORDER BY a.at DESC, a.id DESC LIMIT $5`);

const READ = sql(`
  SELECT ${COLUMNS} FROM contact_attempt a LEFT JOIN staff s ON s.clinic_id = a.clinic_id AND s.id = a.staff_id
   WHERE a.clinic_id = $1 AND a.id = $2`);

@Injectable()
export class ContactsRepository {
  async add(tx: Tx, patientId: string, contact: NewContact, onDay: CalendarDate): Promise<ContactView> {
    const { initiatedBy, channel, outcome, until, areas = [], appointmentId, note, staffId } = contact;
    const id = newId();
    const said = [initiatedBy, channel, outcome, until ?? null, areas, appointmentId ?? null, note ?? null];
    await tx.run(ADD, [tx.clinicId, id, patientId, ...said, onDay, tx.now, staffId]);
    return tx.one<ContactView>(READ, [tx.clinicId, id]);
  }

  /** Newest first. */
  ofPatients(
    tx: Tx,
    patientIds: readonly string[],
    before: readonly (string | number)[] | null,
    limit: number,
  ): Promise<ContactView[]> {
    const [at, id] = before ?? ['infinity', FIRST_ID];
    return tx.rows<ContactView>(OF_PATIENT, [tx.clinicId, patientIds, at, id, limit]);
  }
}
