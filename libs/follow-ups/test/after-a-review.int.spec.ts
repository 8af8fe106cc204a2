import { aClearedConsultation } from '#consultations/testing';
import { type TestDatabase } from '#database/testing';
import { StaleVersion } from '#http';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock, newId } from '#kernel';
import { type TestDesk } from '#scheduling/testing';
import {
  AdverseEventNotFound,
  TouchUpCompletesNothing,
  TouchUpNeedsPrescriber,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
} from '#treatments';
import { aSignedTreatment } from '#treatments/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestingModule } from '@nestjs/testing';

import {
  NonResponses,
  PathwayClosed,
  PathwayNeedsPrescriber,
  PathwayNotFound,
  PathwaysService,
  PathwayStepsMissing,
  ReviewsService,
  TouchUpApproved,
  TouchUpBegun,
  TouchUpNotAdvised,
  TouchUpNotApproved,
  TouchUpsService,
  WorklistsService,
} from '../src/index.js';
import { ClinicAfterTreatments, TREATED } from './clinic-after-treatments.js';

const WITHDRAWN = { status: 'closed', conclusion: 'withdrawn' };

describe('after a review', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let module: TestingModule;
  let patientId: string;
  let treatmentId: string;
  let clock: FixedClock;
  let work: ClinicAfterTreatments;
  const at = (day: string): void => clock.set(new Date(`${day}T10:00:00Z`));
  const doctor = () => clinic.actor.prescriber;
  const nurse = () => clinic.actor.practitioner;
  const pathways = () => module.get(PathwaysService);
  const touchUps = () => module.get(TouchUpsService);
  const worklists = () => module.get(WorklistsService);

  const followUp = (kind: 'review' | 'non-response-check') => work.followUp(patientId, kind);
  const complete = async (
    kind: 'review' | 'non-response-check',
    reviewedOn: string,
    result: 'full' | 'partial' | 'none',
    adverseEventIds: string[] = [],
  ) => {
    const { id } = await followUp(kind);
    const touchUp = result === 'partial' ? 'advised' : 'not-needed';
    const areas = [{ area: 'glabella', result, touchUp } as const];
    await module
      .get(ReviewsService)
      .complete(doctor(), id, { reviewedOn, areas, adverseEventIds }, undefined);
    return id;
  };
  const openPathway = async () => {
    at('2026-02-20');
    await complete('non-response-check', '2026-02-20', 'none');
    const [opened] = (await pathways().ofPatient(doctor(), patientId)).items;
    if (!opened) throw new Error('none opened');
    return opened;
  };

  beforeAll(async () => {
    work = await ClinicAfterTreatments.open('2026-01-29T10:00:00Z');
    ({ clinic, desk, module, clock, db } = work);
  });
  beforeEach(async () => {
    at('2026-01-29');
    patientId = await desk.aPatient();
    treatmentId = await work.sign(patientId);
  });
  afterAll(() => work.close());

  describe('without response', () => {
    it('opens the pathway in the same transaction, once, and not before the check day', async () => {
      await complete('review', '2026-01-29', 'none');
      expect((await pathways().ofPatient(doctor(), patientId)).items).toEqual([]);
      const opened = await openPathway();
      expect(opened).toMatchObject({
        area: 'glabella',
        treatmentId,
        treatedOn: TREATED,
        foundOn: '2026-02-20',
        status: 'open',
        left: ['technique', 'muscles', 'antibodies'],
        version: 1,
      });
    });

    it('is closed by a prescriber once every step has a finding, each version kept', async () => {
      const { id } = await openPathway();
      const find = (
        step: 'technique' | 'muscles' | 'antibodies',
        version: number | undefined,
        by = doctor(),
      ) => pathways().find(by, id, { step, finding: 'ruled-out' }, version);
      const conclude = (version: number | undefined) =>
        pathways().conclude(
          doctor(),
          id,
          { conclusion: 'change-product', note: 'Antibodies likely' },
          version,
        );
      await expect(find('technique', 1, nurse())).rejects.toThrow(PathwayNeedsPrescriber);
      await find('technique', 1);
      await expect(find('muscles', 1)).rejects.toThrow(StaleVersion);
      await find('muscles', 2);
      await expect(conclude(3)).rejects.toThrow(PathwayStepsMissing);
      await pathways().find(doctor(), id, { step: 'antibodies', finding: 'unclear' }, 3);
      await pathways().find(doctor(), id, { step: 'antibodies', finding: 'likely', note: 'Assay' }, 4);
      const whole = await pathways().read(doctor(), id);
      expect(whole.left).toEqual([]);
      expect(whole.steps.find(({ step }) => step === 'antibodies')).toMatchObject({ finding: 'likely' });
      const open = async (): Promise<unknown[]> =>
        db.database.read(doctor(), (tx) => module.get(NonResponses).of(tx, [patientId]));
      expect(await open()).toMatchObject([{ area: 'glabella', foundOn: '2026-02-20' }]);
      expect(await conclude(5)).toMatchObject({ status: 'closed', conclusion: 'change-product', version: 6 });
      expect(await open()).toEqual([]);
      await expect(find('muscles', 6)).rejects.toThrow(PathwayClosed);
      const { rows } = await db.admin.query('SELECT step FROM non_response_step WHERE pathway_id = $1', [id]);
      expect(rows).toHaveLength(4);
      await expect(db.admin.query('DELETE FROM non_response_step')).rejects.toThrow();
    });

    it('lets two prescribers not overwrite each other', async () => {
      const { id } = await openPathway();
      const both = await Promise.allSettled([
        pathways().find(doctor(), id, { step: 'technique', finding: 'likely' }, 1),
        pathways().find(doctor(), id, { step: 'technique', finding: 'ruled-out' }, 1),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('ends with a treatment that was a mistake', async () => {
      const { id } = await openPathway();
      await work.tell(treatmentId, { what: 'withdrawn', patientId }, []);
      expect(await pathways().read(doctor(), id)).toMatchObject(WITHDRAWN);
    });

    it('goes on under the amended version of its treatment, and ends with that', async () => {
      const { id } = await openPathway();
      const first = await work.amend(treatmentId, patientId);
      const second = await work.amend(first, patientId);
      expect(await pathways().read(doctor(), id)).toMatchObject({ status: 'open', treatmentId: second });
      await work.tell(second, { what: 'withdrawn', patientId }, []);
      expect(await pathways().read(doctor(), id)).toMatchObject(WITHDRAWN);
    });

    it('ends where the amended version did not treat the area', async () => {
      const { id } = await openPathway();
      await work.amend(treatmentId, patientId, ['forehead']);
      expect(await pathways().read(doctor(), id)).toMatchObject(WITHDRAWN);
    });

    it('is as absent for another clinic as one that never was', async () => {
      const { id } = await openPathway();
      const foreign = await aClinic(db);
      await expect(pathways().read(foreign.actor.prescriber, id)).rejects.toThrow(PathwayNotFound);
      await expect(pathways().read(doctor(), newId())).rejects.toThrow(PathwayNotFound);
    });
  });

  describe('with an adverse event', () => {
    const anEvent = async (ofPatient: string): Promise<string> => {
      const id = newId();
      await db.admin.query(
        `INSERT INTO adverse_event (clinic_id, id, patient_id, treatment_id, term, catalogue_version, onset_on, severity, serious, outcome,
                                    recorded_at, recorded_by, updated_at)
         VALUES ($1, $2, $3, $4, 'eyelid_ptosis', 'test', '2026-01-20', 'mild', false, 'recovering', now(), $5, now())`,
        [clinic.clinicId, id, ofPatient, treatmentId, desk.doctorId],
      );
      return id;
    };

    it('is linked to the review, of this patient only', async () => {
      const stranger = await anEvent(await desk.aPatient());
      await expect(complete('review', '2026-01-29', 'full', [stranger])).rejects.toThrow(
        AdverseEventNotFound,
      );
      await expect(complete('review', '2026-01-29', 'full', [newId()])).rejects.toThrow(AdverseEventNotFound);
      const own = await anEvent(patientId);
      await complete('review', '2026-01-29', 'full', [own]);
      expect((await followUp('review')).outcome).toMatchObject({ adverseEventIds: [own] });
    });
  });

  describe('a touch-up', () => {
    const approve = (id: string, plannedOn: string, areas = ['glabella'], by = doctor()) =>
      touchUps().approve(by, id, { areas, plannedOn });

    it('is a prescriber’s leave for what the review advised, on days 14 to 21 only, where the clinic offers it', async () => {
      const id = await complete('review', '2026-01-29', 'partial');
      await expect(approve(id, '2026-01-30', ['forehead'])).rejects.toThrow(TouchUpNotAdvised);
      await expect(approve(id, '2026-01-30', ['glabella'], nurse())).rejects.toThrow(TouchUpNeedsPrescriber);
      await expect(approve(id, '2026-01-28')).rejects.toThrow(TouchUpTooEarly);
      await expect(approve(id, '2026-02-06')).rejects.toThrow(TouchUpTooLate);
      await db.admin.query('UPDATE clinic SET touch_ups_allowed = false WHERE id = $1', [clinic.clinicId]);
      await expect(approve(id, '2026-02-05')).rejects.toThrow(TouchUpsSwitchedOff);
      await db.admin.query('UPDATE clinic SET touch_ups_allowed = true WHERE id = $1', [clinic.clinicId]);
      await expect(touchUps().read(doctor(), id)).rejects.toThrow(TouchUpNotApproved);
      expect(await approve(id, '2026-02-05')).toMatchObject({
        treatmentId,
        areas: ['glabella'],
        approvedBy: desk.doctorId,
        draftId: null,
      });
      await expect(approve(id, '2026-02-04')).rejects.toThrow(TouchUpApproved);
    });

    it('leads to one draft that completes the treatment, on a permitted day', async () => {
      const id = await complete('review', '2026-01-29', 'partial');
      const cleared = await aClearedConsultation(db, clinic, { patientId, decidedOn: '2026-01-29' });
      const begun = { locationId: desk.london.id, clearanceId: cleared.clearanceId };
      await expect(touchUps().begin(nurse(), id, begun)).rejects.toThrow(TouchUpNotApproved);
      await approve(id, '2026-02-02');
      at('2026-02-06');
      await expect(touchUps().begin(nurse(), id, begun)).rejects.toThrow(TouchUpTooLate);
      at('2026-02-02');
      const draft = await touchUps().begin(nurse(), id, begun);
      expect(draft).toMatchObject({ kind: 'touch-up', completesId: treatmentId, patientId, status: 'draft' });
      expect(await touchUps().read(doctor(), id)).toMatchObject({ draftId: draft.id });
      await expect(touchUps().begin(nurse(), id, begun)).rejects.toThrow(TouchUpBegun);
    });

    it('completes the version in force of a treatment amended after its review', async () => {
      const id = await complete('review', '2026-01-29', 'partial');
      const { clearanceId } = await aClearedConsultation(db, clinic, { patientId, decidedOn: '2026-01-29' });
      const amended = await work.amend(treatmentId, patientId);
      expect(await approve(id, '2026-02-02')).toMatchObject({ treatmentId: amended });
      const again = await work.amend(amended, patientId);
      at('2026-02-02');
      const begun = { locationId: desk.london.id, clearanceId };
      const draft = await touchUps().begin(nurse(), id, begun);
      expect(draft).toMatchObject({ kind: 'touch-up', completesId: again });
    });

    it('is given to the person when the record of its review was merged since', async () => {
      const id = await complete('review', '2026-01-29', 'partial');
      await approve(id, '2026-02-02');
      const person = await desk.aPatient();
      await db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
        patientId,
        person,
      ]);
      const cleared = await aClearedConsultation(db, clinic, { patientId: person, decidedOn: '2026-01-29' });
      at('2026-02-02');
      const begun = { locationId: desk.london.id, clearanceId: cleared.clearanceId };
      expect(await touchUps().begin(nurse(), id, begun)).toMatchObject({
        patientId: person,
        completesId: treatmentId,
      });
    });

    it('is not approved for a treatment whose amended version was entered in error', async () => {
      const id = await complete('review', '2026-01-29', 'partial');
      await aSignedTreatment(db, clinic, {
        patientId,
        treatedOn: TREATED,
        amendsId: treatmentId,
        enteredInError: 'Wrong patient',
      });
      await expect(approve(id, '2026-02-02')).rejects.toThrow(TouchUpCompletesNothing);
    });
  });

  describe('worklists', () => {
    const ids = (page: { items: readonly { id: string; patientId: string }[] }): string[] =>
      page.items.filter((item) => item.patientId === patientId).map(({ id }) => id);

    it('show a practitioner the own reviews and checks whose day has come', async () => {
      const [review, check] = [await followUp('review'), await followUp('non-response-check')];
      const own = (kind: 'review' | 'non-response-check', by = doctor()) =>
        worklists().own(by, { kind, limit: 100 });
      expect(ids(await own('review'))).toEqual([review.id]);
      expect(ids(await own('review', nurse()))).toEqual([]);
      expect(ids(await own('non-response-check'))).toEqual([]);
      at('2026-02-14');
      expect(ids(await own('non-response-check'))).toEqual([check.id]);
      const page = await worklists().own(doctor(), { kind: 'review', limit: 1 });
      expect(page.items).toHaveLength(1);
      expect(page.next).not.toBeNull();
    });

    it('show the desk reviews without a date from two weeks ahead, and missed ones', async () => {
      const { id } = await followUp('review');
      at('2026-01-13');
      expect(ids(await worklists().desk(clinic.actor.receptionist, { limit: 100 }))).toEqual([]);
      at('2026-01-15');
      expect(ids(await worklists().desk(clinic.actor.receptionist, { limit: 100 }))).toEqual([id]);
      expect(
        ids(await worklists().desk(clinic.actor.receptionist, { status: 'missed', limit: 100 })),
      ).toEqual([]);
      await db.admin.query(`UPDATE follow_up SET status = 'missed' WHERE id = $1`, [id]);
      expect(
        ids(await worklists().desk(clinic.actor.receptionist, { status: 'missed', limit: 100 })),
      ).toEqual([id]);
    });

    it('show open pathways, mine and everybody’s', async () => {
      const { id } = await openPathway();
      expect(ids(await worklists().pathways(doctor(), { limit: 100 }))).toEqual([id]);
      expect(ids(await worklists().pathways(nurse(), { limit: 100 }))).toEqual([]);
      expect(ids(await worklists().pathways(nurse(), { whose: 'everybody', limit: 100 }))).toEqual([id]);
    });
  });
});
