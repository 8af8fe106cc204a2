// A comparison is only fair between equals: before anything is measured both servers must answer the same.
import { isDeepStrictEqual } from 'node:util';
import { Obstacle } from '../steps/progress.mjs';
import { CLINIC, TOKEN } from './clinic.mjs';
import { SCENARIOS } from './scenarios.mjs';

const LOOKED_AT = 12;

/** What of an answer must agree; fields the service adds beyond the SQL's rows are its own. */
const ESSENCE = {
  'availability-1x1': ({ slots }) => slots.map(slot),
  'availability-1x14': ({ slots }) => slots.map(slot),
  'availability-10x14': ({ slots, truncated }) => [truncated, ...slots.map(slot)],
  'day-sheet': ({ items }) =>
    items.map(({ appointmentId, time, patientName }) => [appointmentId, time, patientName]),
  // What the search is ordered by stays with the service.
  search: ({ items }) => items.map(({ forgiving: _, exactness: __, likeness: ___, ...patient }) => patient),
  // Health is not for the desk, whose token asks.
  read: ({ healthFacts: _, priorToxins: __, ...patient }) => patient,
};
const slot = ({ startsAt, localTime, practitionerId, roomId }) => [
  startsAt,
  localTime,
  practitionerId,
  roomId,
];

/** @param {string[]} names @param {string} today @param {number} ours a port @param {number} bare a port */
export async function sameAnswers(names, today, ours, bare) {
  for (const name of names.filter((one) => one in ESSENCE)) {
    let filled = 0;
    for (let i = 0; i < LOOKED_AT; i += 1) {
      const { path } = SCENARIOS[name].request(today, i * 5);
      const [a, b] = await Promise.all([ask(ours, path), ask(bare, path)]);
      const [left, right] = [ESSENCE[name](a), ESSENCE[name](b)];
      if (!isDeepStrictEqual(left, right))
        throw new Obstacle(
          `${path} is answered differently:\n${JSON.stringify(left).slice(0, 600)}\n${JSON.stringify(right).slice(0, 600)}`,
        );
      if (JSON.stringify(left).length > 2) filled += 1;
    }
    if (filled < LOOKED_AT / 2) throw new Obstacle(`Most answers of ${name} are empty: nothing is measured.`);
  }
}

async function ask(port, path) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Obstacle(`${path} was answered with ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** Takes back what was booked and kept with it, past the rule that history is never deleted. */
export async function forgetBookings(admin) {
  await admin.query('SET session_replication_role = replica');
  await admin.query(`
    DELETE FROM appointment_change c USING appointment a
     WHERE a.clinic_id = c.clinic_id AND a.id = c.appointment_id AND a.clinic_id = '${CLINIC}' AND a.area_ids = '{glabella}';
    DELETE FROM appointment WHERE clinic_id = '${CLINIC}' AND area_ids = '{glabella}';
    DELETE FROM audit_event WHERE clinic_id = '${CLINIC}' AND request_id IS NOT NULL;
    DELETE FROM idempotency_key WHERE clinic_id = '${CLINIC}';
    DELETE FROM pgboss.job WHERE name = 'booking-confirmation';
    SET session_replication_role = origin;`);
  await admin.query('VACUUM ANALYZE appointment, appointment_change, audit_event, idempotency_key');
}
