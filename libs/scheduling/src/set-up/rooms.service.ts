import { record } from '#audit';
import { type Actor, Database } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, NameTaken, RoomNotFound } from '../domain/scheduling.errors.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { servesMore } from './domain/freed-time.js';
import type { AddRoom, ChangeRoom } from './http/location.dto.js';
import type { ChangedRoom, LocationView } from './http/location.view.js';
import { LocationsRepository } from './locations.repository.js';
import { keepingNamesApart } from './names.js';
import { SetUpChanges } from './set-up-changes.js';

/** The rooms of a location. A change never moves an appointment out of one; time a room was lacking for is offered again. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly database: Database,
    private readonly setUp: LocationsRepository,
    private readonly misfits: MisfitsService,
    private readonly changes: SetUpChanges,
  ) {}

  /** @throws LocationNotFound, NameTaken */
  add(actor: Actor, locationId: string, room: AddRoom): Promise<LocationView> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.setUp.lock(tx, locationId))) throw new LocationNotFound();
      const id = await this.setUp.addRoom(tx, locationId, room);
      if (id === null) throw new NameTaken({ name: room.name });
      await record(tx, { action: 'room.add', entityId: id, patientId: null, detail: { locationId } });
      const [view] = await this.setUp.locations(tx, locationId);
      if (!view) throw new LocationNotFound();
      await this.changes.tellOfAll(tx, { locationId });
      return view;
    });
  }

  /** Name, kind, equipment, and whether it can be booked. @throws RoomNotFound, StaleVersion, NameTaken */
  change(actor: Actor, id: string, change: ChangeRoom, read?: number): Promise<ChangedRoom> {
    return keepingNamesApart(change.name, () =>
      this.database.write(actor, async (tx) => {
        const present = await this.setUp.lockRoom(tx, id);
        if (!present) throw new RoomNotFound();
        assertFresh(present.version, read);
        const { result, ...misfits } = await this.misfits.madeBy(tx, { roomId: id }, () =>
          this.setUp.changeRoom(tx, id, change),
        );
        const { locationId } = present;
        if (servesMore(present, result)) await this.changes.tellOfAll(tx, { locationId });
        const detail = { fields: Object.keys(change) };
        await record(tx, { action: 'room.change', entityId: id, patientId: null, detail });
        return { ...result, ...misfits };
      }),
    );
  }
}
