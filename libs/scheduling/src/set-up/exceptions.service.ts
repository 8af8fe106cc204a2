import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh, InvalidInput } from '#http';
import { StaffService } from '#identity';
import { calendarDate, readMoment } from '#kernel';
import { Injectable } from '@nestjs/common';

import { LocationNotFound, SetUpEntryNotFound, SpanInverted } from '../domain/scheduling.errors.js';
import { wholeDays } from '../domain/working-time.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentEventsPort } from '../scheduling.ports.js';
import { type AbsenceSpan, ExceptionsRepository, type ExtraSpan } from './exceptions.repository.js';
import type { SetUpChanged } from './http/location.view.js';
import type {
  AddExtraHours,
  ChangedAbsence,
  ChangedExtraHours,
  ExceptionsView,
  NoteAbsence,
} from './http/working-hours.dto.js';
import { LocationsRepository } from './locations.repository.js';

/** When somebody is away, from every location at once, or in beside their weekly hours. Nothing booked is ever moved. */
@Injectable()
export class ExceptionsService {
  constructor(
    private readonly database: Database,
    private readonly exceptions: ExceptionsRepository,
    private readonly locations: LocationsRepository,
    private readonly staff: StaffService,
    private readonly misfits: MisfitsService,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** Absences and extra hours that have not ended yet. @throws StaffNotFound */
  list(actor: Actor, practitionerId: string): Promise<ExceptionsView> {
    return this.database.read(actor, async (tx) => {
      await this.staff.requirePractitioner(tx, practitionerId);
      const absences = await this.exceptions.absences(tx, practitionerId);
      return { absences, extraHours: await this.exceptions.extraHours(tx, practitionerId) };
    });
  }

  /** @throws StaffNotFound, LocationNotFound, SpanInverted, InvalidInput for days and moments at once */
  addAbsence(actor: Actor, practitionerId: string, absence: NoteAbsence): Promise<ChangedAbsence> {
    return this.database.write(actor, async (tx) => {
      const span = await this.#absence(tx, practitionerId, absence);
      const { result, misfits } = await this.misfits.madeBy(tx, { practitionerId }, () =>
        this.exceptions.addAbsence(tx, practitionerId, span, absence.reason),
      );
      await record(tx, { action: 'absence.add', entityId: result.id, patientId: null });
      return { ...result, misfits };
    });
  }

  /** Says anew when and why. @throws as `addAbsence`; SetUpEntryNotFound, StaleVersion */
  changeAbsence(
    actor: Actor,
    practitionerId: string,
    id: string,
    absence: NoteAbsence,
    read?: number,
  ): Promise<ChangedAbsence> {
    return this.database.write(actor, async (tx) => {
      this.#assertThere(await this.exceptions.lockAbsence(tx, practitionerId, id), read);
      const span = await this.#absence(tx, practitionerId, absence);
      const { result, misfits } = await this.misfits.madeBy(tx, { practitionerId }, () =>
        this.exceptions.changeAbsence(tx, practitionerId, id, span, absence.reason),
      );
      await record(tx, { action: 'absence.change', entityId: id, patientId: null });
      return { ...result, misfits };
    });
  }

  /** @throws SetUpEntryNotFound, StaleVersion */
  dropAbsence(actor: Actor, practitionerId: string, id: string, read?: number): Promise<SetUpChanged> {
    return this.database.write(actor, async (tx) => {
      this.#assertThere(await this.exceptions.lockAbsence(tx, practitionerId, id), read);
      await this.exceptions.dropAbsence(tx, practitionerId, id);
      await record(tx, { action: 'absence.drop', entityId: id, patientId: null });
      // Whoever is there again makes nothing unfit.
      return { misfits: 0 };
    });
  }

  /** @throws StaffNotFound, LocationNotFound, SpanInverted */
  addExtraHours(actor: Actor, practitionerId: string, extra: AddExtraHours): Promise<ChangedExtraHours> {
    return this.database.write(actor, async (tx) => {
      const span = await this.#extra(tx, practitionerId, extra);
      const added = await this.exceptions.addExtraHours(tx, practitionerId, span);
      await this.#tell(tx, practitionerId, span);
      await record(tx, { action: 'extra-hours.add', entityId: added.id, patientId: null });
      return { ...added, misfits: 0 };
    });
  }

  /** Says anew where and when. @throws as `addExtraHours`; SetUpEntryNotFound, StaleVersion */
  changeExtraHours(
    actor: Actor,
    practitionerId: string,
    id: string,
    extra: AddExtraHours,
    read?: number,
  ): Promise<ChangedExtraHours> {
    return this.database.write(actor, async (tx) => {
      this.#assertThere(await this.exceptions.lockExtraHours(tx, practitionerId, id), read);
      const span = await this.#extra(tx, practitionerId, extra);
      const { result, misfits } = await this.misfits.madeBy(tx, { practitionerId }, () =>
        this.exceptions.changeExtraHours(tx, practitionerId, id, span),
      );
      await this.#tell(tx, practitionerId, span);
      await record(tx, { action: 'extra-hours.change', entityId: id, patientId: null });
      return { ...result, misfits };
    });
  }

  /** @throws SetUpEntryNotFound, StaleVersion */
  dropExtraHours(actor: Actor, practitionerId: string, id: string, read?: number): Promise<SetUpChanged> {
    return this.database.write(actor, async (tx) => {
      this.#assertThere(await this.exceptions.lockExtraHours(tx, practitionerId, id), read);
      const { misfits } = await this.misfits.madeBy(tx, { practitionerId }, () =>
        this.exceptions.dropExtraHours(tx, practitionerId, id),
      );
      await record(tx, { action: 'extra-hours.drop', entityId: id, patientId: null });
      return { misfits };
    });
  }

  /** Whoever waits for an earlier time may have it now. */
  #tell(tx: Tx, practitionerId: string, { locationId, startsAt, endsAt }: ExtraSpan): Promise<void> {
    return this.events.publishFreedTime(tx, { practitionerId, locationId, start: startsAt, end: endsAt });
  }

  #assertThere(present: { version: number } | null, read: number | undefined): void {
    if (!present) throw new SetUpEntryNotFound();
    assertFresh(present.version, read);
  }

  async #zone(tx: Tx, locationId: string): Promise<string> {
    const [location] = await this.locations.locations(tx, locationId);
    if (!location) throw new LocationNotFound();
    return location.zone;
  }

  async #extra(tx: Tx, practitionerId: string, { locationId, ...typed }: AddExtraHours): Promise<ExtraSpan> {
    await this.staff.requirePractitioner(tx, practitionerId);
    return { locationId, ...momentsOf(typed, await this.#zone(tx, locationId)) };
  }

  async #absence(tx: Tx, practitionerId: string, absence: NoteAbsence): Promise<AbsenceSpan> {
    const { locationId, startsAt, endsAt, startsOn, endsOn } = absence;
    if (startsOn !== undefined && startsAt !== undefined)
      throw new InvalidInput([
        { pointer: '/startsOn', in: 'body', detail: 'Give whole days or moments, not both' },
      ]);
    await this.staff.requirePractitioner(tx, practitionerId);
    const zone = locationId === undefined ? null : await this.#zone(tx, locationId);
    if (startsOn === undefined || endsOn === undefined) {
      if (startsAt === undefined || endsAt === undefined || zone === null)
        throw new InvalidInput([{ pointer: '', in: 'body', detail: 'Say from when to when' }]);
      return { ...momentsOf({ startsAt, endsAt }, zone), startsOn: null, endsOn: null };
    }
    const [first, last] = [calendarDate(startsOn), calendarDate(endsOn)];
    if (last < first) throw new SpanInverted({ startsOn, endsOn });
    const span = wholeDays(first, last, await this.exceptions.zonesOf(tx, practitionerId));
    return { startsAt: new Date(span.start), endsAt: new Date(span.end), startsOn, endsOn };
  }
}

/** @throws SpanInverted, and what a local time that does not exist, or exists twice, is refused with */
function momentsOf(
  typed: { readonly startsAt: string; readonly endsAt: string },
  zone: string,
): { startsAt: Date; endsAt: Date } {
  const [startsAt, endsAt] = [readMoment(typed.startsAt, zone), readMoment(typed.endsAt, zone)];
  if (endsAt <= startsAt) throw new SpanInverted({ startsAt, endsAt });
  return { startsAt, endsAt };
}
