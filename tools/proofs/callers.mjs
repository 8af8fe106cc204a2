// Callers over real sockets, and rows laid out for them by SQL so that a round costs only its race.
import { randomUUID } from 'node:crypto';
import { CLINIC, RECEPTIONIST, WANTED } from './scene.mjs';

/** @param {{ address: string, token: string }} scene */
export function callersOf({ address, token }) {
  const authorization = `Bearer ${token}`;
  /** @returns {Promise<{ status: number, body: Record<string, any>, ms: number }>} */
  return async function post(path, body) {
    const started = performance.now();
    const answer = await fetch(`${address}/v1/${path}`, {
      method: 'POST',
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    const ms = performance.now() - started;
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text), ms };
  };
}

const MINUTE = 60_000;

/**
 * Puts appointments in place as if they had been booked.
 * @param {import('pg').Client} admin
 * @param {readonly object[]} rows each with practitionerId, roomId, patientId, typeId, startsAt and minutes
 * @param {string} [status]
 * @returns {Promise<string[]>} their ids
 */
export async function layOut(admin, rows, status = 'booked') {
  const ids = rows.map(() => randomUUID());
  const before = ({ typeId, startsAt }, buffers) => new Date(Date.parse(startsAt) - buffers(typeId) * MINUTE);
  const [ahead, behind] = [(row) => (row.minutes === 30 ? 5 : 0), (row) => (row.minutes === 30 ? 10 : 0)];
  const end = (row, more) => new Date(Date.parse(row.startsAt) + (row.minutes + more) * MINUTE);
  const column = (of) => rows.map(of);
  await admin.query(
    `WITH laid AS (
       INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, room_id, location_id, type_id, starts_at, ends_at,
                                busy_from, busy_to, status, booked_by)
       SELECT $1, id, patient, practitioner, room, $2, type, starts, ends, busy_from, busy_to, $3, $4
         FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::timestamptz[], $11::timestamptz[],
                     $12::timestamptz[], $13::timestamptz[])
           AS r (id, patient, practitioner, room, type, starts, ends, busy_from, busy_to)
       RETURNING id)
     INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, staff_id)
     SELECT $1, id, 1, 'book', $3, $4 FROM laid`,
    [
      CLINIC,
      WANTED.locationId,
      status,
      RECEPTIONIST,
      ids,
      column(({ patientId }) => patientId),
      column(({ practitionerId }) => practitionerId),
      column(({ roomId }) => roomId),
      column(({ typeId }) => typeId),
      column(({ startsAt }) => startsAt),
      column((row) => end(row, 0)),
      column((row) => before(row, () => ahead(row))),
      column((row) => end(row, behind(row))),
    ],
  );
  return ids;
}
