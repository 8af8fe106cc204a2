import { type Actor, Database, type Tx } from '#database';
import { type CalendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { windowsToKeep } from '../domain/kept-windows.js';
import { type EndedWindow, type Issued, windowChanges } from '../domain/window-changes.js';
import { FiguresInForce, type InForce } from '../figures-in-force.js';
import { WindowBasisRepository } from '../window-basis.repository.js';
import { WindowEvents } from '../window-events.port.js';
import {
  inColumns,
  newWindows,
  type OpenWindow,
  type WindowColumns,
  WindowsRepository,
} from '../windows.repository.js';
import { WindowsService } from '../windows.service.js';
import { type ChangedHistory, dosesOf, HistoriesQueries, type Piece } from './histories.queries.js';
import { Overtaken, type Recompute, RecomputesRepository } from './recomputes.repository.js';

/** Patients a transaction: a few megabytes, and a signing waits for none longer than a blink. */
const PATIENTS_AT_ONCE = 500;
/** One is read while another is computed and a third is written. */
const PIECES_AT_ONCE = 3;

// A table that grows from nothing outruns the plan made when it was empty: half a second a look-up, in a clinic's first build.
const IN_BULK = { text: 'SET LOCAL synchronous_commit = off; SET LOCAL plan_cache_mode = force_custom_plan' };

/** What every piece of a recompute goes by. */
interface Run {
  readonly actor: Actor;
  readonly recompute: Recompute;
  readonly inForce: InForce;
  readonly on: CalendarDate;
}

/**
 * Recomputes a whole clinic in pieces, some at a time: of each the histories that changed are read, their windows
 * computed, and only what differs is written, in one transaction with its progress. Whoever takes over after a crash finds
 * what is done unchanged. A patient who was treated since the piece was read is computed again, alone.
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
    private readonly single: WindowsService,
  ) {}

  /** Goes on with a recompute until it is done, or begun again by another: then false, and it has to be run again. */
  async run(actor: Actor, id: string, patientsAtOnce: number = PATIENTS_AT_ONCE): Promise<boolean> {
    const begun = await this.database.write(actor, async (tx) => {
      const pieces = await this.histories.pieces(tx, patientsAtOnce);
      const recompute = await this.recomputes.begin(tx, id, sum(pieces.map(({ patients }) => patients)));
      return { pieces, recompute };
    });
    if (!begun.recompute) return true;
    // Read after it was begun: whoever changes the figures afterwards raises the epoch, and it begins again.
    const { recompute } = begun;
    const run = await this.database.read(actor, async (tx): Promise<Run> => ({
      actor,
      recompute,
      inForce: await this.inForce.of(tx),
      on: dateIn(tx.now, 'UTC'),
    }));
    try {
      let done = 0;
      await someAtATime(begun.pieces, async (piece) => {
        await this.#recompute(run, piece, done);
        done += piece.patients;
      });
    } catch (error) {
      if (error instanceof Overtaken) return false;
      throw error;
    }
    return this.database.write(actor, async (tx) => {
      const isDone = await this.recomputes.finish(tx, recompute, run.inForce.basis);
      if (isDone) await this.events.publish(tx, [{ what: 'recomputed', recomputeId: id }]);
      return isDone;
    });
  }

  /** A piece, when `done` patients before it are. @throws Overtaken */
  async #recompute({ actor, recompute, inForce, on }: Run, piece: Piece, done: number): Promise<void> {
    const note = (tx: Tx, issued: Issued): Promise<void> =>
      this.recomputes.progress(tx, recompute, { done: done + piece.patients, ...issued });
    const others = await this.database.write(actor, async (tx) => {
      const changed = await this.histories.claimChanged(tx, inForce.basis, piece);
      if (changed.length === 0) return [];
      // Windows and progress are lost together or not at all, and both can be had again: no piece waits for the disk.
      tx.later(IN_BULK);
      const { mine = [], theirs = [] } = Object.groupBy(changed, ({ isOwn }) => (isOwn ? 'mine' : 'theirs'));
      const issued = await this.#keep(tx, mine, inForce, on);
      const late = await this.bases.others(tx, theirs);
      await note(tx, issued);
      return late;
    });
    // Their own transaction, after the locks above are given back: a signing may hold what this waits for.
    if (others.length > 0)
      await this.database.write(actor, async (tx) => note(tx, await this.single.issueFor(tx, others, on)));
  }

  async #keep(
    tx: Tx,
    patients: readonly ChangedHistory[],
    inForce: InForce,
    on: CalendarDate,
  ): Promise<Issued> {
    const open = await this.windows.open(
      tx,
      patients.map(({ patientId }) => patientId),
    );
    const { ended, columns, counts } = changesOf(open, patients, inForce, on);
    await this.windows.end(tx, ended);
    await this.windows.issue(tx, columns);
    return counts;
  }
}

/** What is to be written of some patients; thousands of windows are forgotten with it before anybody waits. */
function changesOf(
  open: readonly OpenWindow[],
  patients: readonly ChangedHistory[],
  { protocol, options }: InForce,
  on: CalendarDate,
): { readonly ended: EndedWindow[]; readonly columns: WindowColumns; readonly counts: Issued } {
  const computed = patients.flatMap((patient) =>
    newWindows(patient.patientId, windowsToKeep(dosesOf(patient), protocol, on, options)),
  );
  const { issued, ended, unchanged } = windowChanges(open, computed, 'recomputed', () => 'withdrawn');
  const counts = { issued: issued.length, ended: ended.length, unchanged };
  return { ended, columns: inColumns(issued, on), counts };
}

/** Begins no more pieces after one that failed, waits for those under way, and fails as the first of them did. */
async function someAtATime(pieces: readonly Piece[], work: (piece: Piece) => Promise<void>): Promise<void> {
  const left = pieces.values();
  let failure: Error | undefined;
  const one = async (): Promise<void> => {
    for (const piece of left) {
      if (failure) return;
      await work(piece).catch((error: Error) => (failure ??= error));
    }
  };
  await Promise.all(Array.from({ length: PIECES_AT_ONCE }, one));
  if (failure) throw failure;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
