import { readFile } from 'node:fs/promises';

import { newId } from '#kernel';
import { APPOINTMENT_STATUSES, type AppointmentStatus, LIFE_CYCLE } from '#scheduling';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Answer, TestApi } from './harness/test-api.js';

const HOUR = 3_600_000;
const EVENTS = Object.keys(LIFE_CYCLE) as (keyof typeof LIFE_CYCLE)[];
const inDays = (days: number): string => new Date(Date.now() + days * 24 * HOUR).toISOString().slice(0, 10);
const BODIES: Partial<Record<(typeof EVENTS)[number], (row: number) => object>> = {
  cancel: () => ({ by: 'patient', reason: 'Has a cold' }),
  reinstate: () => ({ reason: 'Came after all' }),
  'enter-in-error': () => ({ reason: 'Booked twice' }),
  'no-show': () => ({}),
  // Every row a slot of its own: three days of ten hours hold them all.
  reschedule: (row) => ({
    startsAt: `${inDays(3 + Math.floor(row / 8))}T${String(9 + (row % 8)).padStart(2, '0')}:00`,
  }),
};

const to = (status: AppointmentStatus, event: (typeof EVENTS)[number]): AppointmentStatus | null => {
  const { from, to: after }: { from: readonly AppointmentStatus[]; to: AppointmentStatus } =
    LIFE_CYCLE[event];
  return from.includes(status) ? after : null;
};
const refusalOf = (event: (typeof EVENTS)[number]): string =>
  event.endsWith('-hold') ? 'hold_over' : 'appointment_transition_refused';

const pairs = APPOINTMENT_STATUSES.flatMap((status) => EVENTS.map((event) => [status, event] as const));

describe('every status of an appointment meets every verb', () => {
  const seen = new Map<string, string>();
  let api: TestApi;
  let desk: TestDesk;

  /** An appointment that was held once and began in the past, so that neither the day nor the hold stands in the way. */
  const anAppointment = async (status: AppointmentStatus, row: number): Promise<string> => {
    const id = newId();
    const startsAt = new Date(Math.floor(Date.now() / HOUR) * HOUR - (row + 30) * HOUR);
    await api.db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from,
                                busy_to, status, booked_by, hold_expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $9, $4, $10)`,
      [
        api.clinic.clinicId,
        id,
        await desk.aPatient(),
        desk.nurseId,
        desk.london.id,
        desk.type.review,
        startsAt,
        new Date(startsAt.getTime() + HOUR / 4),
        status,
        new Date(Date.now() + HOUR),
      ],
    );
    return id;
  };
  const send = (event: (typeof EVENTS)[number], id: string, row: number): Promise<Answer> => {
    if (event === 'release-hold') return api.send('receptionist', 'DELETE', `/v1/holds/${id}`);
    if (event === 'confirm-hold') return api.send('receptionist', 'POST', `/v1/holds/${id}/confirm`);
    const body = BODIES[event]?.(row);
    const sending = body === undefined ? {} : { body };
    return api.send('receptionist', 'POST', `/v1/appointments/${id}/${event}`, sending);
  };
  const statusOf = async (id: string): Promise<string> =>
    String((await api.db.admin.query('SELECT status FROM appointment WHERE id = $1', [id])).rows[0].status);

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it.each(pairs)('%s · %s', async (status, event) => {
    const row = pairs.findIndex(([a, b]) => a === status && b === event);
    const id = await anAppointment(status, row);
    const answer = await send(event, id, row);
    const expected = to(status, event);
    const after = await statusOf(id);
    if (expected === null) {
      expect([answer.status, answer.body['code'], after]).toEqual([409, refusalOf(event), status]);
    } else {
      expect([answer.status, after]).toEqual([event === 'release-hold' ? 204 : 200, expected]);
    }
    seen.set(`${status} ${event}`, answer.status === 409 ? '·' : after);
  });

  it('stands in docs/flows/appointment-life.md as the service answered', async () => {
    const rows = APPOINTMENT_STATUSES.map((status) =>
      [status, ...EVENTS.map((event) => seen.get(`${status} ${event}`) ?? '?')].map((cell) => ` ${cell} `),
    );
    const head = ['status', ...EVENTS].map((cell) => ` ${cell} `);
    const cells = (line: string): string =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .filter((cell) => !/^-*$/.test(cell))
        .join(' | ');
    const table = [head, ...rows].map((row) => cells(row.join('|'))).join('\n');
    const page = await readFile(new URL('../../../docs/flows/appointment-life.md', import.meta.url), 'utf8');
    const written = page
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map(cells)
      .filter((line) => line !== '');
    expect(written.join('\n')).toBe(table);
  });
});
