import { AppointmentOfAnother, ClearancesService } from '#consultations';
import type { Tx } from '#database';
import { StaffService, type RequestActor } from '#identity';
import { type CalendarDate, dateIn } from '#kernel';
import { PatientsService } from '#patients';
import { AppointmentsService, mustRest, ReinjectionTooEarly, TreatmentWindowsPort } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { TouchUpCompletesNothing } from './domain/touch-up.errors.js';
import type { ChartRecord } from './http/treatment-record.dto.js';
import type { BeginTreatment } from './http/treatment.dto.js';
import { TouchUpRules } from './touch-ups/touch-up-rules.js';
import type { TreatmentRow } from './treatment-rows.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';

/** What must hold before a needle is taken in hand. */
@Injectable()
export class BeginningRules {
  constructor(
    private readonly treatments: TreatmentsRepository,
    private readonly patients: PatientsService,
    private readonly appointments: AppointmentsService,
    private readonly clearances: ClearancesService,
    private readonly staff: StaffService,
    private readonly touchUps: TouchUpRules,
    private readonly windows: TreatmentWindowsPort,
  ) {}

  /**
   * The day it is at the location, if this person may treat this patient there now.
   * @throws PatientNotFound, PatientLeftCare, LocationNotFound, AppointmentNotFound, PatientNotHere, AppointmentOfAnother,
   *   ClearanceNotFound, NotCleared, ClearanceExpired, CoolingOff, StaffNotFound, TouchUpCompletesNothing, a touch-up on a wrong day
   */
  async assertMayBegin(tx: Tx, actor: RequestActor, begun: BeginTreatment): Promise<CalendarDate> {
    const { patientId, locationId, appointmentId, clearanceId } = begun;
    await this.patients.requireActive(tx, patientId);
    const treatedOn = dateIn(tx.now, (await this.appointments.locationOf(tx, locationId)).zone);
    if (appointmentId !== undefined) {
      const visit = await this.appointments.requireArrived(tx, appointmentId);
      const isTheirs = await this.patients.isSamePerson(tx, visit.patientId, patientId);
      const isOwn = isTheirs && visit.locationId === locationId;
      if (!isOwn || visit.practitionerId !== actor.staffId) throw new AppointmentOfAnother({ appointmentId });
    }
    const clearance = await this.clearances.requireClearance(tx, patientId, clearanceId, treatedOn);
    await this.clearances.assertReflected(tx, clearance, tx.now);
    await this.#assertCompletes(tx, begun, treatedOn);
    await this.assertRecord(tx, begun.record);
    return treatedOn;
  }

  /**
   * Before anything is charted, because afterwards it is injected: an area without response rests until its earliest date. A touch-up
   * belongs to the treatment before, an amendment to what was injected then.
   * @throws ReinjectionTooEarly
   */
  async assertRested(
    tx: Tx,
    {
      patientId,
      treatedOn,
      kind,
      amendsId,
    }: Pick<TreatmentRow, 'patientId' | 'treatedOn' | 'kind' | 'amendsId'>,
    injections: readonly { readonly area: string }[],
  ): Promise<void> {
    const areas = [...new Set(injections.map(({ area }) => area))];
    if (kind !== 'full' || amendsId !== null || areas.length === 0) return;
    const open = await this.windows.read(tx, patientId, areas);
    const windows = open.filter((window) => mustRest(window, treatedOn));
    if (windows.length > 0) throw new ReinjectionTooEarly({ plannedOn: treatedOn, windows });
  }

  /** @throws StaffNotFound for a supervisor who is not a practitioner here */
  async assertRecord(tx: Tx, record: ChartRecord | undefined): Promise<void> {
    if (record?.supervisorId !== undefined) await this.staff.requirePractitioner(tx, record.supervisorId);
  }

  async #assertCompletes(
    tx: Tx,
    { kind, completesId, patientId }: BeginTreatment,
    on: CalendarDate,
  ): Promise<void> {
    if ((kind === 'touch-up') !== (completesId !== undefined)) throw new TouchUpCompletesNothing({ kind });
    if (completesId === undefined) return;
    const completed = await this.treatments.read(tx, completesId);
    const isFit = completed?.kind === 'full' && completed.status === 'signed';
    if (!isFit || !(await this.patients.isSamePerson(tx, completed.patientId, patientId)))
      throw new TouchUpCompletesNothing({ completesId });
    await this.touchUps.assertDay(tx, completed.treatedOn, on);
  }
}
