import { Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { addDays, FIRST_ID, isCalendarDate, isId, newestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FollowUpPage, FollowUpView } from '../http/follow-up.dto.js';
import { ListedPatients } from '../listed-patients.js';
import { pathwayView } from '../pathways/pathways.service.js';
import type { DeskWork, OwnWork, PathwayPage, PathwayWork } from './http/worklists.dto.js';
import { type Place, WorklistsQueries } from './worklists.queries.js';

/** The desk books reviews this many days before their first day. */
const BOOKED_AHEAD_DAYS = 14;
const BEGINNING: Place = ['0001-01-01', FIRST_ID];

/** What waits for a practitioner, and what waits for the desk. */
@Injectable()
export class WorklistsService {
  constructor(
    private readonly database: Database,
    private readonly lists: WorklistsQueries,
    private readonly listed: ListedPatients,
  ) {}

  /** A practitioner's own reviews or non-response checks to do, booked or not, missed ones too; the oldest first. */
  own(actor: RequestActor, { kind, limit, after }: OwnWork): Promise<FollowUpPage> {
    return this.#page(actor, after, limit, (tx, place) =>
      this.lists.own(tx, kind, newestDay(tx.now), place, limit + 1),
    );
  }

  /** The desk's reviews to book, from two weeks before their first day on, and those that were missed. */
  desk(actor: RequestActor, { status, limit, after }: DeskWork): Promise<FollowUpPage> {
    return this.#page(actor, after, limit, (tx, place) =>
      this.lists.toBook(tx, status ?? null, addDays(newestDay(tx.now), BOOKED_AHEAD_DAYS), place, limit + 1),
    );
  }

  /** Open pathways, the oldest first: of one's own treatments, or of everybody's. */
  pathways(actor: RequestActor, { whose = 'mine', limit, after }: PathwayWork): Promise<PathwayPage> {
    const place = placeOf(after);
    return this.database.read(actor, async (tx) => {
      const mine = whose === 'mine' ? actor.staffId : null;
      const rows = await this.lists.openPathways(tx, mine, place, limit + 1);
      const { items, next } = pageOf(rows, limit, ({ foundOn, id }) => [foundOn, id]);
      const shown = items.map(pathwayView);
      return { items: await this.listed.with(tx, shown), next };
    });
  }

  #page(
    actor: RequestActor,
    after: string | undefined,
    limit: number,
    list: (tx: Tx, place: Place) => Promise<FollowUpView[]>,
  ): Promise<FollowUpPage> {
    const place = placeOf(after);
    return this.database.read(actor, async (tx) => {
      const { items, next } = pageOf(await list(tx, place), limit, ({ dueFrom, id }) => [dueFrom, id]);
      return { items: await this.listed.with(tx, items), next };
    });
  }
}

function placeOf(after: string | undefined): Place {
  const [day, id] = readCursor(after, [isCalendarDate, isId]) ?? BEGINNING;
  return [String(day), String(id)];
}
