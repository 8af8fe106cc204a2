import { type Actor, Database } from '#database';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { FiguresInForce } from '../figures-in-force.js';
import { WindowEvents } from '../window-events.port.js';
import { HistoriesRepository, type Piece } from './histories.repository.js';
import { Overtaken, RecomputesRepository } from './recomputes.repository.js';
import { type Run, WindowsOfPiece } from './windows-of-piece.js';

/** Patients a transaction: a few megabytes, and a signing waits for none longer than a blink. */
const PATIENTS_AT_ONCE = 500;
/** One is read while another is computed and a third is written. */
const PIECES_AT_ONCE = 3;

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
    private readonly histories: HistoriesRepository,
    private readonly recomputes: RecomputesRepository,
    private readonly pieces: WindowsOfPiece,
    private readonly events: WindowEvents,
  ) {}

  /** Goes on with a recompute until it is done, or begun again by another: then false, and it has to be run again. */
  async run(actor: Actor, id: string, patientsAtOnce: number = PATIENTS_AT_ONCE): Promise<boolean> {
    const { pieces, recompute } = await this.database.write(actor, async (tx) => {
      const found = await this.histories.pieces(tx, patientsAtOnce);
      const patients = found.reduce((all, piece) => all + piece.patients, 0);
      return { pieces: found, recompute: await this.recomputes.begin(tx, id, patients) };
    });
    if (!recompute) return true;
    // Read after it was begun: whoever changes the figures afterwards raises the epoch, and it begins again.
    const run = await this.database.read(actor, async (tx): Promise<Run> => ({
      actor,
      recompute,
      inForce: await this.inForce.of(tx),
      on: dateIn(tx.now, 'UTC'),
      keptFigures: new Set(),
    }));
    try {
      let done = 0;
      await someAtATime(pieces, async (piece) => {
        await this.pieces.recompute(run, piece, done);
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
