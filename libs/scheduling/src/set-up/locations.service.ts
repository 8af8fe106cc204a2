import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, NameTaken } from '../domain/scheduling.errors.js';
import { checkTimesOfDay, checkWeeklyShifts } from '../domain/working-time.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import type { ChangeLocation, ClosedDayEntry, ExtraOpeningEntry, OpenLocation } from './http/location.dto.js';
import type { ChangedLocation, LocationList, LocationView } from './http/location.view.js';
import type { WeeklyShift } from './http/weekly-shift.dto.js';
import { LocationsRepository } from './locations.repository.js';
import { keepingNamesApart } from './names.js';

/**
 * Where the clinic works and when it is open. Changes never move an appointment that is booked already: each answers how
 * many appointments still to come no longer fit.
 */
@Injectable()
export class LocationsService {
  constructor(
    private readonly database: Database,
    private readonly setUp: LocationsRepository,
    private readonly misfits: MisfitsService,
  ) {}

  list(actor: Actor): Promise<LocationList> {
    return this.database.read(actor, async (tx) => ({ items: await this.setUp.locations(tx, null) }));
  }

  /** @throws NameTaken */
  open(actor: Actor, location: OpenLocation): Promise<LocationView> {
    return this.database.write(actor, async (tx) => {
      const id = await this.setUp.open(tx, location);
      if (id === null) throw new NameTaken({ name: location.name });
      await record(tx, { action: 'location.open', entityId: id, patientId: null });
      return this.#read(tx, id);
    });
  }

  /** Name, zone, and whether it can be booked. @throws LocationNotFound, StaleVersion, NameTaken */
  change(actor: Actor, id: string, change: ChangeLocation, read?: number): Promise<ChangedLocation> {
    return keepingNamesApart(change.name, () =>
      this.#changing(actor, id, read, 'location.change', () => Promise.resolve(), change),
    );
  }

  /** @throws LocationNotFound, StaleVersion, WorkingHoursInvalid */
  setOpeningHours(
    actor: Actor,
    id: string,
    hours: readonly WeeklyShift[],
    read?: number,
  ): Promise<ChangedLocation> {
    checkWeeklyShifts(hours);
    return this.#changing(actor, id, read, 'location.set-opening-hours', (tx) =>
      this.setUp.setOpeningHours(tx, id, hours),
    );
  }

  /** @throws LocationNotFound, StaleVersion */
  setClosedDays(
    actor: Actor,
    id: string,
    days: readonly ClosedDayEntry[],
    read?: number,
  ): Promise<ChangedLocation> {
    return this.#changing(actor, id, read, 'location.set-closed-days', (tx) =>
      this.setUp.setClosedDays(tx, id, days),
    );
  }

  /** @throws LocationNotFound, StaleVersion, WorkingHoursInvalid */
  setExtraOpenings(
    actor: Actor,
    id: string,
    openings: readonly ExtraOpeningEntry[],
    read?: number,
  ): Promise<ChangedLocation> {
    checkTimesOfDay(openings);
    return this.#changing(actor, id, read, 'location.set-extra-openings', (tx) =>
      this.setUp.setExtraOpenings(tx, id, openings),
    );
  }

  #changing(
    actor: Actor,
    id: string,
    read: number | undefined,
    action: `location.${string}`,
    work: (tx: Tx) => Promise<void>,
    change: ChangeLocation = {},
  ): Promise<ChangedLocation> {
    return this.database.write(actor, async (tx) => {
      const present = await this.setUp.lock(tx, id);
      if (!present) throw new LocationNotFound();
      assertFresh(present.version, read);
      const { misfits } = await this.misfits.madeBy(tx, { locationId: id }, async () => {
        await work(tx);
        await this.setUp.change(tx, id, change);
      });
      await record(tx, { action, entityId: id, patientId: null, detail: { fields: Object.keys(change) } });
      return { ...(await this.#read(tx, id)), misfits };
    });
  }

  async #read(tx: Tx, id: string): Promise<LocationView> {
    const [view] = await this.setUp.locations(tx, id);
    if (!view) throw new LocationNotFound();
    return view;
  }
}
