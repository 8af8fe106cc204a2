import { AppointmentOfAnother } from '#consultations';
import { newId } from '#kernel';
import { PatientNotHere } from '#scheduling';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import * as refused from '../src/domain/treatments.errors.js';
import { RECORDED } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

describe('a treatment', () => {
  let practice: Practice;
  let uk: Clinic;

  const doctor = () => uk.actor.prescriber;
  const nurse = () => uk.actor.practitioner;
  const sign = (id: string) => practice.signing.sign(doctor(), id, {});

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
  });
  afterAll(() => practice.close());

  it('takes place in a visit of this patient with this practitioner, completes it, and is the only full one of it', async () => {
    const typeId = newId();
    await practice.db.admin.query(
      `INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes) VALUES ($1, $2, 'Treatment', 'treatment', 30)`,
      [uk.clinicId, typeId],
    );
    const plan = ['glabella', 'lateral_canthal'].map((area) => ({ area, product: 'ona', units: 20 }));
    const seed = await practice.draft(uk, { cleared: { plan } });
    const appointment = async (status: string, hour: number, practitionerId = doctor().staffId) => {
      const id = newId();
      await practice.db.admin.query(
        `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, status, booked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $9, $4)`,
        [
          uk.clinicId,
          id,
          seed.patientId,
          practitionerId,
          uk.locationId,
          typeId,
          `2026-03-02T${hour}:00:00Z`,
          `2026-03-02T${hour}:30:00Z`,
          status,
        ],
      );
      return id;
    };
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
    await expect(sign(beside.id)).rejects.toThrow(refused.VisitTreatedAlready);
    const amended = await practice.corrections.amend(doctor(), first.id, 'Depth left out');
    expect(await sign(amended.id)).toMatchObject({ status: 'signed', appointmentId: visit });
    await expect(sign(beside.id)).rejects.toThrow(refused.VisitTreatedAlready);
    await practice.corrections.enterInError(doctor(), amended.id, 'Wrong patient');
    expect(await sign(beside.id)).toMatchObject({ status: 'signed' });
  });
});
