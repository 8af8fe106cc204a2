import { createHash, randomBytes } from 'node:crypto';

import { record } from '#audit';
import { type Actor, Database, systemActor } from '#database';
import { type RequestActor, StaffService } from '#identity';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { AppointmentsService } from '../appointments.service.js';
import { CalendarFeedNotFound, CalendarFeedOfAnother } from './calendar-feed.errors.js';
import { CalendarFeedsRepository } from './calendar-feeds.repository.js';
import { calendarText } from './calendar.js';
import type { CalendarFeedList, MakeCalendarFeed, NewCalendarFeed } from './http/calendar-feed.dto.js';

const DAY_MS = 86_400_000;
const DAYS_BACK = 30;
const DAYS_AHEAD = 365;
const DAYS_CALLED_OFF = 30;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Calendars for the programs people carry in their pockets, each behind an address that only its maker was told. */
@Injectable()
export class CalendarFeedsService {
  constructor(
    private readonly database: Database,
    private readonly feeds: CalendarFeedsRepository,
    private readonly staff: StaffService,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * The address is told this once. This is a `read`, which keeps no answer for a repeat of the request: it would keep the
   * secret in plain text. @throws CalendarFeedOfAnother, StaffNotFound, LocationNotFound
   */
  make(actor: RequestActor, wanted: MakeCalendarFeed): Promise<NewCalendarFeed> {
    const { practitionerId = null, locationId = null } = wanted;
    return this.database.read(actor, async (tx) => {
      if (practitionerId !== null) {
        await this.staff.requirePractitioner(tx, practitionerId);
        if (practitionerId !== actor.staffId && !isOffice(actor)) throw new CalendarFeedOfAnother();
      } else if (locationId !== null) await this.appointments.locationOf(tx, locationId);
      const [id, token] = [newId(tx.now.getTime()), randomBytes(32).toString('base64url')];
      await this.feeds.add(tx, { id, hash: sha256(token), practitionerId, locationId });
      await record(tx, {
        action: 'calendar-feed.make',
        entityId: id,
        patientId: null,
        detail: { practitionerId, locationId },
      });
      return { id, path: `/calendar/${token}.ics` };
    });
  }

  /** One's own, and for the office everybody's. */
  list(actor: RequestActor): Promise<CalendarFeedList> {
    const whose = isOffice(actor) ? null : actor.staffId;
    return this.database.read(actor, async (tx) => ({ items: await this.feeds.list(tx, whose) }));
  }

  /** @throws CalendarFeedNotFound, CalendarFeedOfAnother */
  revoke(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const [feed] = await this.feeds.list(tx, null, id);
      if (!feed) throw new CalendarFeedNotFound();
      const isOwn = feed.createdBy === actor.staffId || feed.practitionerId === actor.staffId;
      if (!isOwn && !isOffice(actor)) throw new CalendarFeedOfAnother();
      await this.feeds.revoke(tx, id);
      await record(tx, { action: 'calendar-feed.revoke', entityId: id, patientId: null });
    });
  }

  /**
   * The calendar behind an address, and its entity tag; `text` is null when the reader has this version already.
   * @throws CalendarFeedNotFound, alike for an address that never was and one that was revoked
   */
  async read(file: string, known: string | undefined): Promise<{ etag: string; text: string | null }> {
    const token = /^([\w-]{43})\.ics$/.exec(file)?.[1];
    const found = token === undefined ? null : await this.feeds.byToken(sha256(token));
    if (!found) throw new CalendarFeedNotFound();
    const text = await this.#text(systemActor(found.clinicId), found.feedId);
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    const isKnown = (known ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
    return { etag, text: isKnown ? null : text };
  }

  #text(system: Actor, feedId: string): Promise<string> {
    return this.database.read(system, async (tx) => {
      const feed = await this.feeds.read(tx, feedId);
      if (!feed) throw new CalendarFeedNotFound();
      // Whole days, so that the same calendar is the same bytes from one reading to the next.
      const today = Math.floor(tx.now.getTime() / DAY_MS) * DAY_MS;
      const visits = await this.feeds.visits(tx, feed, {
        from: new Date(today - DAYS_BACK * DAY_MS),
        to: new Date(today + DAYS_AHEAD * DAY_MS),
        calledOffSince: new Date(today - DAYS_CALLED_OFF * DAY_MS),
      });
      return calendarText(feed, visits);
    });
  }
}

const isOffice = ({ permissions }: RequestActor): boolean => permissions.has('scheduling:set-up');
