import { aClearedConsultation } from '#consultations/testing';
import { DeskAlertsPort, type DeskVisit } from '#scheduling';
import { aClinic } from '#identity/testing';
import { calendarDate, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ContactsService } from '../src/recall/contacts.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

describe('what the desk sees beside a visit', () => {
  let work: ClinicAtWork;
  let patientId: string;
  const visit = (change: Partial<DeskVisit> = {}): DeskVisit => ({
    appointmentId: newId(),
    patientId,
    kind: 'treatment',
    areaIds: ['glabella'],
    on: calendarDate('2026-06-01'),
    ...change,
  });
  const alerts = async (...visits: DeskVisit[]) => {
    const port = work.module.get(DeskAlertsPort);
    const found = await work.db.database.read(work.clinic.actor.receptionist, (tx) => port.read(tx, visits));
    return visits.map(({ appointmentId }) =>
      (found.get(appointmentId) ?? []).map(({ code, areaIds, date }) => [code, areaIds, date]),
    );
  };

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-01-15');
    patientId = await work.desk.aPatient();
    await aClearedConsultation(work.db, work.clinic, { patientId, decidedOn: '2026-01-15' });
    await work.sign({ patientId, treatedOn: '2026-01-15', areas: ['glabella', 'forehead'] });
  });
  afterAll(() => work.close());

  it('names areas that are due on the day and not booked, and the day they should be done by', async () => {
    const [own, other, open] = await alerts(
      visit({ areaIds: ['glabella', 'forehead'], kind: 'review' }),
      visit({ kind: 'review' }),
      visit({ areaIds: [], kind: 'review' }),
    );
    expect(own).toEqual([]);
    expect(other).toEqual([['areas-due', ['forehead'], expect.stringMatching(/^2026-/)]]);
    expect(open).toEqual([['areas-due', ['forehead', 'glabella'], expect.stringMatching(/^2026-/)]]);
    expect(await alerts(visit({ kind: 'review', on: calendarDate('2026-02-01') }))).toEqual([[]]);
  });

  it('names no area that waits for a clinician, was declined or is booked on another day, and any of who wants no contact', async () => {
    const somebody = async () => {
      const id = await work.desk.aPatient();
      const treatmentId = await work.sign({ patientId: id, treatedOn: '2026-01-15', areas: ['forehead'] });
      return { patientId: id, treatmentId };
    };
    const [hurt, unwilling, booked, shy, merged] = [
      await somebody(),
      await somebody(),
      await somebody(),
      await somebody(),
      await somebody(),
    ];
    const says = (outcome: 'declined' | 'do-not-contact', who: { readonly patientId: string }) =>
      work.module.get(ContactsService).record(work.clinic.actor.receptionist, who.patientId, {
        initiatedBy: 'patient',
        channel: 'phone',
        outcome,
      });
    await work.harm(hurt);
    await says('declined', unwilling);
    await work.book(booked.patientId, '2026-06-08', ['forehead']);
    await says('do-not-contact', shy);
    const survivor = await work.desk.aPatient();
    await work.merge('merged', merged.patientId, survivor);
    const review = ({ patientId: id }: { readonly patientId: string }) =>
      visit({ patientId: id, kind: 'review', areaIds: [] });
    const due = [['areas-due', ['forehead'], '2026-06-04']];
    expect(await alerts(...[hurt, unwilling, booked, shy, merged].map(review))).toEqual([
      [],
      [],
      [],
      due,
      due,
    ]);
    await work.heal(hurt);
    expect(await alerts(review(hurt))).toEqual([due]);
  });

  it('takes a treatment whose areas nobody named for one of all', async () => {
    const [named, unnamed] = await alerts(visit(), visit({ areaIds: [] }));
    expect(named).toContainEqual(['areas-due', ['forehead'], expect.any(String)]);
    expect((unnamed ?? []).map(([code]) => code)).not.toContain('areas-due');
  });

  it('asks nobody about an area that is declined, put off or booked for another day, nor whom a clinician holds', async () => {
    const asked = await work.desk.aPatient();
    await work.sign({ patientId: asked, treatedOn: '2026-01-15', areas: ['glabella', 'forehead'] });
    const say = (areas: string[], until: string) =>
      work.module.get(ContactsService).record(work.clinic.actor.receptionist, asked, {
        initiatedBy: 'patient',
        channel: 'phone',
        outcome: 'later',
        areas,
        until,
      });
    const due = async (on: string): Promise<unknown> => {
      const [found = []] = await alerts(
        visit({ patientId: asked, kind: 'review', areaIds: [], on: calendarDate(on) }),
      );
      return found.flatMap(([code, areaIds]) => (code === 'areas-due' ? areaIds : []));
    };
    await say(['forehead'], '2026-06-15');
    expect([await due('2026-06-14'), await due('2026-06-15')]).toEqual([
      ['glabella'],
      ['forehead', 'glabella'],
    ]);
    await work.book(asked, '2026-06-20', ['glabella']);
    expect([await due('2026-06-15'), await due('2026-06-21')]).toEqual([
      ['forehead'],
      ['forehead', 'glabella'],
    ]);
    await aClearedConsultation(work.db, work.clinic, {
      patientId: asked,
      decidedOn: '2026-01-20',
      answers: { pregnancy: 'pregnant' },
    });
    expect(await due('2026-06-21')).toEqual([]);
  });

  it('says how the screening stands for a treatment: of the day, run out, or never asked', async () => {
    const both = { areaIds: ['glabella', 'forehead'] };
    const never = await work.desk.aPatient();
    const [onTheDay, soon, ranOut, unasked] = await alerts(
      visit({ ...both, on: calendarDate('2026-01-15') }),
      visit({ ...both, on: calendarDate('2026-06-01') }),
      visit({ ...both, on: calendarDate('2026-07-18') }),
      visit({ ...both, patientId: never }),
    );
    expect(onTheDay).toEqual([]);
    expect(soon).toEqual([['screening-of-the-day', [], null]]);
    expect(ranOut).toEqual([['screening-stale', [], '2026-07-17']]);
    expect(unasked).toEqual([['screening-missing', [], null]]);
  });

  it('tells nothing of another clinic', async () => {
    const strange = await aClinic(work.db);
    const port = work.module.get(DeskAlertsPort);
    const found = await work.db.database.read(strange.actor.receptionist, (tx) =>
      port.read(tx, [visit({ kind: 'review', areaIds: [] })]),
    );
    expect(found.size).toBe(0);
  });
});
