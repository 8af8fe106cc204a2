import { type Actor, Database, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type KnownFigures, windowsToKeep } from '../domain/kept-windows.js';
import { type EndedWindow, type Issued, windowChanges } from '../domain/window-changes.js';
import type { InForce } from '../figures-in-force.js';
import { WindowBasisRepository } from '../window-basis.repository.js';
import {
  inColumns,
  newWindows,
  type OpenWindow,
  type WindowColumns,
  WindowsRepository,
} from '../windows.repository.js';
import { WindowsService } from '../windows.service.js';
import { type ChangedHistory, dosesOf, HistoriesRepository, type Piece } from './histories.repository.js';
import { type Recompute, RecomputesRepository } from './recomputes.repository.js';

// A table that grows from nothing outruns the plan made when it was empty: half a second a look-up, in a clinic's first build.
const IN_BULK = { text: 'SET LOCAL synchronous_commit = off; SET LOCAL plan_cache_mode = force_custom_plan' };

/** What every piece of a recompute goes by. */
export interface Run {
  readonly actor: Actor;
  readonly recompute: Recompute;
  readonly inForce: InForce;
  readonly on: CalendarDate;
  /** Hashes of figures that are kept by now: most pieces have no others. */
  readonly keptFigures: Set<string>;
}

/** What is to be written of some patients. */
interface Changes {
  readonly ended: readonly EndedWindow[];
  readonly columns: WindowColumns;
  readonly counts: Issued;
}

/** Recomputes some patients of a clinic who follow each other, in one transaction with the progress. */
@Injectable()
export class WindowsOfPiece {
  constructor(
    private readonly database: Database,
    private readonly histories: HistoriesRepository,
    private readonly bases: WindowBasisRepository,
    private readonly windows: WindowsRepository,
    private readonly recomputes: RecomputesRepository,
    private readonly single: WindowsService,
  ) {}

  /** When `done` patients are done already. @throws Overtaken */
  async recompute(run: Run, piece: Piece, done: number): Promise<void> {
    const { actor, recompute, inForce, on } = run;
    const note = (tx: Tx, issued: Issued): Promise<void> =>
      this.recomputes.progress(tx, recompute, { done: done + piece.patients, ...issued });
    const { others, figures } = await this.database.write(actor, async (tx) => {
      const changed = await this.histories.claimChanged(tx, inForce.basis, piece);
      if (changed.length === 0) return { others: [], figures: [] };
      // Windows and progress are lost together or not at all, and both can be had again: no piece waits for the disk.
      tx.later(IN_BULK);
      const { mine = [], theirs = [] } = Object.groupBy(changed, ({ isOwn }) => (isOwn ? 'mine' : 'theirs'));
      const open = await this.windows.open(
        tx,
        mine.map(({ patientId }) => patientId),
      );
      const { ended, columns, counts } = changesOf(open, mine, run);
      await this.windows.end(tx, ended);
      await this.windows.issue(tx, columns);
      const late = await this.bases.others(tx, theirs);
      await note(tx, counts);
      return { others: late, figures: columns.figures };
    });
    for (const { hash } of figures) run.keptFigures.add(hash);
    // Their own transaction, after the locks above are given back: a signing may hold what this waits for.
    if (others.length > 0)
      await this.database.write(actor, async (tx) => note(tx, await this.single.issueFor(tx, others, on)));
  }
}

/** Computed and put into columns at once: thousands of windows are forgotten before anybody waits for the database. */
function changesOf(
  open: readonly OpenWindow[],
  patients: readonly ChangedHistory[],
  { inForce: { protocol, options }, on, keptFigures }: Run,
): Changes {
  const computed = patients.flatMap((patient) =>
    newWindows(patient.patientId, windowsToKeep(dosesOf(patient), protocol, on, options)),
  );
  const { issued, ended, unchanged } = windowChanges(open, computed, 'recomputed', () => 'withdrawn');
  const columns = inColumns(issued, on);
  const isNew = ({ hash }: KnownFigures): boolean => !keptFigures.has(hash);
  return {
    ended,
    columns: { ...columns, figures: columns.figures.filter(isNew) },
    counts: { issued: issued.length, ended: ended.length, unchanged },
  };
}
