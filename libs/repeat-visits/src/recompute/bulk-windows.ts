import { type Actor, Database, type Tx } from '#database';
import { type CalendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { windowsToKeep } from '../domain/kept-windows.js';
import { type Issued, windowChanges } from '../domain/window-changes.js';
import { FiguresInForce, type InForce } from '../figures-in-force.js';
import { WindowBasisRepository } from '../window-basis.repository.js';
import { WindowEvents } from '../window-events.port.js';
import { hashOf, type NewWindow, WindowsRepository } from '../windows.repository.js';
import { WindowsService } from '../windows.service.js';
import { type ChangedHistory, HistoriesQueries } from './histories.queries.js';
import { type Recompute, RecomputesRepository } from './recomputes.repository.js';

/** Patients a transaction: a few megabytes, and a signing waits for none longer than a blink. */
const PATIENTS_AT_ONCE = 500;

// A table that grows from nothing outruns the plan made when it was empty: half a second a look-up, in a clinic's first build.
const IN_BULK = { text: 'SET LOCAL synchronous_commit = off; SET LOCAL plan_cache_mode = force_custom_plan' };

/** A piece of the stream, computed and ready to be written. */
interface Computed {
  readonly patients: readonly ChangedHistory[];
  readonly windows: readonly NewWindow[];
}

/**
 * Recomputes a whole clinic: one snapshot is read as a stream, windows are computed while the next piece is read and the
 * last one is written, and only what differs is written. Each piece is a transaction with its progress, so whoever takes
 * over after a crash goes on behind it. A patient who was treated since the snapshot is computed again, alone.
 */
@Injectable()
export class BulkWindows {
  constructor(
    private readonly database: Database,
    private readonly inForce: FiguresInForce,
    private readonly histories: HistoriesQueries,
    private readonly bases: WindowBasisRepository,
    private readonly windows: WindowsRepository,
    private readonly recomputes: RecomputesRepository,
    private readonly events: WindowEvents,
  ) {}

  /** Goes on with a recompute until it is done, or begun again by another: then false, and it has to be run again. */
  async run(
    actor: Actor,
    id: string,
    single: WindowsService,
    patientsAtOnce: number = PATIENTS_AT_ONCE,
  ): Promise<boolean> {
    // Begun before the figures are read: whoever changes them afterwards raises the epoch, and it begins again.
    const recompute = await this.database.write(actor, async (tx) =>
      this.recomputes.begin(tx, id, await this.histories.patients(tx)),
    );
    if (!recompute) return true;
    return this.database.read(actor, async (snapshot) => {
      const inForce = await this.inForce.of(snapshot);
      const on = dateIn(snapshot.now, 'UTC');
      let writing = Promise.resolve(true);
      for await (const patients of this.histories.changed(
        snapshot,
        inForce.basis,
        recompute.afterPatient,
        patientsAtOnce,
      )) {
        const computed = compute(patients, inForce, on);
        if (!(await writing)) return false;
        writing = this.#write(actor, recompute, computed, on, single);
        writing.catch(() => undefined); // looked at in the next turn
      }
      if (!(await writing)) return false;
      return this.database.write(actor, async (tx) => {
        const isDone = await this.recomputes.finish(tx, recompute, inForce.basis);
        if (isDone) await this.events.publish(tx, [{ what: 'recomputed', recomputeId: id }]);
        return isDone;
      });
    });
  }

  async #write(
    actor: Actor,
    recompute: Recompute,
    { patients, windows }: Computed,
    on: CalendarDate,
    single: WindowsService,
  ): Promise<boolean> {
    const late = await this.database.write(actor, async (tx) => {
      // Windows and progress are lost together or not at all, and both can be had again: no piece waits for the disk.
      await tx.run(IN_BULK);
      if (!(await this.recomputes.stillOf(tx, recompute))) return null;
      const own = await this.bases.claim(tx, patients);
      const issued = await this.#keep(tx, own, windows, on);
      const others = await this.bases.others(
        tx,
        patients.filter(({ patientId }) => !own.has(patientId)),
      );
      if (others.length === 0) await this.#note(tx, recompute, patients, issued);
      return { issued, others };
    });
    if (late === null) return false;
    // Their own transaction, after the locks above are given back: a signing may hold what this waits for.
    if (late.others.length > 0)
      await this.database.write(actor, async (tx) => {
        const again = await single.issueFor(tx, late.others, on);
        await this.#note(tx, recompute, patients, sum(late.issued, again));
      });
    return true;
  }

  async #keep(
    tx: Tx,
    own: ReadonlySet<string>,
    windows: readonly NewWindow[],
    on: CalendarDate,
  ): Promise<Issued> {
    const open = await this.windows.open(tx, [...own]);
    const mine = windows.filter(({ patientId }) => own.has(patientId));
    const { issued, ended, unchanged } = windowChanges(open, mine, 'recomputed', () => 'withdrawn');
    await this.windows.end(tx, ended);
    await this.windows.issue(tx, issued, on);
    return { issued: issued.length, ended: ended.length, unchanged };
  }

  async #note(
    tx: Tx,
    recompute: Recompute,
    patients: readonly ChangedHistory[],
    issued: Issued,
  ): Promise<void> {
    const last = patients.at(-1);
    if (last)
      await this.recomputes.progress(tx, recompute, {
        afterPatient: last.patientId,
        done: last.place,
        ...issued,
      });
  }
}

function compute(
  patients: readonly ChangedHistory[],
  { protocol, options }: InForce,
  on: CalendarDate,
): Computed {
  const windows = patients.flatMap(({ patientId, doses }) =>
    windowsToKeep(doses, protocol, on, options).map((window): NewWindow => ({
      ...window,
      patientId,
      inputHash: hashOf(window),
    })),
  );
  return { patients, windows };
}

const sum = (a: Issued, b: Issued): Issued => ({
  issued: a.issued + b.issued,
  ended: a.ended + b.ended,
  unchanged: a.unchanged + b.unchanged,
});
