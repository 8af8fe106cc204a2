import { newId } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';

import { TestApi } from './harness/test-api.js';

interface Slot {
  readonly startsAt: string;
  readonly localTime: string;
}

interface Change {
  /** The day at the location, and the wall clock at which the clocks are put forward or back. */
  readonly day: string;
  /** First wall-clock time that is skipped, or that happens twice. */
  readonly wall: string;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;

/** The next time the clocks of a zone go forward, or back. */
function nextChange(zone: string, direction: 'forward' | 'back'): Change {
  let at = Temporal.Now.zonedDateTimeISO(zone);
  for (;;) {
    const change = at.getTimeZoneTransition('next');
    if (!change) throw new Error(`${zone} never changes its clocks`);
    const before = change.subtract({ nanoseconds: 1 });
    const minutes = (change.offsetNanoseconds - before.offsetNanoseconds) / 6e10;
    if (minutes > 0 === (direction === 'forward')) {
      const wall =
        direction === 'forward' ? change.toPlainTime().subtract({ minutes }) : change.toPlainTime();
      return {
        day: change.toPlainDate().toString(),
        wall: wall.toString({ smallestUnit: 'minute' }),
        minutes: Math.abs(minutes),
      };
    }
    at = change;
  }
}

describe('when the clocks change', () => {
  let api: TestApi;
  let desk: TestDesk;
  const locations = new Map<string, string>();

  /** Open and staffed from midnight to 06:00, the hours in which clocks change. */
  const aNightClinic = async (zone: string): Promise<string> => {
    const [id, clinicId] = [newId(), api.clinic.clinicId];
    const { admin } = api.db;
    await admin.query('INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, $3)', [
      clinicId,
      id,
      zone,
    ]);
    await admin.query(
      `INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from)
       SELECT $1, gen_random_uuid(), $2, weekday, '00:00', '06:00', '2020-01-01' FROM generate_series(1, 7) AS weekday`,
      [clinicId, id],
    );
    await admin.query(
      `INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
       SELECT $1, gen_random_uuid(), $2, $3, weekday, '00:00', '06:00', '2020-01-01' FROM generate_series(1, 7) AS weekday`,
      [clinicId, staffAt(zone), id],
    );
    return id;
  };
  /** Somebody else where clocks never change: half past five there is one in the morning in London. */
  const staffAt = (zone: string): string => (zone === 'Asia/Kolkata' ? desk.doctorId : desk.nurseId);
  const at = (zone: string): string => locations.get(zone) ?? '';
  const slotsOn = async (zone: string, day: string): Promise<Slot[]> => {
    const answer = await api.send<{ slots: Slot[] }>(
      'receptionist',
      'GET',
      `/v1/availability?typeId=${desk.type.review}&locationId=${at(zone)}&practitionerId=${staffAt(zone)}` +
        `&from=${day}&to=${day}&stepMinutes=15`,
    );
    expect(answer.status).toBe(200);
    return answer.body.slots;
  };
  const book = async (zone: string, startsAt: string) =>
    api.send('receptionist', 'POST', '/v1/appointments', {
      body: {
        patientId: await desk.aPatient(),
        typeId: desk.type.review,
        locationId: at(zone),
        practitionerId: staffAt(zone),
        startsAt,
      },
    });
  /** Books each slot and checks that the day sheet and the calendar feed tell the same as the slots did. */
  const bookAndCompare = async (zone: string, day: string, slots: readonly Slot[]): Promise<void> => {
    for (const slot of slots) {
      expect(await book(zone, slot.startsAt)).toMatchObject({
        status: 201,
        body: { startsAt: slot.startsAt, localTime: slot.localTime },
      });
    }
    const sheet = await api.send<{ items: { startsAt: string; time: string; on: string }[] }>(
      'receptionist',
      'GET',
      `/v1/day-sheet?locationId=${at(zone)}&on=${day}`,
    );
    expect(
      sheet.body.items.map(({ startsAt, on, time }) => ({ startsAt, localTime: `${on}T${time}` })),
    ).toEqual(slots.map(({ startsAt, localTime }) => ({ startsAt, localTime })));
    const made = await api.send('receptionist', 'POST', '/v1/calendar-feeds', {
      body: { locationId: at(zone) },
    });
    const { body } = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({ method: 'GET', url: String(made.body['path']) });
    const told = new ICAL.Component(ICAL.parse(body) as unknown[])
      .getAllSubcomponents('vevent')
      .map((part) => new ICAL.Event(part).startDate.toJSDate().toISOString());
    expect(told).toEqual(expect.arrayContaining(slots.map(({ startsAt }) => startsAt)));
  };

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    for (const zone of ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'])
      locations.set(zone, await aNightClinic(zone));
  });
  afterAll(() => api.stop());

  it.each(['Europe/London', 'America/New_York', 'Australia/Lord_Howe'])(
    'offers and takes nothing in the skipped hour of %s',
    async (zone) => {
      const { day, wall, minutes } = nextChange(zone, 'forward');
      const slots = await slotsOn(zone, day);
      // Six hours less what is skipped, in quarters.
      expect(slots).toHaveLength((360 - minutes) / 15);
      const skipped = Temporal.PlainTime.from(wall);
      const resumes = skipped.add({ minutes }).toString({ smallestUnit: 'minute' });
      const times = slots.map(({ localTime }) => localTime.slice(11));
      expect(times.filter((time) => time >= wall && time < resumes)).toEqual([]);
      const last = times.findLastIndex((time) => time < wall);
      expect(times[last + 1]).toBe(resumes);
      const [before, after] = [slots[last], slots[last + 1]];
      expect(Date.parse(after?.startsAt ?? '') - Date.parse(before?.startsAt ?? '')).toBe(15 * MINUTE_MS);
      expect(await book(zone, `${day}T${wall}`)).toMatchObject({
        status: 400,
        body: { code: 'local_time_does_not_exist', localTime: `${day}T${wall}`, zone },
      });
      await bookAndCompare(zone, day, slots.slice(last, last + 2));
    },
  );

  it.each(['Europe/London', 'America/New_York', 'Australia/Lord_Howe'])(
    'offers the repeated hour of %s twice, and asks which one is meant',
    async (zone) => {
      const { day, wall, minutes } = nextChange(zone, 'back');
      const slots = await slotsOn(zone, day);
      expect(slots).toHaveLength((360 + minutes) / 15);
      const twice = slots.filter(({ localTime }) => localTime === `${day}T${wall}`);
      expect(twice).toHaveLength(2);
      const [first, second] = twice;
      expect(Date.parse(second?.startsAt ?? '') - Date.parse(first?.startsAt ?? '')).toBe(
        minutes * MINUTE_MS,
      );
      expect(await book(zone, `${day}T${wall}`)).toMatchObject({
        status: 400,
        body: { code: 'local_time_ambiguous' },
      });
      await bookAndCompare(zone, day, twice);
    },
  );

  it('has no such days where clocks never change', async () => {
    for (const direction of ['forward', 'back'] as const) {
      const { day, wall } = nextChange('Europe/London', direction);
      const slots = await slotsOn('Asia/Kolkata', day);
      expect(slots).toHaveLength(24);
      expect(new Set(slots.map(({ localTime }) => localTime)).size).toBe(24);
      const slot = slots.find(({ localTime }) => localTime === `${day}T${wall}`);
      expect(slot).toBeDefined();
      await bookAndCompare('Asia/Kolkata', day, slot ? [slot] : []);
    }
  });
});
