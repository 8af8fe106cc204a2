import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { OpenReview } from './domain/review-booking.js';

const COLUMNS = `id, status, area_ids AS areas, treated_on AS "treatedOn", due_from AS "dueFrom", due_to AS "dueTo",
  booked_for AS "bookedFor"`;

const BOOKED_BY = sql(`
  SELECT ${COLUMNS} FROM follow_up
   WHERE clinic_id = $1 AND appointment_id = $2 AND status = 'booked' ORDER BY id FOR UPDATE`);

const BOOKABLE = sql(`
  SELECT ${COLUMNS} FROM follow_up
   WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) AND kind = 'review' AND status IN ('due', 'missed') ORDER BY id FOR UPDATE`);

const DAYS = sql(`
  SELECT due_from AS "from", due_to AS "to" FROM follow_up
   WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) AND kind = 'review' AND status = 'due'
     AND (cardinality($3::text[]) = 0 OR area_ids && $3::text[])
   ORDER BY due_from, id`);

const BOOK = sql(`
  UPDATE follow_up SET status = 'booked', appointment_id = $3, booked_for = $4, version = version + 1, updated_at = $5
   WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

const FREE = sql(`
  UPDATE follow_up SET status = 'due', appointment_id = NULL, booked_for = NULL, version = version + 1, updated_at = $3
   WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

@Injectable()
export class BookedReviewsRepository {
  /** Locked: reviews this appointment is the booking of. */
  bookedBy(tx: Tx, appointmentId: string): Promise<OpenReview[]> {
    return tx.rows(BOOKED_BY, [tx.clinicId, appointmentId]);
  }

  /** Locked: reviews of the patient that nobody has booked. */
  bookable(tx: Tx, patientId: string): Promise<OpenReview[]> {
    return tx.rows(BOOKABLE, [tx.clinicId, patientId]);
  }

  /** First and last day of each review nobody has booked, of the areas named or of any. */
  daysToBook(
    tx: Tx,
    patientId: string,
    areaIds: readonly string[],
  ): Promise<{ readonly from: CalendarDate; readonly to: CalendarDate }[]> {
    return tx.rows(DAYS, [tx.clinicId, patientId, areaIds]);
  }

  async book(tx: Tx, ids: readonly string[], appointmentId: string, on: CalendarDate): Promise<void> {
    if (ids.length > 0) await tx.run(BOOK, [tx.clinicId, ids, appointmentId, on, tx.now]);
  }

  async free(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await tx.run(FREE, [tx.clinicId, ids, tx.now]);
  }
}
