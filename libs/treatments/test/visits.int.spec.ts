import { AppointmentOfAnother } from '#consultations';
import { newId } from '#kernel';
import { PatientNotHere, VisitTreated } from '#scheduling';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { VisitTreatedAlready } from '../src/domain/treatments.errors.js';
import { RECORDED } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

describe('a treatment', () => {
  let practice: Practice;
  let uk: Clinic;

  const doctor = () => uk.actor.prescriber;
  const nurse = () => uk.actor.practitioner;
  const sign = (id: string) => practice.signing.sign(doctor(), id, {});

  const typeId = newId();
  const anAppointment = async (
    patientId: string,
    status: string,
    hour: number,
    practitionerId = doctor().staffId,
  ): Promise<string> => {
    const id = newId();
    const values = [uk.clinicId, id, patientId, practitionerId, uk.locationId, typeId];
    await practice.db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, status, booked_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $9, $4)`,
      [...values, `2026-03-02T${hour}:00:00Z`, `2026-03-02T${hour}:30:00Z`, status],
    );
    return id;
  };

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
    await practice.db.admin.query(
      `INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes) VALUES ($1, $2, 'Treatment', 'treatment', 30)`,
      [uk.clinicId, typeId],
    );
  });
  afterAll(() => practice.close());

  it('takes place in a visit of this patient with this practitioner, completes it, and is the only full one of it', async () => {
    const plan = ['glabella', 'lateral_canthal'].map((area) => ({ area, product: 'ona', units: 20 }));
    const seed = await practice.draft(uk, { cleared: { plan } });
    const appointment = (status: string, hour: number, practitionerId?: string) =>
      anAppointment(seed.patientId, status, hour, practitionerId);
    const begin = async (appointmentId: string, area = 'glabella') =>
      practice.treatments.begin(doctor(), {
        patientId: seed.patientId,
        clearanceId: seed.clearanceId ?? '',
        locationId: uk.locationId,
        kind: 'full',
        record: RECORDED,
        appointmentId,
        injections: await practice.points(uk, { area }),
      });
    await expect(begin(await appointment('booked', 11))).rejects.toThrow(PatientNotHere);
    await expect(begin(await appointment('arrived', 12, nurse().staffId))).rejects.toThrow(
      AppointmentOfAnother,
    );
    const visit = await appointment('arrived', 13);
    const first = await begin(visit);
    const again = await begin(visit);
    const beside = await begin(visit, 'lateral_canthal');
    await sign(first.id);
    const { rows } = await practice.db.admin.query('SELECT status FROM appointment WHERE id = $1', [visit]);
    expect(rows).toEqual([{ status: 'fulfilled' }]);
    await expect(sign(again.id)).rejects.toMatchObject({
      name: 'dose_findings_open',
      facts: {
        findings: ['before_minimum_interval', 'outside_cleared_plan'].map((code) =>
          expect.objectContaining({ code }),
        ),
      },
    });
    await expect(sign(beside.id)).rejects.toThrow(VisitTreatedAlready);
    const amended = await practice.corrections.amend(doctor(), first.id, 'Depth left out');
    expect(await sign(amended.id)).toMatchObject({ status: 'signed', appointmentId: visit });
    await expect(sign(beside.id)).rejects.toThrow(VisitTreatedAlready);
    await practice.corrections.enterInError(doctor(), amended.id, 'Wrong patient');
    expect(await sign(beside.id)).toMatchObject({ status: 'signed' });
  });

  const withdraw = (appointmentId: string) =>
    practice.visits.change(
      uk.actor.receptionist,
      appointmentId,
      'enter-in-error',
      { reason: 'Booked twice' },
      undefined,
    );

  it('keeps the desk from entering its visit in error as long as it stands', async () => {
    const seed = await practice.draft(uk);
    const visit = await anAppointment(seed.patientId, 'arrived', 16);
    const draft = await practice.treatments.begin(doctor(), {
      patientId: seed.patientId,
      clearanceId: seed.clearanceId ?? '',
      locationId: uk.locationId,
      kind: 'full',
      record: RECORDED,
      appointmentId: visit,
      injections: await practice.points(uk),
    });
    await sign(draft.id);
    await expect(withdraw(visit)).rejects.toThrow(VisitTreated);
    await expect(withdraw(visit)).rejects.toMatchObject({ facts: { treatmentIds: [draft.id] } });
    const amended = await practice.corrections.amend(doctor(), draft.id, 'Depth left out');
    await sign(amended.id);
    await expect(withdraw(visit)).rejects.toMatchObject({ facts: { treatmentIds: [amended.id] } });
    await practice.corrections.enterInError(doctor(), amended.id, 'Wrong patient');
    expect(await withdraw(visit)).toMatchObject({ status: 'entered-in-error' });
  });

  it('is signed, or its visit entered in error, when both are tried at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const seed = await practice.draft(uk);
      const visit = await anAppointment(seed.patientId, 'in-progress', 17);
      const draft = await practice.treatments.begin(doctor(), {
        patientId: seed.patientId,
        clearanceId: seed.clearanceId ?? '',
        locationId: uk.locationId,
        kind: 'full',
        record: RECORDED,
        appointmentId: visit,
        injections: await practice.points(uk),
      });
      const answers = await Promise.allSettled([sign(draft.id), withdraw(visit)]);
      const refusals = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(refusals).toHaveLength(1);
      expect([PatientNotHere, VisitTreated].some((expected) => refusals[0] instanceof expected)).toBe(true);
      await practice.db.admin.query(`UPDATE appointment SET status = 'cancelled' WHERE id = $1`, [visit]);
    }
  });
});
