import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { addDays, calendarDate, FixedClock } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ProposalsCollide, SeriesBlocked, SlotTaken } from '../src/index.js';
import { aDesk, aWaitlistQueue, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('two records that turned out to be one person', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let survivor: string;
  let duplicate: string;

  const receptionist = () => clinic.actor.receptionist;
  const book = (patientId: string, startsAt: string, change: object = {}) =>
    scheduling.booking.book(receptionist(), {
      patientId,
      typeId: desk.type.review,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const move = (id: string, startsAt: string) =>
    scheduling.booking.reschedule(receptionist(), id, { startsAt }, undefined);
  const merge = (one = duplicate, into = survivor) =>
    db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [one, into]);
  /** For the patients of the nurse on Tuesday morning. */
  const propose = () =>
    scheduling.groupMoves.kept.propose(receptionist(), {
      practitionerId: desk.nurseId,
      locationId: desk.london.id,
      startsAt: '2026-03-03T08:00',
      endsAt: '2026-03-03T12:00',
      reason: 'Nadia is ill',
    });
  const apply = (id: string) =>
    scheduling.groupMoves.application.apply(receptionist(), id, undefined, undefined);
  const choose = (id: string, appointmentId: string, startsAt: string, practitionerId = desk.nurseId) =>
    scheduling.groupMoves.items.choose(
      receptionist(),
      id,
      appointmentId,
      { startsAt, practitionerId },
      undefined,
    );
  const blockedBy = (appointmentId: string) => ({
    name: 'slot_taken',
    facts: { blockedBy: [expect.objectContaining({ resource: 'patient', appointmentId })] },
  });
  const waiting = async () =>
    (
      await db.admin.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      )
    ).rowCount;
  /** Pairs of visits at the same time of one person, however many records they have. */
  const twoPlaces = async () =>
    (
      await db.admin.query(
        `SELECT a.id FROM appointment a JOIN patient p ON p.id = a.patient_id
           JOIN patient q ON coalesce(q.merged_into_id, q.id) = coalesce(p.merged_into_id, p.id)
           JOIN appointment b ON b.patient_id = q.id AND b.id > a.id AND b.busy_from < a.busy_to AND b.busy_to > a.busy_from
          WHERE a.clinic_id = $1 AND a.status = 'booked' AND b.status = 'booked'`,
        [clinic.clinicId],
      )
    ).rows;

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    [survivor, duplicate] = [await desk.aPatient(), await desk.aPatient()];
  });

  describe('in a group move', () => {
    it('are moved as one visit alone would be, by the windows of the record to go on with', async () => {
      const asked: (readonly string[])[] = [];
      scheduling.windows.subscribeForMany((_tx, patientIds) => {
        asked.push(patientIds);
        return Promise.resolve(
          patientIds.map((patientId) => ({
            patientId,
            areaId: 'glabella',
            earliest: calendarDate('2026-03-01'),
            recommendedFrom: calendarDate('2026-03-03'),
            recommendedTo: calendarDate('2026-03-03'),
          })),
        );
      });
      const { id } = await book(duplicate, '2026-03-03T10:00', { typeId: desk.type.treatment });
      await merge();
      const proposed = await propose();
      expect(asked).toEqual([[survivor]]);
      expect(proposed.items).toMatchObject([
        { patientId: duplicate, state: 'proposed', to: { localTime: '2026-03-03T10:00' } },
      ]);
      expect(await apply(proposed.id)).toMatchObject({ moved: 1, remaining: 0 });
      expect(await scheduling.verbs.read(receptionist(), id)).toMatchObject({
        patientId: duplicate,
        practitionerId: desk.doctorId,
      });
    });

    it('are not sent where the other record has a visit', async () => {
      await book(duplicate, '2026-03-03T10:00');
      const elsewhere = await book(survivor, '2026-03-03T10:00', {
        practitionerId: desk.doctorId,
        locationId: desk.newYork.id,
        startsAt: '2026-03-03T09:00',
      });
      await merge();
      const proposed = await propose();
      const [item] = proposed.items;
      await expect(choose(proposed.id, item?.appointmentId ?? '', '2026-03-03T14:00')).rejects.toMatchObject(
        blockedBy(elsewhere.id),
      );
    });

    it('stay where they are when the other record took the time proposed meanwhile', async () => {
      const { id } = await book(duplicate, '2026-03-03T10:00');
      const proposed = await propose();
      await choose(proposed.id, id, '2026-03-03T14:00');
      await book(survivor, '2026-03-03T14:00', { practitionerId: desk.doctorId });
      await merge();
      const applied = await apply(proposed.id);
      expect(applied.items).toMatchObject([{ appointmentId: id, state: 'conflict' }]);
      expect(applied.items[0]?.why).toBe(SlotTaken.spec.title);
      expect(await twoPlaces()).toEqual([]);
      expect(await scheduling.verbs.read(receptionist(), id)).toMatchObject({ version: 1 });
    });

    it('are not proposed the same time twice, nor moved there when merged in between', async () => {
      const [one, other] = [
        await book(survivor, '2026-03-03T09:00'),
        await book(duplicate, '2026-03-03T10:00'),
      ];
      const proposed = await propose();
      await choose(proposed.id, one.id, '2026-03-03T14:00', desk.doctorId);
      await choose(proposed.id, other.id, '2026-03-03T14:00');
      await merge();
      await expect(choose(proposed.id, other.id, '2026-03-03T14:00')).rejects.toThrow(ProposalsCollide);
      const applied = await apply(proposed.id);
      expect(applied.items.map(({ state }) => state)).toEqual(['moved', 'conflict']);
      expect(applied.items[1]?.why).toBe(SlotTaken.spec.title);
      expect(await twoPlaces()).toEqual([]);
      // Worked out anew with the one that moved in sight.
      expect(await propose()).toMatchObject({ items: [{ appointmentId: other.id, state: 'proposed' }] });
    });
  });

  it('are blocked in a series by the visit of the other record, which is named', async () => {
    const second = await book(duplicate, '2026-03-10T10:00', { practitionerId: desk.doctorId });
    await merge();
    const series = scheduling.series.book(receptionist(), {
      patientId: survivor,
      typeId: desk.type.review,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt: '2026-03-03T10:00',
      everyWeeks: 1,
      visits: 3,
    });
    await expect(series).rejects.toThrow(SeriesBlocked);
    await expect(series).rejects.toMatchObject({
      facts: { visits: [{ number: 2, problem: { code: 'slot_taken', facts: blockedBy(second.id).facts } }] },
    });
  });

  it('are one to the waitlist: time is not offered where the other record has a visit', async () => {
    scheduling = schedulingOn(db.database, aWaitlistQueue());
    await scheduling.waitlist.join(receptionist(), {
      patientId: survivor,
      typeId: desk.type.review,
      to: '2026-03-31',
    });
    const matches = async () =>
      (
        await scheduling.offers.matches(receptionist(), {
          practitionerId: desk.nurseId,
          locationId: desk.london.id,
          from: '2026-03-03T10:00',
          to: '2026-03-03T10:15',
        })
      ).items.length;
    await book(duplicate, '2026-03-03T10:00', { practitionerId: desk.doctorId });
    expect(await matches()).toBe(1);
    await merge();
    expect(await matches()).toBe(0);
  });

  describe('wanted at one time by two at the same moment', () => {
    const PAIRS = 12;
    /** A day and two records of one person for each pair. */
    const pairs = async () =>
      Promise.all(
        Array.from({ length: PAIRS }, async (_, i) => {
          const on = addDays(calendarDate('2026-03-03'), i);
          const [into, one] = [await desk.aPatient(), await desk.aPatient()];
          return { on, into, one };
        }),
      );
    const won = (tried: readonly PromiseSettledResult<unknown>[]) => {
      const lost = tried.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
      expect(lost.map((reason) => (reason instanceof SlotTaken ? 'slot_taken' : reason))).toEqual([
        'slot_taken',
      ]);
    };

    it('are moved there once', async () => {
      const visits = await Promise.all(
        (await pairs()).map(async ({ on, into, one }) => {
          const first = await book(into, `${on}T09:00`);
          const second = await book(one, `${on}T09:00`, { practitionerId: desk.doctorId });
          await merge(one, into);
          return { on, ids: [first.id, second.id] };
        }),
      );
      const tried = await Promise.all(
        visits.map(({ on, ids }) => Promise.allSettled(ids.map((id) => move(id, `${on}T15:00`)))),
      );
      tried.forEach(won);
      // At nine they overlapped before they were one; at three nobody does.
      expect(await twoPlaces()).toEqual([]);
    });

    it('are not booked where the other record is being moved to', async () => {
      const { id } = await book(duplicate, '2026-03-03T09:00', { practitionerId: desk.doctorId });
      await merge();
      const tried: Promise<void>[] = [];
      const outcomes: unknown[] = [];
      // The move is written and not yet there for others to see.
      scheduling.events.subscribe(async (_tx, { verb }) => {
        if (verb !== 'reschedule') return;
        tried.push(
          book(survivor, '2026-03-03T15:00').then(
            () => void outcomes.push('booked'),
            (error: unknown) => void outcomes.push(error),
          ),
        );
        while (outcomes.length === 0 && (await waiting()) === 0);
      });
      await move(id, '2026-03-03T15:00');
      await Promise.all(tried);
      expect(outcomes).toMatchObject([blockedBy(id)]);
    });

    it('are booked or moved there, never both', async () => {
      const visits = await Promise.all(
        (await pairs()).map(async ({ on, into, one }) => {
          const { id } = await book(one, `${on}T09:00`, { practitionerId: desk.doctorId });
          await merge(one, into);
          return { on, into, id };
        }),
      );
      const tried = await Promise.all(
        visits.map(({ on, into, id }) =>
          Promise.allSettled([book(into, `${on}T15:00`), move(id, `${on}T15:00`)]),
        ),
      );
      tried.forEach(won);
      expect(await twoPlaces()).toEqual([]);
    });
  });
});
