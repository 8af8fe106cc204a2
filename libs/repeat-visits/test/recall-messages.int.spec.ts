import { StaleVersion } from '#http';
import { aClinic } from '#identity/testing';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { NightlyRecallMessages, SendRecallMessage } from '../src/index.js';
import { CardsService } from '../src/recall/cards.service.js';
import { ContactsService } from '../src/recall/contacts.service.js';
import type { AskedBatchView, MessageView, SendMessages } from '../src/recall/messages/http/messages.dto.js';
import { MessageAskingService } from '../src/recall/messages/message-asking.service.js';
import { MessageBatchesService } from '../src/recall/messages/message-batches.service.js';
import { MessageTemplatesService } from '../src/recall/messages/message-templates.service.js';
import { PatientMessagesService } from '../src/recall/messages/patient-messages.service.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const DUE = '2026-02-10'; // ona in the UK: recommended from 10 May, target 2 June, to 30 June
const NOON = '2026-06-01T11:00:00Z';
const NIGHT = '2026-06-01T21:00:00Z';
const MORNING = '2026-06-02T07:00:00Z'; // eight in London

describe('recall messages', () => {
  let work: ClinicAtWork;
  let patientId: string;
  const at = (instant: string): void => work.clock.set(new Date(instant));
  const desk = () => work.clinic.actor.receptionist;
  const sql = (text: string, values: unknown[] = []) => work.db.admin.query(text, values);
  const ask = (wanted: Partial<SendMessages> = {}, actor = desk()): Promise<AskedBatchView> =>
    work.module.get(MessageAskingService).ask(actor, {
      limit: 50,
      offerVisit: true,
      ...('filter' in wanted ? {} : { patientIds: [patientId] }),
      ...wanted,
    });
  const last = async (id = patientId): Promise<MessageView | undefined> =>
    (await work.module.get(PatientMessagesService).list(desk(), id, { limit: 1 })).items[0];
  const sentTo = (id: string) => work.outbox.sent.filter(({ to }) => to === `${id}@example.com`);
  const aDuePatient = async (change: Record<string, unknown> = {}): Promise<string> => {
    const id = await work.desk.aPatient();
    await sql(
      `UPDATE patient SET email = id || '@example.com', contact_channels = '{phone,email}', language = $2 WHERE id = $1`,
      [id, change['language'] ?? null],
    );
    await work.sign({ patientId: id, treatedOn: DUE });
    return id;
  };
  const contactsOf = async (id: string) =>
    (await work.module.get(ContactsService).list(desk(), id, { limit: 10 })).items;
  const recordLater = (until: string) =>
    work.module
      .get(ContactsService)
      .record(desk(), patientId, { initiatedBy: 'patient', channel: 'phone', outcome: 'later', until });

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
  });
  beforeEach(async () => {
    at(NOON);
    patientId = await aDuePatient();
    at(NOON);
    work.outbox.broken = false;
    work.outbox.isSetUp = true;
  });
  afterAll(() => work.close());

  it('go out once, in the clinic’s words, and stand in the contact log, on the card and in the audit', async () => {
    const batch = await ask();
    expect(batch).toMatchObject({ cause: 'asked', counts: { waiting: 1 }, next: null });
    expect(batch.items).toMatchObject([{ patientId, status: 'waiting', areas: ['glabella'], reason: null }]);
    const queued = await work.module.get(RecallListService).due(desk(), { limit: 100 });
    expect(queued.items.find((item) => item.patientId === patientId)?.queuedMessage).toMatchObject({
      messageId: batch.items[0]?.id,
    });
    const job = { clinicId: work.clinic.clinicId, messageId: batch.items[0]?.id ?? '' };
    await work.sendMessages();
    await work.module.get(SendRecallMessage).work(job);
    const [mail, ...more] = sentTo(patientId);
    expect(more).toEqual([]);
    expect(mail?.text).toMatch(
      /^Dear Zoë,\n\nNow is a good time for your next visit, best by 30 June 2026\.\n\nWe suggest Tuesday,? 2 June 2026/,
    );
    expect(mail?.text).not.toMatch(/botul|toxin|ona|glabella|treat/i);
    const [contact, ...earlier] = await contactsOf(patientId);
    expect(earlier).toEqual([]);
    expect(contact).toMatchObject({
      channel: 'email',
      outcome: 'messaged',
      initiatedBy: 'clinic',
      areas: ['glabella'],
      staffId: desk().staffId,
      onDay: '2026-06-01',
    });
    expect(await last()).toMatchObject({
      status: 'sent',
      contactId: contact?.id,
      language: 'en',
      templateVersion: 0,
    });
    const { rows } = await sql(
      `SELECT action, detail FROM audit_event WHERE patient_id = $1 AND entity = 'recall-message' AND action <> 'recall-message.list' ORDER BY id`,
      [patientId],
    );
    expect(rows).toMatchObject([
      { action: 'recall-message.ask' },
      { action: 'recall-message.send', detail: { contactId: contact?.id } },
    ]);
    // The gap holds for messages and calls alike.
    expect((await ask()).items).toMatchObject([{ status: 'withheld', reason: 'too-soon' }]);
    await expect(work.module.get(CardsService).claim(desk(), patientId)).rejects.toMatchObject({
      facts: { lastContactOn: '2026-06-01' },
    });
  });

  it('wait for the end of the quiet hours, and are judged anew then', async () => {
    at(NIGHT);
    const { items } = await ask();
    expect(items).toMatchObject([{ status: 'waiting', sendAfter: new Date(MORNING) }]);
    await work.sendMessages();
    expect(sentTo(patientId)).toEqual([]);
    // A worker that is early finds it quiet, and the message waits on.
    const early = { clinicId: work.clinic.clinicId, messageId: items[0]?.id ?? '' };
    await work.module.get(SendRecallMessage).work(early);
    expect(await last()).toMatchObject({ status: 'waiting', sendAfter: new Date(MORNING) });
    at(MORNING);
    await work.sendMessages();
    expect(sentTo(patientId)).toHaveLength(1);
  });

  it('keep the quiet hours of where a patient was treated, though the place closed since', async () => {
    const { newYork } = work.desk;
    patientId = await work.desk.aPatient();
    await sql(`UPDATE patient SET email = 'n@example.com', contact_channels = '{email}' WHERE id = $1`, [
      patientId,
    ]);
    await work.sign({ patientId, treatedOn: DUE, locationId: newYork.id });
    await sql('UPDATE location SET active = false WHERE id = $1', [newYork.id]);
    at('2026-06-01T11:00:00Z'); // seven in New York
    const { items } = await ask();
    await sql('UPDATE location SET active = true WHERE id = $1', [newYork.id]);
    expect(items).toMatchObject([{ status: 'waiting', sendAfter: new Date('2026-06-01T12:00:00Z') }]);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['was booked', 'booked', () => work.book(patientId, '2026-06-10', ['glabella'])],
    ['was booked for another area', 'booked', () => work.book(patientId, '2026-06-11', ['forehead'])],
    ['said later', 'snoozed', () => recordLater('2026-06-20')],
    [
      'died',
      'deceased',
      () =>
        sql(`UPDATE patient SET status = 'deceased', status_on = '2026-06-01' WHERE id = $1`, [patientId]),
    ],
    [
      'was merged into another record',
      'merged',
      async () =>
        sql(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
          patientId,
          await work.desk.aPatient(),
        ]),
    ],
    [
      'wants no contact',
      'do-not-contact',
      () => sql('UPDATE patient SET do_not_contact = true WHERE id = $1', [patientId]),
    ],
    [
      'took e-mail back',
      'not-agreed',
      () => sql(`UPDATE patient SET contact_channels = '{phone}' WHERE id = $1`, [patientId]),
    ],
    [
      'has no address any more',
      'no-address',
      () => sql('UPDATE patient SET email = NULL WHERE id = $1', [patientId]),
    ],
    ['was treated', 'not-due', () => work.sign({ patientId, treatedOn: '2026-06-01' })],
    [
      'was called',
      'too-soon',
      () =>
        work.module
          .get(ContactsService)
          .record(desk(), patientId, { initiatedBy: 'clinic', channel: 'phone', outcome: 'no-answer' }),
    ],
  ])('do not go to whoever %s meanwhile, and say why', async (_, reason, happens) => {
    await ask();
    at('2026-06-01T11:30:00Z');
    const before = (await contactsOf(patientId)).length;
    await happens();
    await work.sendMessages();
    expect(sentTo(patientId)).toEqual([]);
    expect(await last()).toMatchObject({ status: 'withheld', reason, contactId: null });
    const logged = (await contactsOf(patientId)).filter(({ outcome }) => outcome === 'messaged');
    expect([before, logged]).toEqual([0, []]);
  });

  it('wait while a colleague is on the telephone with the patient, but not for whoever asked', async () => {
    const cards = work.module.get(CardsService);
    await cards.claim(desk(), patientId);
    expect((await ask({}, work.clinic.actor.admin)).items).toMatchObject([
      { status: 'waiting', sendAfter: new Date('2026-06-01T11:10:00Z') },
    ]);
    const other = await aDuePatient();
    at(NOON);
    await cards.claim(desk(), other);
    const { items } = await ask({ patientIds: [other] });
    expect(items).toMatchObject([{ status: 'waiting', sendAfter: new Date(NOON) }]);
  });

  it('are one, whoever asks at the same moment and however many workers send', async () => {
    const batches = await Promise.all([ask(), ask(), ask({}, work.clinic.actor.admin)]);
    const items = batches.flatMap((batch) => batch.items);
    expect(items.filter(({ status }) => status === 'waiting')).toHaveLength(1);
    expect(items.filter(({ reason }) => reason === 'already-waiting')).toHaveLength(2);
    const waiting = items.find(({ status }) => status === 'waiting');
    const job = { clinicId: work.clinic.clinicId, messageId: waiting?.id ?? '' };
    await Promise.all([1, 2, 3].map(() => work.module.get(SendRecallMessage).work(job)));
    await work.sendMessages();
    expect(sentTo(patientId)).toHaveLength(1);
    expect(await contactsOf(patientId)).toHaveLength(1);
  });

  it('are tried again while the server does not take them, and fail in the end without a trace in the log', async () => {
    await ask();
    work.outbox.broken = true;
    let [job] = await work.sendMessages();
    expect(await last()).toMatchObject({ status: 'waiting' });
    for (let tries = 1; job !== undefined; tries += 1) {
      expect(tries).toBeLessThan(6);
      const again = job;
      job = await work.module
        .get(SendRecallMessage)
        .work(again)
        .then(
          () => undefined,
          () => again,
        );
    }
    expect(await last()).toMatchObject({ status: 'failed', reason: 'refused' });
    expect(await contactsOf(patientId)).toEqual([]);
    work.outbox.broken = false;
    expect((await ask()).items).toMatchObject([{ status: 'waiting' }]);
  });

  it('say that nothing leaves the house where no mail server is set up', async () => {
    await ask();
    work.outbox.isSetUp = false;
    await work.sendMessages();
    expect(await last()).toMatchObject({ status: 'failed', reason: 'no-mail-server' });
    expect(await contactsOf(patientId)).toEqual([]);
  });

  it('are not sent twice when a worker died while handing one over: it counts as sent', async () => {
    const { items } = await ask();
    const id = items[0]?.id ?? '';
    await sql(`UPDATE recall_message SET status = 'sending', tries = 1 WHERE id = $1`, [id]);
    await work.sendMessages();
    expect(sentTo(patientId)).toEqual([]);
    expect(await last()).toMatchObject({ status: 'unconfirmed' });
    expect(await contactsOf(patientId)).toMatchObject([{ outcome: 'messaged' }]);
    await expect(sql(`UPDATE recall_message SET status = 'waiting' WHERE id = $1`, [id])).rejects.toThrow();
  });

  it('do not stay half sent when the mail server is taken away meanwhile', async () => {
    const { items } = await ask();
    await sql(`UPDATE recall_message SET status = 'sending', tries = 1 WHERE id = $1`, [items[0]?.id]);
    work.outbox.isSetUp = false;
    await work.sendMessages();
    expect(await last()).toMatchObject({ status: 'unconfirmed' });
    expect(await contactsOf(patientId)).toMatchObject([{ outcome: 'messaged' }]);
  });

  it('go to the first of the filtered list, bounded, and on from there', async () => {
    const others = [await aDuePatient(), await aDuePatient()];
    for (const id of [patientId, ...others])
      await sql(
        `INSERT INTO recall_card (clinic_id, patient_id, assigned_to, assigned_at) VALUES ($1, $2, $3, now())
           ON CONFLICT (clinic_id, patient_id) DO UPDATE SET assigned_to = $3, assigned_at = now()`,
        [work.clinic.clinicId, id, work.clinic.actor.admin.staffId],
      );
    at(NOON);
    const filter = { assignedTo: work.clinic.actor.admin.staffId };
    const first = await ask({ filter, limit: 2 });
    expect(first.items).toHaveLength(2);
    const rest = await ask({ filter, limit: 2, after: first.next ?? '' });
    expect(rest.next).toBeNull();
    expect([...first.items, ...rest.items].map((item) => item.patientId).toSorted()).toEqual(
      [patientId, ...others].toSorted(),
    );
    const { items } = await work.module
      .get(MessageBatchesService)
      .messagesOf(desk(), first.id, { limit: 1, status: 'waiting' });
    expect(items).toHaveLength(1);
    await expect(ask({ filter: { area: 'nose' } })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/filter/area', in: 'body' }] },
    });
    expect(() => ask({ filter, patientIds: [patientId] })).toThrow();
  });

  it('are stopped while they wait', async () => {
    at(NIGHT);
    const { id } = await ask();
    const stopped = await work.module.get(MessageBatchesService).stop(desk(), id);
    expect(stopped).toMatchObject({ counts: { waiting: 0, withheld: 1 }, stoppedBy: desk().staffId });
    at(MORNING);
    await work.sendMessages();
    expect(await last()).toMatchObject({ status: 'withheld', reason: 'stopped' });
    expect(sentTo(patientId)).toEqual([]);
  });

  it('are in the patient’s language and the clinic’s own words of it, and name no medicine', async () => {
    const german = await aDuePatient({ language: 'de-AT' });
    at(NOON);
    const templates = work.module.get(MessageTemplatesService);
    const words = { subject: 'Gruß', text: 'Liebe {{name}}: {{summary}} {{stop}}' };
    expect(await templates.write(work.clinic.actor.admin, 'de', words, 0)).toMatchObject({ version: 1 });
    await expect(templates.write(work.clinic.actor.admin, 'de', words, 0)).rejects.toThrow(StaleVersion);
    const preview = await work.module.get(PatientMessagesService).preview(desk(), german, {});
    expect(preview).toMatchObject({
      now: 'send',
      subject: 'Gruß',
      to: `${german}@example.com`,
      text: expect.stringContaining(
        'Liebe Zoë: Jetzt ist eine gute Zeit für Ihren nächsten Besuch, am besten bis zum 30. Juni 2026.',
      ),
    });
    await ask({ patientIds: [german, patientId] });
    await work.sendMessages();
    expect(sentTo(german)[0]?.text).toBe(preview.text);
    expect(await last(german)).toMatchObject({ language: 'de', templateVersion: 1 });
    expect(sentTo(patientId)[0]?.subject).toMatch(/^Your next visit/);
    // A clinic whose own name is a medicine's sends nothing.
    const other = await aDuePatient();
    at(NOON);
    await ask({ patientIds: [other] });
    await sql(`UPDATE clinic SET name = 'The Botox Bar' WHERE id = $1`, [work.clinic.clinicId]);
    await work.sendMessages();
    await sql(`UPDATE clinic SET name = 'Harley Street' WHERE id = $1`, [work.clinic.clinicId]);
    expect(await last(other)).toMatchObject({ status: 'withheld', reason: 'unfit-words' });
  });

  it('know nobody of another clinic', async () => {
    const foreign = await aClinic(work.db);
    await expect(ask({}, foreign.actor.receptionist)).rejects.toThrow(PatientNotFound);
    expect(
      (await work.module.get(MessageBatchesService).list(foreign.actor.receptionist, { limit: 5 })).items,
    ).toEqual([]);
  });

  it('by night go to whoever became due since the clinic wants it, once, and to nobody the desk reached', async () => {
    await sql('UPDATE patient SET do_not_contact = true WHERE id <> $1', [patientId]);
    const nightly = () => work.module.get(NightlyRecallMessages).work({ clinicId: work.clinic.clinicId });
    const waiting = async () =>
      (
        await sql(`SELECT patient_id FROM recall_message WHERE status = 'waiting' AND batch_id IN
                   (SELECT id FROM recall_batch WHERE cause = 'nightly')`)
      ).rows.map(({ patient_id: id }) => String(id));
    const reached = await aDuePatient();
    at(NOON);
    await work.module
      .get(ContactsService)
      .record(desk(), reached, { initiatedBy: 'clinic', channel: 'phone', outcome: 'no-answer' });
    at('2026-06-10T02:15:00Z');
    await nightly();
    expect(await waiting()).toEqual([]); // off
    const from = (day: string) =>
      sql('UPDATE clinic SET automatic_recall_from = $2 WHERE id = $1', [work.clinic.clinicId, day]);
    await from('2026-05-11');
    await nightly();
    expect(await waiting()).toEqual([]); // they became due the day before
    await from('2026-05-10');
    await Promise.all([nightly(), nightly()]);
    await nightly();
    expect(await waiting()).toEqual([patientId]);
    at('2026-06-10T07:00:00Z');
    await work.sendMessages();
    expect(sentTo(patientId)).toHaveLength(1);
    expect(await contactsOf(patientId)).toMatchObject([
      { outcome: 'messaged', staffId: null, staffName: null },
    ]);
    at('2026-06-20T02:15:00Z');
    await nightly();
    expect(await waiting()).toEqual([]);
    await from('2026-05-10');
    await sql('UPDATE clinic SET automatic_recall_from = NULL WHERE id = $1', [work.clinic.clinicId]);
  });

  it('by night come to a patient whom a reason kept from it, when the reason ends', async () => {
    await sql('UPDATE patient SET do_not_contact = true WHERE id <> $1', [patientId]);
    await sql(`UPDATE clinic SET automatic_recall_from = '2026-05-01' WHERE id = $1`, [work.clinic.clinicId]);
    const nightly = () => work.module.get(NightlyRecallMessages).work({ clinicId: work.clinic.clinicId });
    await recordLater('2026-06-20');
    for (const day of ['12', '19', '20', '21']) {
      at(`2026-06-${day}T02:15:00Z`);
      await nightly();
      at(`2026-06-${day}T07:30:00Z`);
      await work.sendMessages();
      expect(sentTo(patientId)).toHaveLength(day < '20' ? 0 : 1);
    }
  });
});
