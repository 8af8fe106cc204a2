import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Fields } from '../domain/changes.js';
import { PatientLeftCare } from '../domain/patients.errors.js';
import { assertInLifetime } from '../domain/register.js';
import type { PatientView } from '../http/patient.views.js';
import { PatientRecords, type Reader } from '../patient-records.js';
import { FutureVisitsPort, PatientEventsPort } from '../patients.ports.js';
import { type PatientRecord, PatientsRepository } from '../patients.repository.js';
import type {
  DepartedView,
  FutureVisitView,
  RecordDeparture,
  TakeBackDeparture,
} from './http/standing.dto.js';
import { DeathStands, NeverLeftCare } from './standing.errors.js';

const CANCELLED_BECAUSE = {
  deceased: 'The patient died',
  transferred: 'The patient left the clinic',
} as const;

/** Whether a patient is in care: died, moved away, came back, or it was recorded by mistake. */
@Injectable()
export class StandingService {
  constructor(
    private readonly patients: PatientsRepository,
    private readonly records: PatientRecords,
    private readonly visits: FutureVisitsPort,
    private readonly events: PatientEventsPort,
  ) {}

  /** @throws PatientNotFound, PatientMerged, StaleVersion, PatientLeftCare, RecordedDateImpossible */
  async depart(
    actor: Reader,
    id: string,
    { cause, on, cancelAppointments = false }: RecordDeparture,
    read: number | undefined,
  ): Promise<DepartedView> {
    let futureAppointments: FutureVisitView[] = [];
    const view = await this.records.changing(actor, id, read, 'patient.depart', async (tx, open) => {
      const { status } = open.record;
      if (status !== 'active') throw new PatientLeftCare({ patientId: id, status });
      assertInLifetime(calendarDate(on), open.birthDate, open.today);
      const change = standing(open.record, { status: cause, statusOn: on });
      await this.patients.change(tx, id, {
        verb: 'depart',
        ...change,
        besides: { statusRecordedAt: tx.now },
      });
      const visits = await this.visits.list(tx, await this.records.united(tx, id));
      if (cancelAppointments)
        await this.visits.cancel(
          tx,
          visits.map(({ appointmentId }) => appointmentId),
          CANCELLED_BECAUSE[cause],
        );
      futureAppointments = visits.map((visit) => ({ ...visit, cancelled: cancelAppointments }));
      await this.events.publish(tx, { verb: cause === 'deceased' ? 'died' : 'transferred', patientId: id });
      return [cause];
    });
    return { ...view, futureAppointments };
  }

  /** Cancelled visits stay cancelled. @throws PatientNotFound, PatientMerged, StaleVersion, NeverLeftCare, DeathStands */
  takeBack(
    actor: Reader,
    id: string,
    { because, reason }: TakeBackDeparture,
    read: number | undefined,
  ): Promise<PatientView> {
    return this.records.changing(actor, id, read, 'patient.reactivate', async (tx, open) => {
      const { status } = open.record;
      if (status === 'active') throw new NeverLeftCare({ patientId: id });
      if (status === 'deceased' && because === 'returned') throw new DeathStands({ patientId: id });
      const change = standing(open.record, { status: 'active', statusOn: null });
      const besides = { statusRecordedAt: null };
      await this.patients.change(tx, id, { verb: because, reason, ...change, besides });
      await this.events.publish(tx, { verb: 'reactivated', patientId: id });
      return [because];
    });
  }
}

const standing = ({ status, statusOn }: PatientRecord, after: Fields): { before: Fields; after: Fields } => ({
  before: { status, statusOn },
  after,
});
