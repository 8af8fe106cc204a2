import { Database, Notifications, systemActor, type Tx } from '#database';
import { assertWorksAt, OpenAccess, type RequestActor, worksAt } from '#identity';
import { type CalendarDate, calendarDate, dateIn, isInstant } from '#kernel';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

import { LocationNotFound } from '../domain/scheduling.errors.js';
import { type AppointmentChanged, ChangesQueries, type ChangesSince } from './changes.queries.js';
import type { EventStream } from './event-stream.js';
import type { FollowDaySheet } from './http/day-sheet-live.dto.js';
import { StreamPlaces } from './stream-places.js';

const HEARTBEAT_MS = 15_000;
const CHANNEL = 'appointment_changed';

interface Follower {
  /** Of the session or API key that asked. */
  readonly accessId: string;
  readonly locationId: string;
  readonly zone: string;
  readonly on: CalendarDate;
  readonly stream: EventStream;
}

/** The followers of one clinic, and how far they have been told. Its work is done one piece after another. */
interface ClinicRoom {
  readonly followers: Set<Follower>;
  told: number;
  /** What was told at or after `told`, so that it is not told again. */
  recent: Set<string>;
  work: Promise<void>;
  rung: boolean;
}

/**
 * Tells the followers of a day what changes, as it is committed. A notification only rings: what changed is read as the
 * clinic whose bell it was, once for all its followers, and each is told what concerns its own location and day.
 */
@Injectable()
export class DaySheetLive implements BeforeApplicationShutdown {
  readonly #rooms = new Map<string, ClinicRoom>();
  readonly #places = new StreamPlaces();
  #stop: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly changes: ChangesQueries,
    private readonly access: OpenAccess,
  ) {}

  /**
   * Follows from now on, or from the client's last event: told again what came after it, or `resync` when that is too
   * long ago. `open` is called once nothing can be refused any more. @throws LocationNotFound, NotYourLocation, TooManyStreams
   */
  async follow(
    actor: RequestActor,
    { locationId, on }: FollowDaySheet,
    lastEventId: string | undefined,
    open: () => EventStream,
  ): Promise<void> {
    const leave = this.#places.take(actor);
    try {
      await this.#follow(actor, { locationId, on }, lastEventId, () => {
        const stream = open();
        stream.onClose(leave);
        return stream;
      });
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Shows every follower that the stream lives, ends those who may follow no longer, and looks for what was not rung. */
  async beat(): Promise<void> {
    await Promise.all(
      [...this.#rooms].map(async ([clinicId, room]) => {
        await this.#ring(clinicId);
        for (const { stream } of room.followers) stream.beat(room.told);
      }),
    );
  }

  beforeApplicationShutdown(): void {
    this.#stop?.();
    for (const { followers } of this.#rooms.values()) for (const { stream } of followers) stream.end();
  }

  async #follow(
    actor: RequestActor,
    { locationId, on }: FollowDaySheet,
    lastEventId: string | undefined,
    open: () => EventStream,
  ): Promise<void> {
    const { clinicId, sessionId, keyId } = actor;
    const accessId = sessionId ?? keyId;
    assertWorksAt(actor, locationId);
    const zone = await this.database.read(actor, (tx) => this.changes.zoneOf(tx, locationId));
    if (zone === null || accessId === undefined) throw new LocationNotFound();
    this.#listen();
    const room = this.#rooms.get(clinicId) ?? newRoom();
    this.#rooms.set(clinicId, room);
    await this.#inTurn(room, async () => {
      const since = await this.#since(clinicId, pointIn(lastEventId));
      if (room.followers.size === 0) Object.assign(room, { told: since.horizon, recent: new Set() });
      const follower = { accessId, locationId, zone, on: calendarDate(on), stream: open() };
      room.followers.add(follower);
      follower.stream.onClose(() => room.followers.delete(follower));
      if (lastEventId === undefined) follower.stream.send('ready', since.horizon, {});
      else tell(follower, since, pointIn(lastEventId) ?? since.horizon, since.changes ?? []);
    });
  }

  #listen(): void {
    if (this.#stop) return;
    const missed = (): void => void Promise.all([...this.#rooms.keys()].map((id) => this.#ring(id)));
    const stopListening = this.notifications.on(CHANNEL, (clinicId) => void this.#ring(clinicId), missed);
    const timer = setInterval(() => void this.beat(), HEARTBEAT_MS);
    timer.unref();
    this.#stop = () => {
      clearInterval(timer);
      stopListening();
    };
  }

  /** Many rings while one is being answered are answered together. */
  async #ring(clinicId: string): Promise<void> {
    const room = this.#rooms.get(clinicId);
    if (!room || room.rung) return;
    room.rung = true;
    // With the database away the point stays where it was, and the next ring or heartbeat reads on from there.
    await this.#inTurn(room, () => this.#tellAll(clinicId, room)).catch(ignore);
  }

  async #tellAll(clinicId: string, room: ClinicRoom): Promise<void> {
    room.rung = false;
    if (room.followers.size === 0) return;
    const since = await this.database.read(systemActor(clinicId), async (tx) => {
      await this.#endClosed(tx, room);
      return this.changes.since(tx, room.told);
    });
    const fresh = (since.changes ?? []).filter((change) => !room.recent.has(keyOf(change)));
    for (const follower of room.followers) tell(follower, since, room.told, fresh);
    room.told = since.horizon;
    room.recent = new Set((since.changes ?? []).map(keyOf));
  }

  /** Nothing is told to whom the guard would refuse by now: an ended session or key, another role, another location. */
  async #endClosed(tx: Tx, { followers }: ClinicRoom): Promise<void> {
    const open = await this.access.of(tx, [...new Set([...followers].map(({ accessId }) => accessId))]);
    for (const follower of followers) {
      const access = open.get(follower.accessId);
      if (access?.permissions.has('appointments:read') && worksAt(access, follower.locationId)) continue;
      followers.delete(follower);
      follower.stream.end();
    }
  }

  #since(clinicId: string, point: number | null): Promise<ChangesSince> {
    return this.database.read(systemActor(clinicId), (tx) => this.changes.since(tx, point));
  }

  #inTurn(room: ClinicRoom, work: () => Promise<void>): Promise<void> {
    const done = room.work.then(work);
    room.work = done.catch(ignore);
    return done;
  }
}

const newRoom = (): ClinicRoom => ({
  followers: new Set(),
  told: 0,
  recent: new Set(),
  work: Promise.resolve(),
  rung: false,
});

const ignore = (): undefined => undefined;
const keyOf = ({ appointmentId, version }: AppointmentChanged): string => `${appointmentId} ${version}`;

/** Where a client read last. What is no such point is answered like one too long ago. */
function pointIn(lastEventId: string | undefined): number | null {
  if (lastEventId === undefined) return null;
  return /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.MAX_SAFE_INTEGER;
}

/** Only the last event of a batch moves the client's point on: one that breaks off in between is told all of it again. */
function tell(
  { stream, locationId, zone, on }: Follower,
  { horizon, changes }: ChangesSince,
  before: number,
  fresh: readonly AppointmentChanged[],
): void {
  if (changes === null) {
    stream.send('resync', horizon, {});
    return;
  }
  const concerns = fresh.filter(
    (one) =>
      (one.locationId === locationId && dateIn(one.startsAt, zone) === on) ||
      ((one.fromLocationId ?? one.locationId) === locationId &&
        one.fromStartsAt !== null &&
        isInstant(one.fromStartsAt) &&
        dateIn(new Date(one.fromStartsAt), zone) === on),
  );
  for (const [index, { appointmentId, version, verb, status, at }] of concerns.entries()) {
    const isLast = index === concerns.length - 1;
    stream.send('appointment', isLast ? horizon : before, { appointmentId, version, verb, status, at });
  }
}
