import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { StaffNotFound, StaffService } from '#identity';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, NameTaken } from '../domain/scheduling.errors.js';
import { checkWeeklyShifts } from '../domain/working-time.js';
import type {
  AppointmentTypeList,
  AppointmentTypeView,
  LocationList,
  LocationView,
} from '../http/set-up-view.dto.js';
import type {
  AddAppointmentType,
  AddRoom,
  ClosedDayEntry,
  OpenLocation,
  WeeklyShift,
} from '../http/set-up.dto.js';
import { SetUpRepository } from './set-up.repository.js';

/** Where the clinic works and what it offers. Changes never move an appointment that is already booked. */
@Injectable()
export class LocationsService {
  constructor(
    private readonly database: Database,
    private readonly setUp: SetUpRepository,
    private readonly staff: StaffService,
  ) {}

  list(actor: Actor): Promise<LocationList> {
    return this.database.read(actor, async (tx) => ({ items: await this.setUp.locations(tx, null) }));
  }

  /** @throws NameTaken */
  open(actor: Actor, location: OpenLocation): Promise<LocationView> {
    return this.database.write(actor, async (tx) => {
      const id = await this.setUp.openLocation(tx, location);
      if (id === null) throw new NameTaken({ name: location.name });
      return this.#changed(tx, id, 'location.open');
    });
  }

  /** @throws LocationNotFound, WorkingHoursInvalid */
  setOpeningHours(actor: Actor, id: string, hours: readonly WeeklyShift[]): Promise<LocationView> {
    checkWeeklyShifts(hours);
    return this.#changing(actor, id, 'location.set-opening-hours', (tx) =>
      this.setUp.setOpeningHours(tx, id, hours),
    );
  }

  /** @throws LocationNotFound */
  setClosedDays(actor: Actor, id: string, days: readonly ClosedDayEntry[]): Promise<LocationView> {
    return this.#changing(actor, id, 'location.set-closed-days', (tx) =>
      this.setUp.setClosedDays(tx, id, days),
    );
  }

  /** @throws LocationNotFound, NameTaken */
  addRoom(actor: Actor, id: string, room: AddRoom): Promise<LocationView> {
    return this.#changing(actor, id, 'location.add-room', async (tx) => {
      if ((await this.setUp.addRoom(tx, id, room)) === null) throw new NameTaken({ name: room.name });
    });
  }

  types(actor: Actor): Promise<AppointmentTypeList> {
    return this.database.read(actor, async (tx) => ({ items: await this.setUp.types(tx, null) }));
  }

  /** @throws NameTaken, StaffNotFound for someone who is no practitioner here */
  addType(actor: Actor, type: AddAppointmentType): Promise<AppointmentTypeView> {
    return this.database.write(actor, async (tx) => {
      const wanted = type.practitionerIds ?? [];
      const practitioners = (await this.staff.find(tx, wanted)).filter(({ roles }) =>
        roles.includes('practitioner'),
      );
      if (practitioners.length < wanted.length) throw new StaffNotFound();
      const id = await this.setUp.addType(tx, type);
      if (id === null) throw new NameTaken({ name: type.name });
      await record(tx, { action: 'appointment-type.add', entityId: id, patientId: null });
      const [view] = await this.setUp.types(tx, id);
      if (!view) throw new Error('The appointment type just added cannot be read');
      return view;
    });
  }

  #changing(
    actor: Actor,
    id: string,
    action: `location.${string}`,
    work: (tx: Tx) => Promise<void>,
  ): Promise<LocationView> {
    return this.database.write(actor, async (tx) => {
      if ((await this.setUp.locations(tx, id)).length === 0) throw new LocationNotFound();
      await work(tx);
      return this.#changed(tx, id, action);
    });
  }

  async #changed(tx: Tx, id: string, action: `location.${string}`): Promise<LocationView> {
    await record(tx, { action, entityId: id, patientId: null });
    const [view] = await this.setUp.locations(tx, id);
    if (!view) throw new LocationNotFound();
    return view;
  }
}
