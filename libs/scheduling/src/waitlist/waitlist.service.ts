import { record } from '#audit';
import { areaOf, CatalogueService } from '#catalogue';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { StaffNotFound } from '#identity';
import { calendarDate, dateIn, isId, isInstant, type WallTime } from '#kernel';
import { PatientNotFound } from '#patients';
import { Injectable } from '@nestjs/common';

import {
  AppointmentNotFound,
  AppointmentTypeNotFound,
  LocationNotFound,
} from '../domain/scheduling.errors.js';
import { HoldsService } from '../holds/holds.service.js';
import {
  AlreadyWaiting,
  ReplacesRefused,
  WaitlistEntryNotFound,
  WaitlistWishInvalid,
} from './domain/waitlist.errors.js';
import { barringAlways, PRIORITIES } from './domain/waitlist-match.js';
import { afterVerb, endingOf } from './domain/waitlist-status.js';
import type { ChangeWish, JoinWaitlist, ListWaitlist } from './http/waitlist.dto.js';
import type { WaitlistEntryView, WaitlistHistory, WaitlistPage } from './http/waitlist.view.js';
import { WaitlistOffersRepository } from './waitlist-offers.repository.js';
import { type KeptWish, viewOf, WaitlistRepository, type WaitlistRow } from './waitlist.repository.js';

/** Patients who would come earlier. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly database: Database,
    private readonly waitlist: WaitlistRepository,
    private readonly offers: WaitlistOffersRepository,
    private readonly holds: HoldsService,
    private readonly catalogue: CatalogueService,
  ) {}

  /** @throws AlreadyWaiting, WaitlistWishInvalid, ReplacesRefused, PatientNotBookable, PatientUnderAge on every day wished for; *NotFound for what this clinic does not have; UnknownArea */
  join(actor: Actor, { patientId, typeId, ...wanted }: JoinWaitlist): Promise<WaitlistEntryView> {
    return this.database.write(actor, async (tx) => {
      const wish = await this.#checked(tx, patientId, typeId, wishOf(wanted, null, tx.now), true);
      const id = await this.waitlist.join(tx, patientId, typeId, wish);
      if (id === null) throw new AlreadyWaiting({ patientId, typeId });
      await record(tx, { action: 'waitlist.join', entityId: id, patientId });
      return viewOf(await this.#read(tx, id));
    });
  }

  /** @throws WaitlistEntryNotFound */
  read(actor: Actor, id: string): Promise<WaitlistEntryView> {
    return this.database.read(actor, async (tx) => {
      const row = await this.#read(tx, id);
      await record(tx, { action: 'waitlist.read', entityId: id, patientId: row.patientId });
      return viewOf(row);
    });
  }

  /** By priority, then those who joined first. */
  list(actor: Actor, query: ListWaitlist): Promise<WaitlistPage> {
    const { status, patientId = null, typeId = null, locationId = null, limit } = query;
    const cursor = readCursor(query.after, [Number.isInteger, isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      const filter = { status, patientId, typeId, locationId };
      const rows = await this.waitlist.list(tx, filter, cursor, limit + 1);
      const { items, next } = pageOf(rows, limit, (row) => [
        row.priority,
        row.joinedAt.toISOString(),
        row.id,
      ]);
      return { items: items.map(viewOf), next };
    });
  }

  /** Only what is sent changes; the place in the line stays. @throws as `join`, WaitlistEntryNotFound, StaleVersion, WaitlistTransitionRefused */
  change(actor: Actor, id: string, change: ChangeWish, read: number | undefined): Promise<WaitlistEntryView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.#lock(tx, id);
      assertFresh(present.version, read);
      afterVerb(present.status, 'change');
      const { patientId, typeId } = present;
      const isNewReplaced = change.replacesId !== undefined && change.replacesId !== present.replacesId;
      const wish = wishOf(change, present, tx.now);
      await this.waitlist.change(tx, id, await this.#checked(tx, patientId, typeId, wish, isNewReplaced));
      const detail = { fields: Object.keys(change) };
      await record(tx, { action: 'waitlist.change', entityId: id, patientId, detail });
      return viewOf(await this.#read(tx, id));
    });
  }

  /**
   * Off the list; what is offered right now is free again at once. The hold is locked before the place, as everywhere.
   * @throws WaitlistEntryNotFound, StaleVersion, WaitlistTransitionRefused, HoldOver when it was accepted this moment
   */
  leave(actor: Actor, id: string, reason: string, read: number | undefined): Promise<WaitlistEntryView> {
    return this.database.write(actor, async (tx) => {
      const offer = await this.offers.openOf(tx, id);
      if (offer) await this.holds.releaseWithin(tx, offer.holdId);
      const present = await this.#lock(tx, id);
      assertFresh(present.version, read);
      const status = afterVerb(present.status, 'leave');
      if (offer) await this.offers.end(tx, offer.id, endingOf('leave'));
      const note = { verb: 'leave', reason, offerId: offer?.id ?? null } as const;
      await this.waitlist.moveOn(tx, id, status, note);
      await record(tx, { action: 'waitlist.leave', entityId: id, patientId: present.patientId });
      return viewOf(await this.#read(tx, id));
    });
  }

  /** Every change and offer with who, when and why, newest first. @throws WaitlistEntryNotFound */
  history(actor: Actor, id: string): Promise<WaitlistHistory> {
    return this.database.read(actor, async (tx) => {
      const { patientId } = await this.#read(tx, id);
      await record(tx, { action: 'waitlist.read-history', entityId: id, patientId });
      return { items: await this.waitlist.history(tx, id) };
    });
  }

  async #checked(
    tx: Tx,
    patientId: string,
    typeId: string,
    wish: KeptWish,
    isNewReplaced: boolean,
  ): Promise<KeptWish> {
    const { from, to, timeFrom, timeTo } = wish;
    if (to < from || timeTo <= timeFrom) throw new WaitlistWishInvalid({ from, to, timeFrom, timeTo });
    if (wish.areaIds.length > 0) {
      const catalogue = await this.catalogue.current(tx);
      for (const area of wish.areaIds) areaOf(catalogue, area);
    }
    const named = await this.waitlist.named(tx, patientId, typeId, wish);
    const { market, patient, type, replaced } = named;
    if (!patient) throw new PatientNotFound();
    if (!type) throw new AppointmentTypeNotFound();
    if (named.practitioners < wish.practitionerIds.length) throw new StaffNotFound();
    if (named.locations < wish.locationIds.length) throw new LocationNotFound();
    const barred = barringAlways({ market, patient, type }, wish.to);
    if (barred) throw barred;
    if (isNewReplaced && wish.replacesId !== null) {
      if (!replaced) throw new AppointmentNotFound();
      const { status, isAhead } = replaced;
      const isTheirs = replaced.patientId === patientId;
      if (!isTheirs || !isAhead || (status !== 'booked' && status !== 'confirmed'))
        throw new ReplacesRefused({ appointmentId: wish.replacesId, status, isTheirs, isAhead });
    }
    return wish;
  }

  async #read(tx: Tx, id: string): Promise<WaitlistRow> {
    const row = await this.waitlist.read(tx, id);
    if (!row) throw new WaitlistEntryNotFound();
    return row;
  }

  async #lock(tx: Tx, id: string): Promise<WaitlistRow> {
    const row = await this.waitlist.lock(tx, id);
    if (!row) throw new WaitlistEntryNotFound();
    return row;
  }
}

/** What is asked for, over what was asked for before; days begin with today where nothing is said. */
function wishOf(wanted: ChangeWish, before: WaitlistRow | null, now: Date): KeptWish {
  const priority =
    wanted.priority === undefined
      ? (before?.priority ?? PRIORITIES.indexOf('routine'))
      : PRIORITIES.indexOf(wanted.priority);
  const today = dateIn(now, 'UTC');
  return {
    practitionerIds: wanted.practitionerIds ?? before?.practitionerIds ?? [],
    locationIds: wanted.locationIds ?? before?.locationIds ?? [],
    weekdays: wanted.weekdays ?? before?.weekdays ?? [],
    timeFrom: wallTime(wanted.timeFrom ?? before?.timeFrom ?? '00:00'),
    timeTo: wallTime(wanted.timeTo ?? before?.timeTo ?? '24:00'),
    from: calendarDate(wanted.from ?? before?.from ?? today),
    to: calendarDate(wanted.to ?? before?.to ?? today),
    priority,
    areaIds: wanted.areaIds ?? before?.areaIds ?? [],
    replacesId: wanted.replacesId === undefined ? (before?.replacesId ?? null) : wanted.replacesId,
    note: wanted.note === undefined ? (before?.note ?? null) : wanted.note,
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the DTO has checked its form
const wallTime = (text: string): WallTime => text as WallTime;
