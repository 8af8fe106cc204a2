import type { TestDatabase } from '#database/testing';
import type { TestClinic } from '#identity/testing';
import { newId } from '#kernel';

/** A clinic that can be booked: two locations in different zones, open and staffed 08:00 to 18:00 every day. */
export interface TestDesk {
  /** Europe/London: rooms one and two for treatments, and an office. */
  readonly london: TestLocation;
  /** America/New_York: one room for treatments. */
  readonly newYork: TestLocation;
  readonly type: Readonly<Record<'consultation' | 'treatment' | 'review' | 'complication-check', string>>;
  /** Both work at both locations. */
  readonly nurseId: string;
  readonly doctorId: string;
  /** Registers a patient by SQL. Born 1984-03-12 when not said otherwise. */
  aPatient(birthDate?: string): Promise<string>;
}

export interface TestLocation {
  readonly id: string;
  readonly zone: string;
  readonly roomIds: readonly string[];
}

/** 30 minutes with 5 before and 10 after for a treatment in a treatment room; 15 minutes without buffers or room for the rest. */
const TYPES = [
  { kind: 'consultation', minutes: 15, before: 0, after: 0, roomKind: null, needsPrescriber: false },
  { kind: 'treatment', minutes: 30, before: 5, after: 10, roomKind: 'treatment', needsPrescriber: false },
  { kind: 'review', minutes: 15, before: 0, after: 0, roomKind: null, needsPrescriber: false },
  { kind: 'complication-check', minutes: 15, before: 0, after: 0, roomKind: null, needsPrescriber: true },
] as const;

const WEEK = 'FROM generate_series(1, 7) AS weekday';

/** Sets a clinic up past row-level security, as if its admin had. */
export async function aDesk(
  { admin }: Pick<TestDatabase, 'admin'>,
  { clinicId, actor }: Pick<TestClinic, 'clinicId' | 'actor'>,
): Promise<TestDesk> {
  const [nurseId, doctorId] = [actor.practitioner.staffId, actor.prescriber.staffId];

  const aLocation = async (name: string, zone: string, rooms: readonly string[]): Promise<TestLocation> => {
    const id = newId();
    await admin.query('INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, $4)', [
      clinicId,
      id,
      name,
      zone,
    ]);
    await admin.query(
      `INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from)
       SELECT $1, gen_random_uuid(), $2, weekday, '08:00', '18:00', '2020-01-01' ${WEEK}`,
      [clinicId, id],
    );
    for (const practitionerId of [nurseId, doctorId])
      await admin.query(
        `INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
         SELECT $1, gen_random_uuid(), $2, $3, weekday, '08:00', '18:00', '2020-01-01' ${WEEK}`,
        [clinicId, practitionerId, id],
      );
    const roomIds = rooms.map(() => newId());
    for (const [index, room] of rooms.entries())
      await admin.query(
        `INSERT INTO room (clinic_id, id, location_id, name, kind) VALUES ($1, $2, $3, $4, $5)`,
        [clinicId, roomIds[index], id, room, room === 'Office' ? 'office' : 'treatment'],
      );
    return { id, zone, roomIds };
  };

  const typeIds = await Promise.all(
    TYPES.map(async ({ kind, minutes, before, after, roomKind, needsPrescriber }) => {
      const id = newId();
      await admin.query(
        `INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_before_minutes,
                                       buffer_after_minutes, room_kind, needs_prescriber)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)`,
        [clinicId, id, kind, minutes, before, after, roomKind, needsPrescriber],
      );
      return [kind, id] as const;
    }),
  );

  let registered = 0;
  return {
    london: await aLocation('London', 'Europe/London', ['Room 1', 'Room 2', 'Office']),
    newYork: await aLocation('New York', 'America/New_York', ['Suite']),
    type: Object.fromEntries(typeIds) as TestDesk['type'],
    nurseId,
    doctorId,
    aPatient: async (birthDate = '1984-03-12') => {
      const id = newId();
      registered += 1;
      await admin.query(
        `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date) VALUES ($1, $2, $3, 'Zoë', $4, $5)`,
        [clinicId, id, 90_000 + registered, `Patient ${registered}`, birthDate],
      );
      return id;
    },
  };
}
