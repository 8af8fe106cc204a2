import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { AppointmentNotFound, HoldOver, SlotTaken } from '../src/index.js';
import { aDesk, aWaitlistQueue, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';
import {
  AlreadyWaiting,
  HoldIsOffered,
  OfferOver,
  OfferStillOpen,
  OfferTooLate,
  OutOfRankNeedsReason,
  ReplacesRefused,
  WaitlistEntryNotFound,
  WaitlistTransitionRefused,
  WaitlistWishInvalid,
} from '../src/waitlist/domain/waitlist.errors.js';
import type { JoinWaitlist } from '../src/waitlist/http/waitlist.dto.js';

// A Monday; the slot that is freed is on Tuesday at ten, with buffers 09:55 to 10:40.
const NOW = new Date('2026-03-02T09:00:00Z');
const SLOT = '2026-03-03T10:00';
const inMinutes = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

describe('the waitlist', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let queue: ReturnType<typeof aWaitlistQueue>;

  const receptionist = () => clinic.actor.receptionist;
  let joined = 0;
  const join = async (change: Partial<JoinWaitlist> = {}) => {
    const entry = await scheduling.waitlist.join(receptionist(), {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      to: '2026-03-31',
      ...change,
    });
    joined += 1;
    const later = `joined_at = joined_at + ${joined} * interval '1 ms'`;
    await db.admin.query(`UPDATE waitlist_entry SET ${later} WHERE id = $1`, [entry.id]);
    return entry;
  };
  const book = async (startsAt = SLOT, patientId?: string, practitionerId = desk.nurseId) =>
    scheduling.booking.book(receptionist(), {
      patientId: patientId ?? (await desk.aPatient()),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId,
      startsAt,
    });
  const cancel = (id: string) =>
    scheduling.verbs.change(receptionist(), id, 'cancel', { by: 'clinic', reason: 'Ill' }, undefined);
  const work = () => queue.workOff(scheduling, clock.now());
  /** Frees Tuesday at ten and lets the queue work. */
  const free = async () => {
    const { id } = await book();
    await cancel(id);
    await work();
  };
  const place = (id: string) => scheduling.waitlist.read(receptionist(), id);
  const offerOf = async (id: string) => {
    const { offer } = await place(id);
    if (!offer) throw new Error('Nothing is offered');
    return offer;
  };
  const whoIsAsked = async (...ids: string[]) => {
    const places = await Promise.all(ids.map(place));
    return places.flatMap(({ offer }, i) => (offer ? [i] : []));
  };
  const alter = (table: string, set: string, id: string) =>
    db.admin.query(`UPDATE ${table} SET ${set} WHERE id = $1`, [id]);
  const matches = async (from = '2026-03-03T09:55', to = '2026-03-03T10:40') =>
    (
      await scheduling.offers.matches(receptionist(), {
        practitionerId: desk.nurseId,
        locationId: desk.london.id,
        from,
        to,
      })
    ).items;
  const byHand = (entryId: string, change: object = {}) =>
    scheduling.offers.offer(receptionist(), entryId, {
      practitionerId: desk.nurseId,
      locationId: desk.london.id,
      startsAt: SLOT,
      ...change,
    });

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clock.set(NOW);
    joined = 0;
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    queue = aWaitlistQueue();
    scheduling = schedulingOn(db.database, queue);
  });

  describe('a place on it', () => {
    it('keeps what would suit the patient, and every change with who made it', async () => {
      const { id, version } = await join({ weekdays: [2, 4], timeFrom: '16:00', priority: 'soon' });
      const changed = await scheduling.waitlist.change(receptionist(), id, { timeFrom: '15:00' }, version);
      expect(changed).toMatchObject({
        status: 'waiting',
        weekdays: [2, 4],
        timeFrom: '15:00',
        timeTo: '24:00',
        from: '2026-03-02',
        to: '2026-03-31',
        priority: 'soon',
        version: 2,
        offer: null,
      });
      const { items } = await scheduling.waitlist.history(receptionist(), id);
      expect(items.map(({ verb, staffId }) => [verb, staffId])).toEqual([
        ['change', receptionist().staffId],
        ['join', receptionist().staffId],
      ]);
      await expect(scheduling.waitlist.change(receptionist(), id, {}, 1)).rejects.toThrow();
    });

    it('is one for a patient and a type, until it is left', async () => {
      const patientId = await desk.aPatient();
      const { id } = await join({ patientId });
      await expect(join({ patientId })).rejects.toThrow(AlreadyWaiting);
      const left = await scheduling.waitlist.leave(receptionist(), id, 'Moved away', undefined);
      expect(left.status).toBe('left');
      await expect(scheduling.waitlist.leave(receptionist(), id, 'Again', undefined)).rejects.toThrow(
        WaitlistTransitionRefused,
      );
      await expect(scheduling.waitlist.change(receptionist(), id, {}, undefined)).rejects.toThrow(
        WaitlistTransitionRefused,
      );
      expect((await join({ patientId })).status).toBe('waiting');
    });

    it('is refused to a minor as a booking is: in the UK, for a treatment, on every day wished for', async () => {
      const patientId = await desk.aPatient('2008-03-31');
      const refused = { name: 'patient_under_age', facts: { patientId, visitOn: '2026-03-30' } };
      await expect(join({ patientId, to: '2026-03-30' })).rejects.toMatchObject(refused);
      await expect(book('2026-03-30T10:00', patientId)).rejects.toMatchObject(refused);
      const birthday = await join({ patientId, to: '2026-03-31' });
      const change = { to: '2026-03-30' };
      await expect(
        scheduling.waitlist.change(receptionist(), birthday.id, change, undefined),
      ).rejects.toMatchObject(refused);
      await join({ patientId, to: '2026-03-30', typeId: desk.type.review });
      await db.admin.query(`UPDATE clinic SET market = 'EU' WHERE id = $1`, [clinic.clinicId]);
      await scheduling.waitlist.change(receptionist(), birthday.id, change, undefined);
    });

    it('of a merged record tells which to go on with', async () => {
      const [patientId, survivorId] = [await desk.aPatient(), await desk.aPatient()];
      await alter('patient', `status = 'merged', merged_into_id = '${survivorId}'`, patientId);
      await expect(join({ patientId })).rejects.toMatchObject({
        name: 'patient_not_bookable',
        facts: { standing: 'merged', survivorId },
      });
    });

    it('names only what this clinic has', async () => {
      const other = await aDesk(db, await aClinic(db));
      const wrong: Partial<JoinWaitlist>[] = [
        { patientId: await other.aPatient() },
        { typeId: other.type.treatment },
        { practitionerIds: [other.nurseId] },
        { locationIds: [other.london.id] },
        { replacesId: newId() },
      ];
      for (const one of wrong) await expect(join(one)).rejects.toMatchObject({ spec: { kind: 'not-found' } });
      await expect(join({ areaIds: ['elbow'] })).rejects.toThrow();
      await expect(join({ to: '2026-03-01' })).rejects.toThrow(WaitlistWishInvalid);
      await expect(join({ timeFrom: '12:00', timeTo: '12:00' })).rejects.toThrow(WaitlistWishInvalid);
      await expect(place(newId())).rejects.toThrow(WaitlistEntryNotFound);
      const theirs = await aClinic(db);
      await expect(scheduling.waitlist.read(theirs.actor.receptionist, (await join()).id)).rejects.toThrow(
        WaitlistEntryNotFound,
      );
    });

    it('replaces only an appointment of the same patient that is still ahead', async () => {
      const patientId = await desk.aPatient();
      const { id } = await book('2026-03-20T10:00', patientId);
      await expect(join({ replacesId: id })).rejects.toThrow(ReplacesRefused);
      const { replacesId } = await join({ patientId, replacesId: id });
      expect(replacesId).toBe(id);
      await cancel(id);
      await expect(join({ patientId, typeId: desk.type.review, replacesId: id })).rejects.toThrow(
        ReplacesRefused,
      );
    });

    it('is listed by priority and then by who joined first, page by page', async () => {
      const ids: string[] = [];
      for (const priority of ['routine', 'urgent', 'routine', 'soon'] as const) {
        ids.push((await join({ priority })).id);
        clock.set(new Date(clock.now().getTime() + 1000));
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await scheduling.waitlist.list(receptionist(), {
          status: 'waiting',
          limit: 3,
          ...(after === undefined ? {} : { after }),
        });
        seen.push(...page.items.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual([ids[1], ids[3], ids[0], ids[2]]);
    });

    it('lapses once its last day is over', async () => {
      const { id } = await join({ to: '2026-03-02' });
      await scheduling.waitlistJobs.tidy.work({ clinicId: clinic.clinicId });
      expect((await place(id)).status).toBe('waiting');
      clock.set(new Date('2026-03-03T12:00:00Z'));
      await scheduling.waitlistJobs.tidy.work({ clinicId: clinic.clinicId });
      expect((await place(id)).status).toBe('lapsed');
      expect(await matches()).toEqual([]);
    });
  });

  describe('freed time', () => {
    it('is kept for the one whose turn it is: by priority, then who waited longest', async () => {
      const first = await join();
      clock.set(inMinutes(1));
      const urgent = await join({ priority: 'urgent' });
      const second = await join();
      await free();
      expect(await whoIsAsked(first.id, urgent.id, second.id)).toEqual([1]);
      const offer = await offerOf(urgent.id);
      expect(offer).toMatchObject({
        rank: 1,
        why: 'Priority urgent, waiting since 2026-03-02 09:01',
        startsAt: new Date('2026-03-03T10:00:00Z'),
        expiresAt: inMinutes(31),
      });
      // A slot that is offered is as taken as one that is held.
      await expect(book()).rejects.toThrow(SlotTaken);
      await work();
      expect(await whoIsAsked(first.id, urgent.id, second.id)).toEqual([1]);
    });

    it('goes to the next when declined, and to the next but one when nobody answers', async () => {
      const [a, b, c] = [await join(), await join(), await join()];
      await free();
      expect(await whoIsAsked(a.id, b.id, c.id)).toEqual([0]);
      await scheduling.answers.decline(receptionist(), (await offerOf(a.id)).id, 'Works');
      await work();
      expect(await whoIsAsked(a.id, b.id, c.id)).toEqual([1]);
      clock.set(inMinutes(30));
      // Over the moment its time is up, before any job has run.
      expect(await whoIsAsked(a.id, b.id, c.id)).toEqual([]);
      await work();
      expect(await whoIsAsked(a.id, b.id, c.id)).toEqual([2]);
      const { items } = await scheduling.waitlist.history(receptionist(), b.id);
      expect(items.map(({ verb, staffId }) => [verb, staffId])).toEqual([
        ['expire-offer', null],
        ['offer', null],
        ['join', receptionist().staffId],
      ]);
      // Whoever had it keeps the place for the next time something is freed.
      const { status, offer } = await place(a.id);
      expect([status, offer]).toEqual(['waiting', null]);
    });

    it('is freed by a reschedule, a no-show, a released and an expired hold, and by extra hours', async () => {
      const { id } = await join();
      const decline = async () => {
        await work();
        const offer = await offerOf(id);
        await scheduling.answers.decline(receptionist(), offer.id, null);
        // It may be offered again: what is tried here is what frees, not who has had it.
        await db.admin.query('DELETE FROM waitlist_offer WHERE id = $1', [offer.id]);
        queue.forget();
      };
      const moved = await book();
      await scheduling.booking.reschedule(
        receptionist(),
        moved.id,
        { startsAt: '2026-03-03T15:00' },
        undefined,
      );
      await decline();

      const held = await scheduling.holds.hold(receptionist(), {
        patientId: await desk.aPatient(),
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt: SLOT,
      });
      await work();
      expect((await place(id)).offer).toBeNull();
      clock.set(inMinutes(10));
      await decline();
      expect(held.expiresAt).toEqual(inMinutes(10));

      const released = await scheduling.holds.hold(receptionist(), {
        patientId: await desk.aPatient(),
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt: SLOT,
      });
      await scheduling.holds.release(receptionist(), released.id);
      await decline();

      await db.admin.query(`UPDATE opening_hours SET closes = '22:00' WHERE location_id = $1`, [
        desk.london.id,
      ]);
      await scheduling.exceptions.addExtraHours(receptionist(), desk.nurseId, {
        locationId: desk.london.id,
        startsAt: '2026-03-03T19:00',
        endsAt: '2026-03-03T20:00',
      });
      await work();
      expect((await offerOf(id)).startsAt).toEqual(new Date('2026-03-03T19:15:00Z'));
    });

    it('is freed by an absence that is shortened or dropped, by longer hours, and by a location opened again', async () => {
      const { absence, closed } = {
        absence: { startsOn: '2026-03-03', endsOn: '2026-03-06', reason: 'Training' },
        closed: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
          weekday,
          start: '08:00',
          end: '12:00',
          validFrom: '2020-01-01',
        })),
      };
      const { id } = await join({
        from: '2026-03-03',
        to: '2026-03-06',
        practitionerIds: [desk.nurseId],
        locationIds: [desk.london.id],
        timeFrom: '10:00',
      });
      const admin = clinic.actor.admin;
      const { exceptions, locations, workingHours } = scheduling;
      const offered = async () => {
        await work();
        const { offer } = await place(id);
        if (!offer) return null;
        await scheduling.answers.decline(receptionist(), offer.id, null);
        await db.admin.query('DELETE FROM waitlist_offer WHERE id = $1', [offer.id]);
        queue.forget();
        return offer.startsAt.toISOString().slice(0, 16);
      };

      const away = await exceptions.addAbsence(admin, desk.nurseId, absence);
      expect(await offered()).toBeNull();
      const shorter = { ...absence, startsOn: '2026-03-04' };
      await exceptions.changeAbsence(admin, desk.nurseId, away.id, shorter);
      expect(await offered()).toBe('2026-03-03T10:00');
      await exceptions.dropAbsence(admin, desk.nurseId, away.id);
      expect(await offered()).toBe('2026-03-04T10:00');

      await workingHours.setWeekly(admin, desk.nurseId, desk.london.id, closed);
      expect(await offered()).toBeNull();
      await workingHours.setWeekly(admin, desk.nurseId, desk.london.id, [
        ...closed,
        { weekday: 4, start: '13:00', end: '15:00', validFrom: '2020-01-01' },
      ]);
      expect(await offered()).toBe('2026-03-05T13:15');

      await locations.change(admin, desk.london.id, { active: false });
      expect(await offered()).toBeNull();
      await locations.change(admin, desk.london.id, { active: true });
      expect(await offered()).toBe('2026-03-03T10:00');
    });

    it('is offered once a room, a device, a type or somebody to do it is there again', async () => {
      const { admin } = clinic.actor;
      const { rooms, types, setUpChanges } = scheduling;
      const [first = '', second = ''] = desk.london.roomIds;
      const { id } = await join({
        to: '2026-03-04',
        practitionerIds: [desk.nurseId],
        locationIds: [desk.london.id],
      });
      const offered = async () => {
        await work();
        const { offer } = await place(id);
        if (!offer) return null;
        await scheduling.answers.decline(receptionist(), offer.id, null);
        await db.admin.query('DELETE FROM waitlist_offer WHERE id = $1', [offer.id]);
        queue.forget();
        return offer.roomId;
      };

      await rooms.change(admin, first, { active: false });
      await rooms.change(admin, second, { active: false });
      expect(await offered()).toBeNull();
      await rooms.change(admin, second, { active: true });
      expect(await offered()).toBe(second);
      await rooms.change(admin, second, { name: 'Quiet room' });
      expect(await offered()).toBeNull();

      await types.change(admin, desk.type.treatment, { equipment: ['cooling'] });
      expect(await offered()).toBeNull();
      await rooms.change(admin, second, { equipment: ['cooling'] });
      expect(await offered()).toBe(second);
      await rooms.add(admin, desk.london.id, { name: 'Annex', kind: 'treatment', equipment: ['cooling'] });
      expect(await offered()).not.toBeNull();

      await types.change(admin, desk.type.treatment, { active: false });
      expect(await offered()).toBeNull();
      await types.change(admin, desk.type.treatment, { active: true });
      expect(await offered()).not.toBeNull();

      await alter('staff', 'active = true', desk.nurseId);
      await db.database.write(admin, (tx) => setUpChanges.tellOfAll(tx, { practitionerId: desk.nurseId }));
      expect(await offered()).not.toBeNull();
    });

    it('is told only where somebody waits, in spans of a shift', async () => {
      const day = { startsOn: '2026-03-03', endsOn: '2026-03-06', reason: 'Training' };
      const freed = async () => {
        const { id } = await scheduling.exceptions.addAbsence(clinic.actor.admin, desk.nurseId, day);
        queue.forget();
        await scheduling.exceptions.dropAbsence(clinic.actor.admin, desk.nurseId, id);
        return queue.due(NOW).filter(({ name }) => name === 'waitlist-match').length;
      };
      expect(await freed()).toBe(0);
      await join();
      // Four days at two locations, whose hours overlap for the same person.
      expect(await freed()).toBe(8);
    });

    it('of a no-show is offered while enough of it is left', async () => {
      const { id } = await book('2026-03-02T09:30');
      const { id: entryId } = await join({ typeId: desk.type.review });
      clock.set(new Date('2026-03-02T09:30:00Z'));
      await scheduling.verbs.change(receptionist(), id, 'no-show', {}, undefined);
      await work();
      // Until 09:45, when the visit would begin, less a minute: the buffers of who stayed away end at 10:10.
      expect(await offerOf(entryId)).toMatchObject({
        startsAt: new Date('2026-03-02T09:45:00Z'),
        expiresAt: new Date('2026-03-02T09:44:00Z'),
      });
    });

    it('is split among as many as fit', async () => {
      const typeId = desk.type.review;
      const ids = [
        await join({ typeId }),
        await join({ typeId }),
        await join({ typeId }),
        await join({ typeId }),
      ];
      await free();
      // 09:55 to 10:40 holds two quarters of an hour on the quarter, and what is left of it begins at 10:30: too short.
      expect(await whoIsAsked(...ids.map(({ id }) => id))).toEqual([0, 1]);
    });

    it.each<[string, () => Promise<Partial<JoinWaitlist>>]>([
      ['another practitioner', () => Promise.resolve({ practitionerIds: [desk.doctorId] })],
      ['another location', () => Promise.resolve({ locationIds: [desk.newYork.id] })],
      ['other weekdays', () => Promise.resolve({ weekdays: [1, 3, 4, 5, 6, 7] })],
      ['a later time of day', () => Promise.resolve({ timeFrom: '10:15' })],
      ['an end before the visit is over', () => Promise.resolve({ timeTo: '10:29' })],
      ['later days', () => Promise.resolve({ from: '2026-03-04' })],
      ['earlier days', () => Promise.resolve({ to: '2026-03-02' })],
      [
        'something earlier than what they have',
        async () => {
          const patientId = await desk.aPatient();
          const { id } = await book('2026-03-03T08:15', patientId, desk.doctorId);
          return { patientId, replacesId: id };
        },
      ],
      [
        'a time at which they are elsewhere',
        async () => {
          const patientId = await desk.aPatient();
          await book(SLOT, patientId, desk.doctorId);
          return { patientId };
        },
      ],
    ])('does not go to who wants %s', async (_, wish) => {
      await join(await wish());
      await free();
      expect(await matches()).toEqual([]);
    });

    it('does not go to who needs longer than there is, nor to who comes of age later', async () => {
      await join({ patientId: await desk.aPatient('2008-03-04') });
      expect(await matches('2026-03-03T09:55', '2026-03-03T10:39')).toEqual([]);
      expect(await matches()).toEqual([]);
      const adult = await join();
      expect((await matches()).map(({ entryId }) => entryId)).toEqual([adult.id]);
      expect(await matches('2026-03-03T09:55', '2026-03-03T10:39')).toEqual([]);
    });

    it('minds the repeat-visit window: never before the earliest day, inside the window first', async () => {
      const early = await join({ areaIds: ['glabella'] });
      const outside = await join({ areaIds: ['glabella'] });
      const inside = await join({ areaIds: ['glabella'] });
      const other = await join({ areaIds: ['forehead'] });
      const window = (patientId: string, earliest: string, from: string, to: string) => ({
        patientId,
        areaId: 'glabella',
        earliest: calendarDate(earliest),
        recommendedFrom: calendarDate(from),
        recommendedTo: calendarDate(to),
      });
      const windows = [
        window(early.patientId, '2026-03-04', '2026-03-10', '2026-04-01'),
        window(outside.patientId, '2026-03-03', '2026-03-04', '2026-04-01'),
        window(inside.patientId, '2026-02-01', '2026-03-03', '2026-03-03'),
        window(other.patientId, '2026-03-04', '2026-03-10', '2026-04-01'),
      ];
      scheduling.windows.subscribeForMany((__, ids) =>
        Promise.resolve(windows.filter(({ patientId }) => ids.includes(patientId))),
      );
      const found = await matches();
      expect(found.map(({ entryId }) => entryId)).toEqual([inside.id, other.id, outside.id]);
      expect(found.map(({ why }) => why.split(', ')[1])).toEqual([
        'inside the recommended window',
        'waiting since 2026-03-02 09:00',
        'outside the recommended window',
      ]);
    });

    it('is not offered by itself to who does not want to be contacted; the desk sees them and why', async () => {
      const shy = await join({ priority: 'urgent' });
      await alter('patient', 'do_not_contact = true', shy.patientId);
      const next = await join();
      await free();
      expect(await whoIsAsked(shy.id, next.id)).toEqual([1]);
      const asked = await offerOf(next.id);
      await scheduling.answers.decline(receptionist(), asked.id, null);
      expect((await matches()).map(({ rank, heldBack }) => [rank, heldBack])).toEqual([
        [1, 'do-not-contact'],
        [2, 'had-it-offered'],
      ]);
      await byHand(shy.id);
      expect(await whoIsAsked(shy.id, next.id)).toEqual([0]);
    });

    it('waits for the morning when it is freed in the quiet hours', async () => {
      const { id } = await join();
      clock.set(new Date('2026-03-02T20:00:00Z'));
      await free();
      expect((await place(id)).offer).toBeNull();
      clock.set(new Date('2026-03-03T07:59:00Z'));
      await work();
      expect((await place(id)).offer).toBeNull();
      clock.set(new Date('2026-03-03T08:00:00Z'));
      await work();
      expect((await offerOf(id)).expiresAt).toEqual(new Date('2026-03-03T08:30:00Z'));
    });

    it('is offered only until the notice the clinic wants, and not at all where that leaves no time to think', async () => {
      await alter('clinic', 'booking_notice_minutes = 60', clinic.clinicId);
      const { id } = await join();
      clock.set(new Date('2026-03-03T08:40:00Z'));
      await free();
      expect((await offerOf(id)).expiresAt).toEqual(new Date('2026-03-03T09:00:00Z'));
      await scheduling.answers.decline(receptionist(), (await offerOf(id)).id, null);
      await join();
      clock.set(new Date('2026-03-03T08:56:00Z'));
      await work();
      const { items } = await scheduling.waitlist.list(receptionist(), { status: 'waiting', limit: 10 });
      expect(items.map(({ offer }) => offer)).toEqual([null, null]);
    });
  });

  describe('an answer', () => {
    it('books what was offered, cancels what it replaces, and offers that to the next', async () => {
      const patientId = await desk.aPatient();
      const late = await book('2026-03-20T10:00', patientId);
      const mine = await join({ patientId, replacesId: late.id });
      const other = await join({ from: '2026-03-20' });
      await free();
      const offer = await offerOf(mine.id);
      const accepted = await scheduling.answers.accept(receptionist(), offer.id);
      expect(accepted).toMatchObject({
        entryId: mine.id,
        replacedId: late.id,
        appointment: { status: 'booked', patientId, startsAt: new Date('2026-03-03T10:00:00Z') },
      });
      expect((await scheduling.verbs.read(receptionist(), late.id)).status).toBe('cancelled');
      expect((await place(mine.id)).status).toBe('booked');
      await work();
      expect((await offerOf(other.id)).startsAt).toEqual(new Date('2026-03-20T10:00:00Z'));
      await expect(scheduling.answers.accept(receptionist(), offer.id)).rejects.toThrow(OfferOver);
      await expect(scheduling.answers.decline(receptionist(), offer.id, null)).rejects.toThrow(OfferOver);
    });

    it('leaves what it would replace alone when the patient has come for that already', async () => {
      const patientId = await desk.aPatient();
      const late = await book('2026-03-20T10:00', patientId);
      const { id } = await join({ patientId, replacesId: late.id });
      await free();
      await alter('appointment', `status = 'fulfilled'`, late.id);
      const accepted = await scheduling.answers.accept(receptionist(), (await offerOf(id)).id);
      expect(accepted.replacedId).toBeNull();
      expect((await scheduling.verbs.read(receptionist(), late.id)).status).toBe('fulfilled');
    });

    it('comes too late once the time is up, and is refused where the patient may not come any more', async () => {
      const { id, patientId } = await join();
      await free();
      const offer = await offerOf(id);
      await alter('patient', `status = 'deceased'`, patientId);
      await expect(scheduling.answers.accept(receptionist(), offer.id)).rejects.toMatchObject({
        spec: { code: 'patient_not_bookable' },
      });
      await alter('patient', `status = 'active'`, patientId);
      clock.set(inMinutes(30));
      await expect(scheduling.answers.accept(receptionist(), offer.id)).rejects.toThrow(OfferOver);
    });

    it('goes through the offer, not through the hold under it', async () => {
      const { id } = await join();
      await free();
      const { rows } = await db.admin.query<{ id: string }>(
        'SELECT hold_id AS id FROM waitlist_offer WHERE id = $1',
        [(await offerOf(id)).id],
      );
      const holdId = String(rows[0]?.id);
      await expect(scheduling.holds.confirm(receptionist(), holdId)).rejects.toThrow(HoldIsOffered);
      await expect(scheduling.holds.release(receptionist(), holdId)).rejects.toThrow(HoldIsOffered);
    });

    it('is one, however many are given at the same moment', async () => {
      const { id } = await join();
      await free();
      const offer = await offerOf(id);
      const answers = await Promise.allSettled([
        ...Array.from({ length: 4 }, () => scheduling.answers.accept(receptionist(), offer.id)),
        ...Array.from({ length: 4 }, () => scheduling.answers.decline(receptionist(), offer.id, null)),
        scheduling.waitlist.leave(receptionist(), id, 'Away', undefined),
      ]);
      const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      const over = refused.filter(
        (reason) =>
          reason instanceof OfferOver ||
          reason instanceof HoldOver ||
          reason instanceof WaitlistTransitionRefused,
      );
      expect(over.length).toBe(refused.length);
      const { status, offer: open } = await place(id);
      const { rows } = await db.admin.query<{ status: string; hold: string }>(
        `SELECT o.status, a.status AS hold FROM waitlist_offer o JOIN appointment a ON a.id = o.hold_id WHERE o.id = $1`,
        [offer.id],
      );
      expect(open).toBeNull();
      expect([
        ['booked', 'accepted', 'booked'],
        ['waiting', 'declined', 'released'],
        ['left', 'declined', 'released'],
        ['left', 'withdrawn', 'released'],
      ]).toContainEqual([status, rows[0]?.status, rows[0]?.hold]);
    });

    it('is not waited for when the patient leaves: the time goes to the next', async () => {
      const [a, b] = [await join(), await join()];
      await free();
      await scheduling.waitlist.leave(receptionist(), a.id, 'Moved away', undefined);
      await work();
      expect(await whoIsAsked(a.id, b.id)).toEqual([1]);
    });
  });

  describe('by hand', () => {
    it('takes a reason when others come first, or the patient did not ask for such a time', async () => {
      await join({ priority: 'urgent' });
      const { id } = await join();
      await expect(byHand(id)).rejects.toMatchObject({ facts: { rank: 2, ahead: 1 } });
      await expect(byHand(id, { startsAt: '2026-04-10T10:00' })).rejects.toThrow(OutOfRankNeedsReason);
      const made = await byHand(id, { reason: 'Flies out on Friday' });
      expect(made.offer).toMatchObject({ rank: 2 });
      const { items } = await scheduling.waitlist.history(receptionist(), id);
      expect(items[0]).toMatchObject({
        verb: 'offer',
        staffId: receptionist().staffId,
        reason: 'Flies out on Friday',
      });
    });

    it('keeps one time a patient, none that is taken, and none that begins too soon', async () => {
      const { id } = await join();
      await byHand(id);
      await expect(byHand(id, { startsAt: '2026-03-03T12:00' })).rejects.toThrow(OfferStillOpen);
      const other = await join();
      await expect(byHand(other.id, { reason: 'Kind' })).rejects.toThrow(SlotTaken);
      clock.set(new Date('2026-03-04T09:26:00Z'));
      await expect(byHand(other.id, { startsAt: '2026-03-04T09:30' })).rejects.toThrow(OfferTooLate);
      await expect(byHand(newId())).rejects.toThrow(WaitlistEntryNotFound);
      await expect(byHand(other.id, { locationId: newId() })).rejects.toMatchObject({
        spec: { code: 'location_not_found' },
      });
    });

    it('follows an offer whose end nobody has noted yet', async () => {
      const { id } = await join();
      await byHand(id);
      clock.set(inMinutes(30));
      expect((await byHand(id, { reason: 'Asked again' })).offer).not.toBeNull();
      const { items } = await scheduling.waitlist.history(receptionist(), id);
      expect(items.map(({ verb }) => verb)).toEqual(['offer', 'expire-offer', 'offer', 'join']);
    });
  });

  it('offers freed time once, and to the first in line, when many look for the next at the same moment', async () => {
    const ids = [await join(), await join(), await join()].map(({ id }) => id);
    const { id } = await book();
    await cancel(id);
    const job = queue.due(clock.now()).find(({ name }) => name === 'waitlist-match');
    if (!job) throw new Error('Nobody looks for the next');
    await Promise.all(Array.from({ length: 6 }, () => scheduling.waitlistJobs.match.work(job.data)));
    expect(await whoIsAsked(...ids)).toEqual([0]);
    await expect(scheduling.verbs.read(receptionist(), newId())).rejects.toThrow(AppointmentNotFound);
  });
});
