import { CoolingOff } from '#consultations';
import { StaffNotFound } from '#identity';
import { newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { DraftsService } from '../src/drafts/drafts.service.js';
import { RecordIncomplete, TreatmentNotFound } from '../src/domain/treatments.errors.js';
import { RecordCheck } from '../src/record/record-check.js';
import { aSignedTreatment, RECORDED } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

const TODAY = '2026-03-02T10:00:00Z';

describe('the record of a treatment', () => {
  let practice: Practice;
  let uk: Clinic;
  let us: Clinic;
  const doctor = (clinic = uk) => clinic.actor.prescriber;
  const sign = (id: string, signing = {}, clinic = uk) => practice.signing.sign(doctor(clinic), id, signing);
  const save = (id: string, saved: object, clinic = uk) =>
    practice.get(DraftsService).save(doctor(clinic), id, { injections: [], ...saved }, undefined);

  beforeAll(async () => {
    practice = await Practice.open(TODAY);
    uk = await practice.clinic('UK');
    us = await practice.clinic('US');
  });
  beforeEach(() => practice.clock.set(new Date(TODAY)));
  afterAll(() => practice.close());

  it('wants identity verified in the UK; elsewhere that is only told', async () => {
    const { identityChecked: _, ...record } = RECORDED;
    for (const clinic of [uk, us]) {
      const draft = await practice.draft(clinic);
      const saved = await save(draft.id, { injections: await practice.points(clinic), record }, clinic);
      expect(saved.record).toMatchObject({ identityChecked: null, aftercareVersion: '2026-10' });
      const told = await practice.get(RecordCheck).read(doctor(clinic), draft.id);
      const item = told.missing.find(({ code }) => code === 'identity_unverified');
      expect(item?.blocks).toBe(clinic === uk);
      if (clinic === us) expect((await sign(draft.id, {}, us)).status).toBe('signed');
      else await expect(sign(draft.id)).rejects.toThrow(RecordIncomplete);
    }
  });

  it('is emptied by what a save leaves out, and names only a supervisor of the clinic', async () => {
    const { id } = await practice.draft(uk);
    const supervised = await save(id, {
      record: { supervisorId: uk.actor.practitioner.staffId },
      note: 'Watched',
    });
    expect(supervised).toMatchObject({
      record: { supervisorId: uk.actor.practitioner.staffId },
      note: 'Watched',
    });
    expect(await save(id, {})).toMatchObject({
      record: { supervisorId: null, historyConfirmed: false },
      note: null,
    });
    for (const supervisorId of [newId(), us.actor.practitioner.staffId, uk.actor.receptionist.staffId])
      await expect(save(id, { record: { supervisorId } })).rejects.toThrow(StaffNotFound);
  });

  it('goes over into an amendment, needle and all, and the amended version keeps its own', async () => {
    const injections = await practice.points(uk, {
      needle: '32G 4 mm',
      muscle: 'procerus',
      depth: 'intramuscular',
    });
    const signed = await sign((await practice.draft(uk, { injections })).id);
    const draft = await practice.corrections.amend(doctor(), signed.id, 'A bruise was seen on the way out');
    expect(draft.record).toEqual(signed.record);
    expect(draft.injections[0]).toMatchObject({ needle: '32G 4 mm', muscle: 'procerus' });
    const points = draft.injections.map(({ area, side, units, product, lotId }) => ({
      area,
      side,
      units,
      product,
      lotId,
    }));
    await save(draft.id, { injections: points, record: { ...RECORDED, immediateReaction: 'bruise' } });
    expect(await sign(draft.id)).toMatchObject({
      record: { immediateReaction: 'bruise' },
      signature: { intact: true },
    });
    expect(await practice.treatments.read(doctor(), signed.id)).toMatchObject({
      status: 'amended',
      record: { immediateReaction: 'none' },
      signature: { intact: true },
    });
  });

  it('is not filled twice under one clearance without a prescriber', async () => {
    const first = await practice.draft(us);
    await sign(first.id, {}, us);
    const { patientId, clearanceId } = first;
    const again = await practice.treatments.begin(doctor(us), {
      patientId,
      locationId: us.locationId,
      clearanceId: clearanceId ?? '',
      kind: 'full',
      injections: await practice.points(us, {}, 1),
    });
    expect(again.doseFindings).toContainEqual(
      expect.objectContaining({ code: 'outside_cleared_plan', limit: 20, actual: 24 }),
    );
    await practice.corrections.enterInError(doctor(us), first.id, 'Wrong patient');
    expect((await practice.treatments.read(doctor(us), again.id)).doseFindings).toEqual([]);
  });

  it('of a touch-up of the forehead asks nobody for the frown lines its treatment had', async () => {
    const patientId = await practice.patient(uk);
    const completesId = await aSignedTreatment(practice.db, uk, {
      patientId,
      treatedOn: '2026-02-16',
      doses: ['glabella', 'forehead'].map((area) => ({ product: 'ona', area, units: 20 })),
    });
    const injections = await practice.points(uk, { area: 'forehead', units: 2 }, 1);
    const draft = await practice.draft(uk, { patientId, kind: 'touch-up', completesId, injections });
    expect(draft.doseFindings).toMatchObject([{ code: 'touch_up_off_label_interval', severity: 'note' }]);
    expect(await sign(draft.id)).toMatchObject({ kind: 'touch-up', completesId, status: 'signed' });
  });

  it('waits for the time to reflect that the clinic gives', async () => {
    const clinic = await practice.clinic('UK');
    await practice.db.admin.query(
      `INSERT INTO charting_policy (clinic_id, version, document, reason, author_id)
       VALUES ($1, 1, '{"shelfLives": {}, "coolingOffHours": 24, "faceToFaceRequired": true, "faceToFaceDays": null}', 'Agreed', $2)`,
      [clinic.clinicId, clinic.actor.admin.staffId],
    );
    practice.clock.set(new Date('2026-03-03T09:59:59Z'));
    const cleared = { decidedOn: '2026-03-02' };
    const draft = practice.draft(clinic, { cleared });
    await expect(draft).rejects.toThrow(CoolingOff);
    await expect(draft).rejects.toMatchObject({ facts: { until: '2026-03-03T10:00:00.000Z' } });
    practice.clock.set(new Date('2026-03-03T10:00:00Z'));
    expect(await practice.draft(clinic, { cleared })).toMatchObject({ status: 'draft' });
    const unsigned = practice.draft(clinic, { cleared: { ...cleared, consentsToTreatment: false } });
    await expect(unsigned).rejects.toThrow(CoolingOff);
  });

  it('of another clinic is not there', async () => {
    const { id } = await practice.draft(uk);
    await expect(save(id, {}, us)).rejects.toThrow(TreatmentNotFound);
    await expect(practice.get(RecordCheck).read(doctor(us), id)).rejects.toThrow(TreatmentNotFound);
    await expect(
      practice.get(DraftsService).fill(doctor(us), id, { last: true, lotIds: [] }, undefined),
    ).rejects.toThrow(TreatmentNotFound);
  });
});
