import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { StaffService } from '#identity';
import { readMoment } from '#kernel';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, SetUpEntryNotFound, SpanInverted } from '../domain/scheduling.errors.js';
import { checkWeeklyShifts } from '../domain/working-time.js';
import type {
  AbsenceView,
  ExceptionsView,
  ExtraHoursView,
  WorkingHoursView,
} from '../http/set-up-view.dto.js';
import type { AddAbsence, AddExtraHours, WeeklyShift } from '../http/set-up.dto.js';
import { AppointmentEventsPort } from '../scheduling.ports.js';
import { type PersonalSpan, SetUpRepository } from './set-up.repository.js';

/** When people work. Changes never move an appointment that is already booked. */
@Injectable()
export class WorkingHoursService {
  constructor(
    private readonly database: Database,
    private readonly setUp: SetUpRepository,
    private readonly staff: StaffService,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** @throws StaffNotFound, LocationNotFound */
  weekly(actor: Actor, practitionerId: string, locationId: string): Promise<WorkingHoursView> {
    return this.database.read(actor, async (tx) => {
      await this.#require(tx, practitionerId, locationId);
      return {
        practitionerId,
        locationId,
        hours: await this.setUp.workingHours(tx, practitionerId, locationId),
      };
    });
  }

  /** Replaces all shifts of this practitioner at this location. @throws StaffNotFound, LocationNotFound, WorkingHoursInvalid */
  setWeekly(
    actor: Actor,
    practitionerId: string,
    locationId: string,
    hours: readonly WeeklyShift[],
  ): Promise<WorkingHoursView> {
    checkWeeklyShifts(hours);
    return this.database.write(actor, async (tx) => {
      await this.#require(tx, practitionerId, locationId);
      await this.setUp.setWorkingHours(tx, practitionerId, locationId, hours);
      await record(tx, {
        action: 'working-hours.set',
        entityId: practitionerId,
        patientId: null,
        detail: { locationId },
      });
      return {
        practitionerId,
        locationId,
        hours: await this.setUp.workingHours(tx, practitionerId, locationId),
      };
    });
  }

  /** Absences and extra hours that have not ended yet. @throws StaffNotFound */
  exceptions(actor: Actor, practitionerId: string): Promise<ExceptionsView> {
    return this.database.read(actor, async (tx) => {
      await this.staff.requirePractitioner(tx, practitionerId);
      const absences = await this.setUp.absences(tx, practitionerId);
      return { absences, extraHours: await this.setUp.extraHours(tx, practitionerId) };
    });
  }

  /** @throws StaffNotFound, LocationNotFound, SpanInverted */
  addAbsence(actor: Actor, practitionerId: string, absence: AddAbsence): Promise<AbsenceView> {
    return this.database.write(actor, async (tx) => {
      const span = await this.#span(tx, practitionerId, absence);
      const added = await this.setUp.addAbsence(tx, span, absence.reason);
      await record(tx, { action: 'absence.add', entityId: added.id, patientId: null });
      return added;
    });
  }

  /** @throws StaffNotFound, LocationNotFound, SpanInverted */
  addExtraHours(actor: Actor, practitionerId: string, extra: AddExtraHours): Promise<ExtraHoursView> {
    return this.database.write(actor, async (tx) => {
      const span = await this.#span(tx, practitionerId, extra);
      const added = await this.setUp.addExtraHours(tx, span);
      await this.events.publishFreedTime(tx, { ...span, start: span.startsAt, end: span.endsAt });
      await record(tx, { action: 'extra-hours.add', entityId: added.id, patientId: null });
      return added;
    });
  }

  /** @throws SetUpEntryNotFound */
  dropAbsence(actor: Actor, practitionerId: string, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.setUp.dropAbsence(tx, practitionerId, id))) throw new SetUpEntryNotFound();
      await record(tx, { action: 'absence.drop', entityId: id, patientId: null });
    });
  }

  /** @throws SetUpEntryNotFound */
  dropExtraHours(actor: Actor, practitionerId: string, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.setUp.dropExtraHours(tx, practitionerId, id))) throw new SetUpEntryNotFound();
      await record(tx, { action: 'extra-hours.drop', entityId: id, patientId: null });
    });
  }

  async #require(tx: Tx, practitionerId: string, locationId: string): Promise<{ zone: string }> {
    await this.staff.requirePractitioner(tx, practitionerId);
    const [location] = await this.setUp.locations(tx, locationId);
    if (!location) throw new LocationNotFound();
    return location;
  }

  async #span(
    tx: Tx,
    practitionerId: string,
    { locationId, ...typed }: AddExtraHours,
  ): Promise<PersonalSpan> {
    const { zone } = await this.#require(tx, practitionerId, locationId);
    const [startsAt, endsAt] = [readMoment(typed.startsAt, zone), readMoment(typed.endsAt, zone)];
    if (endsAt <= startsAt) throw new SpanInverted({ startsAt, endsAt });
    return { practitionerId, locationId, startsAt, endsAt };
  }
}
