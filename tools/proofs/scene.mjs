// The clinic of the proof: one practitioner and one room that everybody wants, a team around them in rooms of their own,
// and beside it a location where four practitioners share two rooms.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { migrate } from '../migrate.mjs';
import { serve } from '../bench/servers.mjs';
import { connected, letOwnerSignIn, letServiceSignIn, makeDatabase, urlFor } from '../postgres/server.mjs';
import { startTemporaryServer } from '../postgres/temporary-server.mjs';
import { step } from '../steps/progress.mjs';

const DATABASE = 'proof';
const id = (kind, n) => `0190d000-0000-7000-800${kind}-${String(n).padStart(12, '0')}`;

export const CLINIC = id(0, 1);
export const RECEPTIONIST = id(5, 0);
/** The one everybody wants. */
export const WANTED = { practitionerId: id(3, 0), roomId: id(2, 0), locationId: id(1, 0) };
/** The n-th caller's own practitioner, room and patient. */
export const own = (n) => ({ practitionerId: id(3, n + 1), roomId: id(2, n + 1), patientId: id(7, n) });
/**
 * `laser` fits only the wanted room, `wanted` any room, and both only the wanted practitioner; `short` needs no room. What a
 * loser is offered instead is looked up among those who offer a type: as in a real clinic they are few.
 */
export const TYPES = { treatment: id(4, 0), laser: id(4, 1), short: id(4, 2), wanted: id(4, 3) };
/** What only the n-th caller's own practitioner offers. */
export const ownType = (n) => ({ treatment: id(4, 10_000 + n), laser: id(4, 20_000 + n) });
export const CROWDED = {
  locationId: id(1, 1),
  practitionerIds: [0, 1, 2, 3].map((n) => id(3, 9000 + n)),
  roomIds: [0, 1].map((n) => id(2, 9000 + n)),
  patientIds: Array.from({ length: 200 }, (_, n) => id(7, 9000 + n)),
  entryIds: Array.from({ length: 200 }, (_, n) => id(8, 9000 + n)),
};
export const PLACE_ON_LIST = (n) => id(8, n);

export const OVERLAP_CONSTRAINTS = [
  'appointment_practitioner_overlap',
  'appointment_room_overlap',
  'appointment_patient_overlap',
];

/**
 * A server of its own with the clinic in it and the service in front of it.
 * @param {{ callers: number, withoutConstraint: boolean }} options
 */
export async function openScene({ callers, withoutConstraint }) {
  const server = await startTemporaryServer();
  const running = [server];
  const stop = async () => {
    for (const part of running.toReversed()) await part.stop();
  };
  try {
    const ownerUrl = await connected(server.url('postgres'), async (admin) => {
      const password = await letOwnerSignIn(admin);
      await makeDatabase(admin, DATABASE, 'revisit_owner');
      return urlFor(server.url(DATABASE), 'revisit_owner', password);
    });
    await step('The schema', () => migrate(ownerUrl));
    const adminUrl = server.url(DATABASE);
    const [token, password] = [randomBytes(32).toString('base64url'), randomBytes(24).toString('hex')];
    await connected(adminUrl, async (admin) => {
      await admin.query(clinic(callers, createHash('sha256').update(token).digest('hex')));
      if (withoutConstraint)
        for (const name of OVERLAP_CONSTRAINTS)
          await admin.query(`ALTER TABLE appointment DROP CONSTRAINT ${name}`);
      await letServiceSignIn(admin, password);
    });
    const api = await serve('dist/apps/api/src/main.js', urlFor(adminUrl, 'revisit_service', password));
    running.push(api);
    return { adminUrl, token, address: `http://127.0.0.1:${api.port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const series = (kind, n = 'n') => `('0190d000-0000-7000-800${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;
const list = (ids) => `unnest(ARRAY[${ids.map((one) => `'${one}'`).join(', ')}]::uuid[])`;
const WEEK = 'generate_series(1, 7) AS weekday';

/** The clinic as SQL, for a migrated database without one. */
export const clinic = (callers, tokenHash) => `
  INSERT INTO clinic (id, slug, name, market) VALUES ('${CLINIC}', 'proof', 'Proof', 'UK');
  INSERT INTO location (clinic_id, id, name, zone) VALUES
    ('${CLINIC}', '${WANTED.locationId}', 'Wanted', 'Europe/London'), ('${CLINIC}', '${CROWDED.locationId}', 'Crowded', 'Europe/London');
  INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), l.id, weekday, '06:00', '20:00', '2020-01-01' FROM location l, ${WEEK} WHERE l.clinic_id = '${CLINIC}';
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles)
    SELECT '${CLINIC}', ${series(3)}, 'p' || n || '@proof.example', 'Dr ' || n, 'none', '{practitioner}' FROM generate_series(0, ${callers}) n;
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles)
    SELECT '${CLINIC}', s, s || '@proof.example', 'Dr Crowded', 'none', '{practitioner}' FROM ${list(CROWDED.practitionerIds)} s;
  INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), s.id, l.id, weekday, '06:00', '20:00', '2020-01-01' FROM staff s, location l, ${WEEK}
     WHERE s.clinic_id = '${CLINIC}' AND l.clinic_id = '${CLINIC}' AND (s.display_name = 'Dr Crowded') = (l.name = 'Crowded');
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles)
    VALUES ('${CLINIC}', '${RECEPTIONIST}', 'desk@proof.example', 'Rhea Desk', 'none', '{receptionist}');
  INSERT INTO session (clinic_id, id, staff_id, token_hash, expires_at)
    VALUES ('${CLINIC}', '${randomUUID()}', '${RECEPTIONIST}', '\\x${tokenHash}', now() + interval '1 day');
  INSERT INTO room (clinic_id, id, location_id, name, kind, equipment)
    SELECT '${CLINIC}', ${series(2)}, '${WANTED.locationId}', 'Room ' || n, 'treatment', CASE n WHEN 0 THEN '{laser}' ELSE '{}' END::text[]
      FROM generate_series(0, ${callers}) n;
  INSERT INTO room (clinic_id, id, location_id, name, kind)
    SELECT '${CLINIC}', r, '${CROWDED.locationId}', 'Room ' || r, 'treatment' FROM ${list(CROWDED.roomIds)} r;
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_before_minutes, buffer_after_minutes, room_kind, equipment) VALUES
    ('${CLINIC}', '${TYPES.treatment}', 'Treatment', 'treatment', 30, 5, 10, 'treatment', '{}'),
    ('${CLINIC}', '${TYPES.laser}', 'Laser', 'treatment', 30, 5, 10, 'treatment', '{laser}'),
    ('${CLINIC}', '${TYPES.wanted}', 'Wanted', 'treatment', 30, 5, 10, 'treatment', '{}'),
    ('${CLINIC}', '${TYPES.short}', 'Review', 'review', 15, 0, 0, NULL, '{}');
  UPDATE appointment_type SET practitioner_ids = ARRAY['${WANTED.practitionerId}'::uuid] WHERE id IN ('${TYPES.laser}', '${TYPES.wanted}');
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_before_minutes, buffer_after_minutes, room_kind,
                                equipment, practitioner_ids)
    SELECT '${CLINIC}', ${series(4, 'first + n')}, word || ' of ' || n, 'treatment', 30, 5, 10, 'treatment', equipment::text[],
           ARRAY[${series(3, 'n + 1')}]
      FROM generate_series(0, ${callers - 1}) n, (VALUES (10000, 'Treatment', '{}'), (20000, 'Laser', '{laser}')) AS v (first, word, equipment);
  INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
    SELECT '${CLINIC}', ${series(7)}, n + 1, 'Zoë', 'Patient ' || n, '1984-03-12' FROM generate_series(0, ${callers - 1}) n;
  INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
    SELECT '${CLINIC}', p, 9000 + n, 'Zoë', 'Crowded ' || n, '1984-03-12' FROM ${list(CROWDED.patientIds)} WITH ORDINALITY AS q (p, n);
  INSERT INTO waitlist_entry (clinic_id, id, patient_id, type_id, from_day, to_day, joined_by, joined_at, updated_at)
    SELECT '${CLINIC}', ${series(8, `right(id::text, 12)::bigint`)}, id,
           CASE WHEN family_name LIKE 'Crowded%' THEN '${TYPES.treatment}'::uuid ELSE '${TYPES.laser}'::uuid END,
           current_date, current_date + 399, '${RECEPTIONIST}', now(), now() FROM patient WHERE clinic_id = '${CLINIC}';
  INSERT INTO waitlist_change (clinic_id, entry_id, version, verb, status, at, staff_id)
    SELECT '${CLINIC}', id, 1, 'join', 'waiting', now(), '${RECEPTIONIST}' FROM waitlist_entry WHERE clinic_id = '${CLINIC}';`;
