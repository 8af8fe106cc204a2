import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

const ROUNDS = Number(process.env['DOUBLE_BOOKING_ROUNDS'] ?? 3);
const CALLERS = Number(process.env['DOUBLE_BOOKING_CALLERS'] ?? 100);

interface Told {
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly code?: string;
    readonly blockedBy?: readonly { readonly appointmentId: string }[];
    readonly alternatives?: readonly unknown[];
  };
  readonly milliseconds: number;
}

const OVERLAPS = `
  SELECT count(*)::int AS n FROM appointment a JOIN appointment b
      ON a.clinic_id = b.clinic_id AND a.id < b.id AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to
     AND (a.practitioner_id = b.practitioner_id OR a.room_id = b.room_id OR a.patient_id = b.patient_id)
   WHERE a.status NOT IN ('cancelled', 'no-show', 'entered-in-error') AND b.status NOT IN ('cancelled', 'no-show', 'entered-in-error')`;

describe('a double booking, over real sockets', () => {
  let api: TestApi;
  let desk: TestDesk;
  let address: string;
  let patientIds: string[];
  /** The working day of every round is another, so that rounds do not meet. */
  const at = (round: number, time: string): string =>
    `${new Date(Date.now() + (round + 2) * 86_400_000).toISOString().slice(0, 10)}T${time}`;

  const post = async (path: string, body: object): Promise<Told> => {
    const started = performance.now();
    const answer = await fetch(`${address}/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.clinic.token.receptionist}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    const told = (await answer.json()) as Told['body'];
    return { status: answer.status, body: told, milliseconds: performance.now() - started };
  };
  const book = (patientId: string, startsAt: string): Promise<Told> =>
    post('appointments', {
      patientId,
      startsAt,
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
    });
  const overlaps = async (): Promise<number> => {
    const { rows } = await api.db.admin.query<{ n: number }>(OVERLAPS);
    return rows[0]?.n ?? NaN;
  };
  const report = (what: string, answers: readonly Told[]): void => {
    if (process.env['DOUBLE_BOOKING_REPORT'] !== 'true') return;
    const statuses = Object.entries(Object.groupBy(answers, ({ status }) => status)).map(
      ([status, told]) => `${status}: ${told?.length ?? 0}`,
    );
    const times = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
    const quantile = (q: number): string => `${Math.round(times[Math.ceil(q * times.length) - 1] ?? NaN)} ms`;
    process.stdout.write(
      `${what} · ${statuses.join(', ')} · p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(1)}\n`,
    );
  };

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
    patientIds = await Promise.all(Array.from({ length: CALLERS }, () => desk.aPatient()));
  });
  afterAll(() => api.stop());

  it('gives one of a hundred callers the slot and names it to the others, round after round', async () => {
    const all: Told[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await Promise.all(patientIds.map((patientId) => book(patientId, at(round, '10:00'))));
      const won = answers.filter(({ status }) => status === 201);
      const lost = answers.filter(({ status, body }) => status === 409 && body.code === 'slot_taken');
      expect([won.length, lost.length]).toEqual([1, CALLERS - 1]);
      for (const { body } of lost) {
        expect(body.blockedBy?.map(({ appointmentId }) => appointmentId)).toEqual([won[0]?.body.id]);
        expect(body.alternatives).toHaveLength(3);
      }
      all.push(...answers);
    }
    report(`${ROUNDS} × ${CALLERS} bookings of one slot`, all);
    expect(await overlaps()).toBe(0);
  }, 120_000);

  it('holds when some book the slot while others move into it or take it up again', async () => {
    const all: Told[] = [];
    const third = Math.ceil(CALLERS / 3);
    for (let round = 0; round < ROUNDS; round += 1) {
      // Inside the booking horizon, and no two rounds at one time.
      const day = 100 + (round % 9) * 30;
      const time = `${11 + Math.floor(round / 9)}:00`;
      const goal = at(day, time);
      const cancelled: string[] = [];
      for (const patientId of patientIds.slice(0, 5)) {
        const { body } = await book(patientId, goal);
        cancelled.push(body.id ?? '');
        await post(`appointments/${body.id}/cancel`, { by: 'clinic', reason: 'Practice' });
      }
      const movers = await Promise.all(
        patientIds
          .slice(5, 20)
          .map(async (patientId, i) => (await book(patientId, at(day + 1 + i, time))).body.id),
      );
      const answers = await Promise.all([
        ...patientIds.slice(20, 20 + third).map((patientId) => book(patientId, goal)),
        ...movers.map((id) => post(`appointments/${id}/reschedule`, { startsAt: goal })),
        ...cancelled.map((id) => post(`appointments/${id}/reinstate`, { reason: 'Practice' })),
      ]);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(answers.filter(({ status, body }) => status === 409 && body.code === 'slot_taken')).toHaveLength(
        answers.length - 1,
      );
      all.push(...answers);
    }
    report(`${ROUNDS} rounds of booking, moving and reinstating at one slot`, all);
    expect(await overlaps()).toBe(0);
  }, 120_000);
});
