import { aClearedConsultation } from '#consultations/testing';
import { newId } from '#kernel';
import { VisitTreated } from '#scheduling';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { AdverseEventsService } from '../src/adverse-events/adverse-events.service.js';
import { DraftsService } from '../src/drafts/drafts.service.js';
import { FillSourceNotFound } from '../src/domain/drafts.errors.js';
import { DeliveriesService } from '../src/stock/deliveries.service.js';
import { StockService } from '../src/stock/stock.service.js';
import { aLot, aSignedTreatment, RECORDED } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

describe('two records that turned out to be one person', () => {
  let practice: Practice;
  let uk: Clinic;
  const doctor = () => uk.actor.prescriber;
  const twice = async () => ({
    survivor: await practice.patient(uk),
    duplicate: await practice.patient(uk),
  });
  const merge = ({ survivor, duplicate }: { survivor: string; duplicate: string }) =>
    practice.db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
      duplicate,
      survivor,
    ]);

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
  });
  afterAll(() => practice.close());

  it('are treated in a visit of either, which is then no mistake', async () => {
    const records = await twice();
    const [typeId, visit] = [newId(), newId()];
    await practice.db.admin.query(
      `INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes) VALUES ($1, $2, 'Treatment', 'treatment', 30)`,
      [uk.clinicId, typeId],
    );
    await practice.db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, status, booked_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, 'arrived', $4)`,
      [uk.clinicId, visit, records.duplicate, doctor().staffId, uk.locationId, typeId].concat([
        '2026-03-02T10:00:00Z',
        '2026-03-02T10:30:00Z',
      ]),
    );
    await merge(records);
    const cleared = await aClearedConsultation(practice.db, uk, {
      patientId: records.survivor,
      decidedOn: '2026-03-02',
      locationId: uk.locationId,
    });
    const { id } = await practice.treatments.begin(doctor(), {
      patientId: records.survivor,
      clearanceId: cleared.clearanceId,
      locationId: uk.locationId,
      kind: 'full',
      record: RECORDED,
      appointmentId: visit,
      injections: await practice.points(uk),
    });
    await practice.sign(uk, id);
    const withdrawn = practice.visits.change(
      uk.actor.receptionist,
      visit,
      'enter-in-error',
      { reason: 'Booked twice' },
      undefined,
    );
    await expect(withdrawn).rejects.toThrow(VisitTreated);
    await expect(withdrawn).rejects.toMatchObject({ facts: { treatmentIds: [id] } });
  });

  it('have one list of adverse events', async () => {
    const records = await twice();
    const treatmentId = await aSignedTreatment(practice.db, uk, {
      patientId: records.duplicate,
      treatedOn: '2026-02-20',
    });
    const events = practice.get(AdverseEventsService);
    const { id } = await events.record(doctor(), {
      treatmentId,
      term: 'Eyelid ptosis',
      onsetOn: '2026-02-27',
      severity: 'moderate',
      outcome: 'not-recovered',
    });
    const listed = async (patientId: string) =>
      (await events.list(doctor(), { patientId, limit: 10 })).items.map((event) => event.id);
    expect(await listed(records.survivor)).toEqual([]);
    await merge(records);
    expect([await listed(records.survivor), await listed(records.duplicate)]).toEqual([[id], [id]]);
  });

  it('are charted like the last full treatment of either', async () => {
    const records = await twice();
    const lot = await aLot(practice.db, uk, { product: 'ona' });
    const treatmentId = await aSignedTreatment(practice.db, uk, {
      patientId: records.duplicate,
      treatedOn: '2025-10-02',
      doses: [{ product: 'ona', area: 'glabella', units: 16 }],
    });
    const drafts = practice.get(DraftsService);
    const draft = await practice.draft(uk, { patientId: records.survivor });
    const fill = (from: object) => drafts.fill(doctor(), draft.id, { ...from, lotIds: [lot.id] }, undefined);
    await expect(fill({ last: true })).rejects.toThrow(FillSourceNotFound);
    await expect(fill({ treatmentId })).rejects.toThrow(FillSourceNotFound);
    await merge(records);
    const filled = [expect.objectContaining({ area: 'glabella', units: 16, lotId: lot.id })];
    expect(await fill({ last: true })).toMatchObject({ injections: filled });
    expect(await fill({ treatmentId })).toMatchObject({ injections: filled });
  });

  describe('what is planned for them', () => {
    const PLAN = [{ area: 'glabella', product: 'inco', units: 20 }];
    const planned = async () => {
      const { items } = await practice
        .get(StockService)
        .expiring(doctor(), { days: 60, locationId: uk.locationId });
      return items.map(({ plannedUnits }) => plannedUnits);
    };
    let lotId: string;
    const cleared = (patientId: string) =>
      aClearedConsultation(practice.db, uk, {
        patientId,
        decidedOn: '2026-03-02',
        locationId: uk.locationId,
        plan: PLAN,
      });

    beforeAll(async () => {
      lotId = (await aLot(practice.db, uk, { product: 'inco', expiresOn: '2026-03-31' })).id;
      const { locationId } = uk;
      await practice.get(DeliveriesService).receive(doctor(), lotId, { locationId, vials: 1 });
    });

    it('is given once it is treated under either record, and planned again when that was a mistake', async () => {
      const records = await twice();
      const { clearanceId } = await cleared(records.duplicate);
      expect(await planned()).toEqual([20]);
      await merge(records);
      const { id } = await practice.treatments.begin(doctor(), {
        patientId: records.survivor,
        clearanceId,
        locationId: uk.locationId,
        kind: 'full',
        record: RECORDED,
        injections: await practice.points(uk, { product: 'inco', lotId }),
      });
      await practice.sign(uk, id);
      expect(await planned()).toEqual([0]);
      await practice.corrections.enterInError(doctor(), id, 'Wrong patient');
      expect(await planned()).toEqual([20]);
    });

    it('is nothing once the consultation is withdrawn', async () => {
      const [before = 0] = await planned();
      const { consultationId } = await cleared(await practice.patient(uk));
      expect(await planned()).toEqual([before + 20]);
      await practice.db.admin.query(
        `INSERT INTO consultation_withdrawal (clinic_id, consultation_id, cause, reason, staff_id)
         VALUES ($1, $2, 'entered-in-error', 'Wrong patient', $3)`,
        [uk.clinicId, consultationId, doctor().staffId],
      );
      expect(await planned()).toEqual([before]);
    });
  });
});
