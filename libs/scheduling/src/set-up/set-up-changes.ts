import type { Tx } from '#database';
import { addDays, dateIn, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type MisfitScope, MisfitsQueries } from '../misfits/misfits.queries.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentEventsPort } from '../scheduling.ports.js';
import { CandidatesQueries } from '../waitlist/candidates.queries.js';
import { freedBetween, type Worked, workedIn } from './domain/freed-time.js';
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

  /** All that is worked in the scope may be free for somebody now: what was missing was not the time. */
  async tellOfAll(tx: Tx, scope: WorkScope): Promise<void> {
    const worked = await this.#awaited(tx, scope);
    if (worked) await this.#tell(tx, [], await worked());
  }

  async #telling<T>(tx: Tx, scope: WorkScope, change: () => Promise<T>): Promise<T> {
    const worked = await this.#awaited(tx, scope);
    if (!worked) return change();
    const before = await worked();
    const result = await change();
    await this.#tell(tx, before, await worked());
    return result;
  }

  /** Reads what is worked as long as anybody waits. Where nobody does there is nobody to tell: null, and nothing more is read. */
  async #awaited(tx: Tx, scope: WorkScope): Promise<(() => Promise<Worked[]>) | null> {
    const today = dateIn(tx.now, 'UTC');
    const awaited = await this.candidates.awaited(tx, scope, addDays(today, -1));
    if (awaited.until === null) return null;
    const horizon = addDays(today, awaited.horizonDays);
    const until = awaited.until < horizon ? awaited.until : horizon;
    const range = { start: tx.now.getTime(), end: (toEpochDay(until) + 2) * DAY_MS };
    return async () => workedIn(await this.queries.setUpOf(tx, { ...awaited, typeIds: [] }, range), range);
  }

  async #tell(tx: Tx, before: readonly Worked[], after: readonly Worked[]): Promise<void> {
    for (const { start, end, ...where } of freedBetween(before, after).slice(0, MOST_TOLD))
      await this.events.publishFreedTime(tx, { ...where, start: new Date(start), end: new Date(end) });
  }
}
