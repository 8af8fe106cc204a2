import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { StaffNotFound, StaffService } from '#identity';
import { Injectable } from '@nestjs/common';

import { AppointmentTypeNotFound, NameTaken } from '../domain/scheduling.errors.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentTypesRepository } from './appointment-types.repository.js';
import type {
  AddAppointmentType,
  AppointmentTypeList,
  AppointmentTypeView,
  ChangeAppointmentType,
  ChangedAppointmentType,
} from './http/appointment-type.dto.js';
import { keepingNamesApart } from './names.js';
import { SetUpChanges } from './set-up-changes.js';

/** What the clinic offers. A change never moves an appointment, nor makes one longer. */
@Injectable()
export class AppointmentTypesService {
  constructor(
    private readonly database: Database,
    private readonly types: AppointmentTypesRepository,
    private readonly staff: StaffService,
    private readonly misfits: MisfitsService,
    private readonly changes: SetUpChanges,
  ) {}

  list(actor: Actor): Promise<AppointmentTypeList> {
    return this.database.read(actor, async (tx) => ({ items: await this.types.list(tx) }));
  }

  /** @throws NameTaken, StaffNotFound for someone who is no practitioner here */
  add(actor: Actor, type: AddAppointmentType): Promise<AppointmentTypeView> {
    return this.database.write(actor, async (tx) => {
      await this.#requirePractitioners(tx, type.practitionerIds ?? []);
      const added = await this.types.add(tx, type);
      if (!added) throw new NameTaken({ name: type.name });
      await record(tx, { action: 'appointment-type.add', entityId: added.id, patientId: null });
      return added;
    });
  }

  /** @throws AppointmentTypeNotFound, StaleVersion, NameTaken, StaffNotFound for someone new who is no practitioner here */
  change(
    actor: Actor,
    id: string,
    change: ChangeAppointmentType,
    read?: number,
  ): Promise<ChangedAppointmentType> {
    return keepingNamesApart(change.name, () =>
      this.database.write(actor, async (tx) => {
        const present = await this.types.lock(tx, id);
        if (!present) throw new AppointmentTypeNotFound();
        assertFresh(present.version, read);
        const known = new Set(present.practitionerIds);
        await this.#requirePractitioners(
          tx,
          (change.practitionerIds ?? []).filter((one) => !known.has(one)),
        );
        const { result, ...misfits } = await this.misfits.madeBy(tx, { typeId: id }, () =>
          this.types.change(tx, present, change),
        );
        // Who waits for a type that was not offered could be given nothing.
        if (result.active && !present.active) await this.changes.tellOfAll(tx, {});
        const detail = { fields: Object.keys(change) };
        await record(tx, { action: 'appointment-type.change', entityId: id, patientId: null, detail });
        return { ...result, ...misfits };
      }),
    );
  }

  async #requirePractitioners(tx: Tx, wanted: readonly string[]): Promise<void> {
    if (wanted.length === 0) return;
    const practitioners = (await this.staff.find(tx, wanted)).filter(({ roles }) =>
      roles.includes('practitioner'),
    );
    if (practitioners.length < wanted.length) throw new StaffNotFound();
  }
}
