import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import type { RegisterService } from '#patients';
import { patientsOn } from '#patients/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { WaitlistOfferMessage } from '../src/index.js';
import { aDesk, aWaitlistQueue, schedulingOn } from '../src/testing/index.js';
import { WaitlistOffersRepository } from '../src/waitlist/waitlist-offers.repository.js';

class Outbox extends MessageGateway {
  readonly sent: Message[] = [];

  send(message: Message): Promise<void> {
    this.sent.push(message);
    return Promise.resolve();
  }
}

// Three in the afternoon in New York, before and after its quiet hours begin.
const AFTERNOON = new Date('2026-07-01T19:00:00Z');
const NIGHT = new Date('2026-07-02T02:00:00Z');

describe('the message of an offer', () => {
  const clock = new FixedClock(AFTERNOON);
  let db: TestDatabase;
  let clinic: TestClinic;
  let register: RegisterService;
  let outbox: Outbox;
  let queue: ReturnType<typeof aWaitlistQueue>;
  let patientId: string;
  let offer: () => Promise<string>;

  const told = (offerId: string) =>
    new WaitlistOfferMessage(db.database, new WaitlistOffersRepository(), register, outbox).work({
      clinicId: clinic.clinicId,
      offerId,
    });

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    ({ register } = patientsOn(db.database));
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clock.set(AFTERNOON);
    clinic = await aClinic(db);
    const desk = await aDesk(db, clinic);
    queue = aWaitlistQueue();
    outbox = new Outbox();
    const { waitlist, offers } = schedulingOn(db.database, queue);
    patientId = await desk.aPatient();
    await db.admin.query(
      `UPDATE patient SET email = 'zoe@example.com', contact_channels = '{email}' WHERE id = $1`,
      [patientId],
    );
    const { id } = await waitlist.join(clinic.actor.receptionist, {
      patientId,
      typeId: desk.type.treatment,
      to: '2026-07-31',
    });
    offer = async () => {
      const made = await offers.offer(clinic.actor.receptionist, id, {
        practitionerId: desk.doctorId,
        locationId: desk.newYork.id,
        startsAt: '2026-07-03T14:00',
      });
      return String(made.offer?.id);
    };
  });

  it('says when, where and until when by the clock of the location, and nothing of what for', async () => {
    await told(await offer());
    expect(outbox.sent).toHaveLength(1);
    const [{ to, text } = { to: '', text: '' }] = outbox.sent;
    expect(to).toBe('zoe@example.com');
    expect(text).toMatch(/Friday,? 3 July 2026 at 14:00 \(local time\) at New York/);
    expect(text).toMatch(/until Wednesday,? 1 July 2026 at 15:30/);
    expect(text).not.toMatch(/treatment|botulinum/i);
  });

  it.each(['do_not_contact = true', `contact_channels = '{}'`, `status = 'deceased'`, 'email = NULL'])(
    'is not sent where %s',
    async (columns) => {
      const id = await offer();
      await db.admin.query(`UPDATE patient SET ${columns} WHERE id = $1`, [patientId]);
      await told(id);
      expect(outbox.sent).toEqual([]);
    },
  );

  it('is not sent once the time is up', async () => {
    const id = await offer();
    clock.set(new Date(AFTERNOON.getTime() + 30 * 60_000));
    await told(id);
    expect(outbox.sent).toEqual([]);
  });

  it('waits for the end of the quiet hours, also where the desk makes the offer by hand', async () => {
    const isMessage = ({ name }: { name: string }) => name === 'waitlist-offer-message';
    clock.set(NIGHT);
    await offer();
    expect(queue.due(NIGHT).filter(isMessage)).toEqual([]);
    expect(queue.due(new Date('2026-07-02T12:00:00Z')).filter(isMessage)).toHaveLength(1);
  });
});
