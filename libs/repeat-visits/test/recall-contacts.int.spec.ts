import { StaleVersion } from '#http';
import { aClinic } from '#identity/testing';
import { PatientNotFound } from '#patients';
import { StaffNotFound } from '#identity';
import { AppointmentNotFound } from '#scheduling';
import { newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  ContactBookingMissing,
  ContactInQuietHours,
  ContactSuppressed,
  ContactTooSoon,
  ContactUntilRefused,
  NothingDue,
  RecallClaimed,
} from '../src/index.js';
import { CardsService } from '../src/recall/cards.service.js';
import { ContactsService } from '../src/recall/contacts.service.js';
import type { RecordContact } from '../src/recall/http/contacts.dto.js';
import type { DuePatientView, FindDue } from '../src/recall/http/recall-list.dto.js';
import { RecallExportService } from '../src/recall/recall-export.service.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const DUE = '2026-02-10'; // ona in the UK: recommended from 10 May, target 2 June, to 30 June

describe('working through the recall list', () => {
  let work: ClinicAtWork;
  let patientId: string;
  const at = (instant: string): void => work.clock.set(new Date(instant));
  const desk = () => work.clinic.actor.receptionist;
  const colleague = () => work.clinic.actor.practitioner;
  const cards = () => work.module.get(CardsService);
  const contacts = () => work.module.get(ContactsService);
  const record = (contact: Partial<RecordContact>, actor = desk()) =>
    contacts().record(actor, patientId, {
      initiatedBy: 'clinic',
      channel: 'phone',
      outcome: 'no-answer',
      ...contact,
    });
  const list = (query: Partial<FindDue> = {}) =>
    work.module.get(RecallListService).due(desk(), { limit: 100, includeSuppressed: 'true', ...query });
  const listed = async (query: Partial<FindDue> = {}): Promise<DuePatientView | undefined> =>
    (await list(query)).items.find((item) => item.patientId === patientId);

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
  });
  beforeEach(async () => {
    at('2026-06-01T10:00:00Z');
    patientId = await work.desk.aPatient();
    await work.sign({ patientId, treatedOn: DUE });
    at('2026-06-01T10:00:00Z');
  });
  afterAll(() => work.close());

  it('offers the visit proposed and the first three free times inside it', async () => {
    const other = await work.desk.aPatient();
    await work.sign({ patientId: other, treatedOn: DUE });
    // What this patient has already is not offered: a visit at the very first free time.
    const before = await listed({ typeId: work.desk.type.treatment });
    expect(before?.visit).toMatchObject({ date: '2026-06-02', from: '2026-06-01', to: '2026-06-30' });
    expect(before?.slots).toHaveLength(3);
    const [first] = before?.slots ?? [];
    const startsAt = first?.startsAt ?? new Date(0);
    await work.db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7::timestamptz + interval '15 min', $7, $7::timestamptz + interval '15 min', $4)`,
      [
        work.clinic.clinicId,
        newId(),
        patientId,
        work.desk.doctorId,
        work.desk.newYork.id,
        work.desk.type.review,
        startsAt,
      ],
    );
    const page = await list({ typeId: work.desk.type.treatment });
    const slotsOf = (id: string) => page.items.find((item) => item.patientId === id)?.slots ?? [];
    const times = (id: string) => slotsOf(id).map(({ localTime }) => localTime);
    expect(times(patientId)).not.toContain(first?.localTime);
    // The doctor, who always treated the other patient, is taken then: the doctor's next time comes before a nurse's first.
    expect(slotsOf(other)).toHaveLength(3);
    for (const slot of slotsOf(other))
      expect(slot).toMatchObject({
        practitionerId: work.desk.doctorId,
        usual: true,
        locationId: work.desk.london.id,
        why: `usually with ${slot.practitionerName}`,
      });
    expect(first).toMatchObject({ practitionerId: work.desk.doctorId, usual: true });
    expect((await listed())?.slots).toBeNull();
  });

  it('lets one of two colleagues call, for some minutes', async () => {
    const results = await Promise.allSettled([
      cards().claim(desk(), patientId),
      cards().claim(colleague(), patientId),
      cards().claim(work.clinic.actor.admin, patientId),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RecallClaimed);
    const { claimedBy, claimedUntil } = (await listed())?.card ?? {};
    expect(claimedUntil).toEqual(new Date('2026-06-01T10:10:00.000Z'));
    const [holder, other] = claimedBy === desk().staffId ? [desk(), colleague()] : [colleague(), desk()];
    if (claimedBy === work.clinic.actor.admin.staffId) return;
    await expect(record({}, other)).rejects.toMatchObject({ facts: { by: holder.staffId } });
    await cards().release(holder, patientId);
    await expect(cards().claim(other, patientId)).resolves.toMatchObject({ claimedBy: other.staffId });
    at('2026-06-01T10:10:00Z');
    await expect(cards().claim(holder, patientId)).resolves.toMatchObject({ claimedBy: holder.staffId });
  });

  it('keeps the gap between two attempts of the clinic, and hears the patient always', async () => {
    await record({ note: 'Rang twice' });
    expect(await listed()).toMatchObject({
      contactFrom: '2026-06-08',
      lastContact: { outcome: 'no-answer', onDay: '2026-06-01', staffId: desk().staffId },
      suppressed: false,
    });
    await expect(record({})).rejects.toThrow(ContactTooSoon);
    await expect(cards().claim(colleague(), patientId)).rejects.toMatchObject({
      facts: { lastContactOn: '2026-06-01', gapDays: 7, nextAt: new Date('2026-06-08T07:00:00Z') },
    });
    await record({ initiatedBy: 'patient', outcome: 'later', until: '2026-06-20' });
    at('2026-06-08T10:00:00Z');
    await expect(cards().claim(desk(), patientId)).rejects.toMatchObject({
      facts: { reason: 'snoozed', until: '2026-06-20' },
    });
    at('2026-06-20T10:00:00Z');
    await expect(cards().claim(desk(), patientId)).resolves.toMatchObject({ claimedBy: desk().staffId });
  });

  it('hears a patient who rings while a colleague is calling, and leaves the colleague the call', async () => {
    await cards().claim(colleague(), patientId);
    await expect(record({})).rejects.toThrow(RecallClaimed);
    const heard = await record({ initiatedBy: 'patient', outcome: 'later', until: '2026-06-20' });
    expect(heard).toMatchObject({ initiatedBy: 'patient', staffId: desk().staffId });
    expect((await listed())?.card).toMatchObject({
      claimedBy: colleague().staffId,
      claimedUntil: new Date('2026-06-01T10:10:00Z'),
      lastContactOn: null,
    });
    // Whoever held the call and is told by the patient has called.
    await record({ initiatedBy: 'patient', outcome: 'later', until: '2026-06-21' }, colleague());
    expect((await listed())?.card).toMatchObject({ claimedBy: null, claimedUntil: null });
  });

  it('does not call two at once whom nobody claimed', async () => {
    const results = await Promise.allSettled([
      record({}),
      record({}, colleague()),
      record({}, work.clinic.actor.admin),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not call in the quiet hours of the place', async () => {
    at('2026-06-01T19:05:00Z'); // 20:05 in London
    await expect(cards().claim(desk(), patientId)).rejects.toThrow(ContactInQuietHours);
    await expect(record({})).rejects.toMatchObject({ facts: { nextAt: new Date('2026-06-02T07:00:00Z') } });
    at('2026-06-01T18:59:00Z');
    await cards().claim(desk(), patientId);
    at('2026-06-01T19:01:00Z');
    await expect(record({})).resolves.toMatchObject({ outcome: 'no-answer' });
  });

  it('does not call in the quiet hours the patient asked for', async () => {
    await work.db.admin.query(`UPDATE patient SET quiet_from = '09:00', quiet_to = '17:30' WHERE id = $1`, [
      patientId,
    ]);
    await expect(cards().claim(desk(), patientId)).rejects.toMatchObject({
      facts: { nextAt: new Date('2026-06-01T16:30:00Z') },
    });
    at('2026-06-01T16:30:00Z');
    await expect(cards().claim(desk(), patientId)).resolves.toMatchObject({ claimedBy: desk().staffId });
  });

  it('puts a refusal and "later" on the list as the reason, until their day or the next treatment', async () => {
    await record({ outcome: 'declined', until: '2026-06-15' });
    expect(await listed()).toMatchObject({ suppressed: true, reason: 'declined', visit: null });
    expect((await list({ includeSuppressed: 'false' })).items.map((item) => item.patientId)).not.toContain(
      patientId,
    );
    expect(await listed({ on: '2026-06-15' })).toMatchObject({ suppressed: false, reason: null });
    await record({ initiatedBy: 'patient', outcome: 'declined' });
    expect((await listed({ on: '2026-12-30' }))?.areas[0]?.reasons).toMatchObject([
      { code: 'declined', until: null },
    ]);
    await work.sign({ patientId, treatedOn: '2026-06-01' });
    expect((await listed({ on: '2026-10-01' }))?.suppressed).toBe(true);
    await work.sign({ patientId, treatedOn: '2026-09-01' });
    expect(await listed({ on: '2026-12-20' })).toMatchObject({ suppressed: false });
  });

  it('sets "do not contact" in the register with it', async () => {
    await record({ outcome: 'do-not-contact' });
    expect(await listed()).toMatchObject({ suppressed: true, reason: 'do-not-contact' });
    await expect(cards().claim(desk(), patientId)).rejects.toThrow(ContactSuppressed);
  });

  it('takes "booked" with the treatment that was booked, and no other visit', async () => {
    const appointmentId = await work.book(patientId, '2026-06-10', ['glabella']);
    await expect(record({ outcome: 'booked' })).rejects.toThrow(ContactBookingMissing);
    await expect(record({ outcome: 'no-answer', appointmentId })).rejects.toThrow(ContactBookingMissing);
    await expect(record({ outcome: 'booked', appointmentId: newId() })).rejects.toThrow(AppointmentNotFound);
    const stranger = await work.desk.aPatient();
    const theirs = await work.book(stranger, '2026-06-11', ['glabella']);
    await expect(record({ outcome: 'booked', appointmentId: theirs })).rejects.toThrow(AppointmentNotFound);
    await expect(record({ outcome: 'booked', appointmentId })).resolves.toMatchObject({ appointmentId });
    expect(await listed()).toMatchObject({ suppressed: true, reason: 'booked' });
    await work.db.admin.query(`UPDATE appointment SET status = 'cancelled' WHERE id = $1`, [appointmentId]);
    expect(await listed()).toMatchObject({ suppressed: false });
  });

  it('refuses a day that does not fit the outcome, and a call about nothing', async () => {
    await expect(record({ outcome: 'later' })).rejects.toThrow(ContactUntilRefused);
    patientId = await work.desk.aPatient();
    await expect(cards().claim(desk(), patientId)).rejects.toThrow(NothingDue);
    patientId = newId();
    await expect(record({})).rejects.toThrow(PatientNotFound);
    await expect(cards().claim(desk(), patientId)).rejects.toThrow(PatientNotFound);
  });

  it('says whose patient it is, and lists mine and nobody’s', async () => {
    expect((await listed({ assigned: 'nobody' }))?.card).toMatchObject({ assignedTo: null, version: 0 });
    const { version } = await cards().assign(desk(), patientId, desk().staffId, 0);
    await expect(cards().assign(colleague(), patientId, colleague().staffId, 0)).rejects.toThrow(
      StaleVersion,
    );
    await expect(cards().assign(desk(), patientId, newId(), undefined)).rejects.toThrow(StaffNotFound);
    const foreign = await aClinic(work.db);
    await expect(cards().assign(desk(), patientId, foreign.actor.admin.staffId, undefined)).rejects.toThrow(
      StaffNotFound,
    );
    expect((await list({ assigned: 'mine' })).items.map((item) => item.patientId)).toEqual([patientId]);
    expect(await listed({ assignedTo: colleague().staffId })).toBeUndefined();
    expect(await listed({ assigned: 'nobody' })).toBeUndefined();
    await cards().unassign(desk(), patientId, version);
    expect(await listed({ assigned: 'nobody' })).toBeDefined();
  });

  it('is narrowed by practitioner, last contact and the value of waiting', async () => {
    expect(await listed({ practitionerId: work.desk.doctorId })).toBeDefined();
    expect(await listed({ practitionerId: work.desk.nurseId })).toBeUndefined();
    // Due since 2 June less 23 days: 10 May; 22 days on 1 June.
    const { waitingDays = 0 } = (await listed()) ?? {};
    expect(waitingDays).toBe(22);
    expect(await listed({ minWaiting: waitingDays })).toBeDefined();
    expect(await listed({ minWaiting: waitingDays + 1 })).toBeUndefined();
    await work.sign({ patientId, treatedOn: DUE, areas: ['forehead'] });
    expect((await listed({ area: 'glabella', minWaiting: 44 }))?.waitingDays).toBe(44);
    at('2026-06-01T10:00:00Z');
    await record({});
    expect(await listed({ lastContactBefore: '2026-06-01' })).toBeUndefined();
    expect(await listed({ lastContactBefore: '2026-06-02' })).toBeDefined();
  });

  it('keeps the log, newest first, and nobody changes it', async () => {
    await record({ note: 'Rang' });
    at('2026-06-09T10:00:00Z');
    await record({ channel: 'letter', outcome: 'later', until: '2026-07-01' });
    const { items, next } = await contacts().list(desk(), patientId, { limit: 1 });
    expect(items).toMatchObject([{ channel: 'letter', until: '2026-07-01', staffName: 'Rhea Desk' }]);
    const rest = await contacts().list(desk(), patientId, { limit: 5, after: next ?? '' });
    expect(rest).toMatchObject({ items: [{ note: 'Rang', initiatedBy: 'clinic' }], next: null });
    await expect(work.db.admin.query('UPDATE contact_attempt SET note = NULL')).rejects.toThrow();
    const foreign = await aClinic(work.db);
    await expect(contacts().list(foreign.actor.receptionist, patientId, { limit: 1 })).rejects.toThrow(
      PatientNotFound,
    );
  });

  it('writes a file in which no name is a formula', async () => {
    await work.db.admin.query(
      `UPDATE patient SET given_name = '=HYPERLINK("x")', phone = '+44 7700 900123' WHERE id = $1`,
      [patientId],
    );
    const { csv, next } = await work.module.get(RecallExportService).file(desk(), { limit: 50 });
    expect(csv.startsWith('﻿patient number,name,phone')).toBe(true);
    expect(csv).toContain(`"'=HYPERLINK(""x"") `);
    expect(csv).toContain(`'+44 7700 900123`);
    expect(csv.split('\r\n').length).toBeGreaterThan(2);
    expect(next).toBeNull();
  });

  it('writes a file that says where it was cut, and the next goes on there', async () => {
    const files = work.module.get(RecallExportService);
    const numbersOf = (csv: string): string[] =>
      csv
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0] ?? '');
    const whole = numbersOf((await files.file(desk(), { limit: 50 })).csv);
    const first = await files.file(desk(), { limit: 50 }, 2);
    expect(numbersOf(first.csv)).toEqual(whole.slice(0, 2));
    const rest = await files.file(desk(), { limit: 50, after: first.next ?? '' }, whole.length - 2);
    expect(numbersOf(rest.csv)).toEqual(whole.slice(2));
    expect(rest.next).toBeNull();
  });
});
