import type { Tx } from '#database';
import { addDays, dateIn, type Interval, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type MisfitScope, MisfitsQueries } from '../misfits/misfits.queries.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentEventsPort } from '../scheduling.ports.js';
import { CandidatesQueries } from '../waitlist/candidates.queries.js';
import { freedBetween, workedIn } from './domain/freed-time.js';
import type { SetUpChanged } from './http/location.view.js';

/** Spans told of for one change, the soonest: each is a job that looks through the waitlist. */
const MOST_TOLD = 200;
const DAY_MS = 86_400_000;

/** Whose working time changes; all who work there, or everywhere they work. */
type WorkScope = Pick<MisfitScope, 'locationId' | 'practitionerId'>;

/** What a change of the set-up does to others: to what is booked, and to whom waits for an earlier time. */
@Injectable()
export class SetUpChanges {
  constructor(
    private readonly misfits: MisfitsService,
    private readonly queries: MisfitsQueries,
    private readonly candidates: CandidatesQueries,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** Changes when people work: counts what no longer fits, and tells of the time that is free now. */
  make<T>(
    tx: Tx,
    scope: WorkScope,
    change: () => Promise<T>,
  ): Promise<{ readonly result: T } & SetUpChanged> {
    return this.#telling(tx, scope, () => this.misfits.madeBy(tx, scope, change));
  }

  /** The same for what can make nothing unfit: more working time. */
  async free<T>(
    tx: Tx,
    scope: WorkScope,
    change: () => Promise<T>,
  ): Promise<{ readonly result: T } & SetUpChanged> {
    return { result: await this.#telling(tx, scope, change), misfits: 0, misfitsCountedTo: null };
  }

  /** Where nobody waits there is nobody to tell, so nothing more is read. */
  async #telling<T>(tx: Tx, scope: WorkScope, change: () => Promise<T>): Promise<T> {
    const today = dateIn(tx.now, 'UTC');
    const awaited = await this.candidates.awaited(tx, scope, addDays(today, -1));
    if (awaited.until === null) return change();
    const horizon = addDays(today, awaited.horizonDays);
    const until = awaited.until < horizon ? awaited.until : horizon;
    const range = { start: tx.now.getTime(), end: (toEpochDay(until) + 2) * DAY_MS };
    const worked = async (within: Interval) =>
      workedIn(await this.queries.setUpOf(tx, { ...awaited, typeIds: [] }, within), within);
    const before = await worked(range);
    const result = await change();
    const freed = freedBetween(before, await worked(range));
    for (const { start, end, ...where } of freed.slice(0, MOST_TOLD))
      await this.events.publishFreedTime(tx, { ...where, start: new Date(start), end: new Date(end) });
    return result;
  }
}
