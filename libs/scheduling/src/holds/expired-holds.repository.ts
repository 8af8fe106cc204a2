import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentSpan } from '../domain/appointment.js';

// Locked in the order of their ids, so that two who clear the same holds never wait for each other; whoever confirmed one
// in the meantime has changed its status, and the lock looks again. The line of history is signed by who held the slot.
const ending = (which: string): string => `
  WITH over AS MATERIALIZED (
    SELECT id FROM appointment
     WHERE clinic_id = $1 AND status = 'held' AND hold_expires_at <= $2 AND ${which} ORDER BY id FOR NO KEY UPDATE),
  ended AS (
    UPDATE appointment a SET status = 'released', version = version + 1, updated_at = $2
      FROM over WHERE a.clinic_id = $1 AND a.id = over.id RETURNING a.id, a.version, a.booked_by)
  INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, reason)
  SELECT $1, id, version, 'expire-hold', 'released', $2, booked_by, 'Not confirmed in time' FROM ended`;
const END_IN_THE_WAY = sql(
  ending(`busy_from < $4 AND busy_to > $3
     AND (practitioner_id = $5 OR patient_id = $6 OR room_id = ANY ($7::uuid[]))`),
);
const END_ONE = sql(ending('id = $3'));
const END_ALL = sql(ending('true'));

/** Ends holds whose time is up; until then a row the constraints still see, though nobody counts it as taken. */
@Injectable()
export class ExpiredHoldsRepository {
  /** Those in the way of a span. Returns how many there were. */
  endInTheWay(
    tx: Tx,
    { busy }: AppointmentSpan,
    of: {
      readonly practitionerId: string;
      readonly patientId: string;
      readonly roomIds: readonly (string | null)[];
    },
  ): Promise<number> {
    const bounds = [new Date(busy.start), new Date(busy.end)];
    return tx.run(END_IN_THE_WAY, [
      tx.clinicId,
      tx.now,
      ...bounds,
      of.practitionerId,
      of.patientId,
      of.roomIds,
    ]);
  }

  /** This one, if its time is up and nobody has ended it. */
  async endOne(tx: Tx, id: string): Promise<void> {
    await tx.run(END_ONE, [tx.clinicId, tx.now, id]);
  }

  endAll(tx: Tx): Promise<number> {
    return tx.run(END_ALL, [tx.clinicId, tx.now]);
  }
}
