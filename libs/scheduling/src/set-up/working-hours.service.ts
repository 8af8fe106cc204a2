import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { StaffService } from '#identity';
import { Injectable } from '@nestjs/common';

import { LocationNotFound } from '../domain/scheduling.errors.js';
import { checkWeeklyShifts } from '../domain/working-time.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import type { WeeklyShift } from './http/weekly-shift.dto.js';
import type { ChangedWorkingHours, WorkingHoursView } from './http/working-hours.dto.js';
import { LocationsRepository } from './locations.repository.js';
import { WorkingHoursRepository } from './working-hours.repository.js';

/** When people work, week by week. Changes never move an appointment that is booked already. */
@Injectable()
export class WorkingHoursService {
  constructor(
    private readonly database: Database,
    private readonly workingHours: WorkingHoursRepository,
    private readonly locations: LocationsRepository,
    private readonly staff: StaffService,
    private readonly misfits: MisfitsService,
  ) {}

  /** @throws StaffNotFound, LocationNotFound */
  weekly(actor: Actor, practitionerId: string, locationId: string): Promise<WorkingHoursView> {
    return this.database.read(actor, async (tx) => {
      await this.#require(tx, practitionerId, locationId);
      return this.#read(tx, practitionerId, locationId);
    });
  }

  /**
   * Replaces all shifts of this practitioner at this location.
   * @throws StaffNotFound, LocationNotFound, StaleVersion, WorkingHoursInvalid
   */
  setWeekly(
    actor: Actor,
    practitionerId: string,
    locationId: string,
    hours: readonly WeeklyShift[],
    read?: number,
  ): Promise<ChangedWorkingHours> {
    checkWeeklyShifts(hours);
    return this.database.write(actor, async (tx) => {
      await this.#require(tx, practitionerId, locationId);
      assertFresh(await this.workingHours.lock(tx, practitionerId, locationId), read);
      const { misfits } = await this.misfits.madeBy(tx, { practitionerId, locationId }, () =>
        this.workingHours.set(tx, practitionerId, locationId, hours),
      );
      await record(tx, {
        action: 'working-hours.set',
        entityId: practitionerId,
        patientId: null,
        detail: { locationId },
      });
      return { ...(await this.#read(tx, practitionerId, locationId)), misfits };
    });
  }

  async #require(tx: Tx, practitionerId: string, locationId: string): Promise<void> {
    await this.staff.requirePractitioner(tx, practitionerId);
    const [location] = await this.locations.locations(tx, locationId);
    if (!location) throw new LocationNotFound();
  }

  async #read(tx: Tx, practitionerId: string, locationId: string): Promise<WorkingHoursView> {
    const hours = await this.workingHours.hours(tx, practitionerId, locationId);
    const version = await this.workingHours.version(tx, practitionerId, locationId);
    return { practitionerId, locationId, hours, version };
  }
}
