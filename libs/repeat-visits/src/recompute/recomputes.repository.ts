import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Issued } from '../domain/window-changes.js';

export const RECOMPUTE_CAUSES = ['protocol', 'personal-interval', 'asked', 'nightly'] as const;
export type RecomputeCause = (typeof RECOMPUTE_CAUSES)[number];

/** A recompute of all windows of a clinic. */
export interface Recompute extends Issued {
  readonly id: string;
  readonly cause: RecomputeCause;
  readonly status: 'waiting' | 'running' | 'done';
  readonly epoch: number;
  readonly patients: number;
  readonly done: number;
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface Progress extends Issued {
  /** How many patients were looked at by then. */
  readonly done: number;
}

const COLUMNS = `id, cause, status, epoch, patients, done, issued, ended, unchanged,
  requested_by AS "requestedBy", requested_at AS "requestedAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

// One a clinic is under way: whoever asks meanwhile has it begin again, with what is in force by then.
const REQUEST = sql(`
  INSERT INTO window_recompute AS r (clinic_id, id, cause, requested_by, requested_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (clinic_id) WHERE status <> 'done' DO UPDATE SET epoch = r.epoch + 1, done = 0
  RETURNING ${COLUMNS}`);

const ONE = sql(`SELECT ${COLUMNS} FROM window_recompute WHERE clinic_id = $1 AND id = $2`);

const LIST = sql(`
  SELECT ${COLUMNS} FROM window_recompute
   WHERE clinic_id = $1 AND ($2::timestamptz IS NULL OR (requested_at, id) < ($2, $3))
   ORDER BY requested_at DESC, id DESC LIMIT $4`);

const BEGIN = sql(`
  UPDATE window_recompute SET status = 'running', started_at = coalesce(started_at, $3), patients = $4
   WHERE clinic_id = $1 AND id = $2 AND status <> 'done' RETURNING ${COLUMNS}`);

// Two workers may be at the same recompute: neither takes it back behind the other.
const PROGRESS = sql(`
  UPDATE window_recompute SET done = greatest(done, $3), issued = issued + $4, ended = ended + $5, unchanged = unchanged + $6
   WHERE clinic_id = $1 AND id = $2 AND epoch = $7`);

const FINISH = sql(`
  UPDATE window_recompute SET status = 'done', done = patients, basis = $4, finished_at = $5
   WHERE clinic_id = $1 AND id = $2 AND epoch = $3 AND status <> 'done'`);

// The one under way, or else the newest that ended.
const NEWEST = sql(`
  SELECT id, status, basis FROM window_recompute
   WHERE clinic_id = $1 ORDER BY status <> 'done' DESC, finished_at DESC, id DESC LIMIT 1`);

/** A recompute was begun again by whoever changed the figures, while somebody was at it. */
export class Overtaken extends Error {}

@Injectable()
export class RecomputesRepository {
  /** A new one, or the one under way, begun again. */
  request(tx: Tx, cause: RecomputeCause): Promise<Recompute> {
    return tx.one<Recompute>(REQUEST, [tx.clinicId, newId(), cause, tx.actor.staffId, tx.now]);
  }

  one(tx: Tx, id: string): Promise<Recompute | null> {
    return tx.maybe<Recompute>(ONE, [tx.clinicId, id]);
  }

  list(
    tx: Tx,
    after: { readonly requestedAt: string; readonly id: string } | null,
    limit: number,
  ): Promise<Recompute[]> {
    return tx.rows<Recompute>(LIST, [tx.clinicId, after?.requestedAt ?? null, after?.id ?? null, limit]);
  }

  /** Null when it is done already or was never asked for. */
  begin(tx: Tx, id: string, patients: number): Promise<Recompute | null> {
    return tx.maybe<Recompute>(BEGIN, [tx.clinicId, id, tx.now, patients]);
  }

  /**
   * Keeps how far it got, as the last a piece does. @throws Overtaken when it was begun again meanwhile: nothing of the
   * piece is kept then, and whoever begins it again sees all that was kept before.
   */
  async progress(
    tx: Tx,
    { id, epoch }: Pick<Recompute, 'id' | 'epoch'>,
    { done, issued, ended, unchanged }: Progress,
  ): Promise<void> {
    const isKept = (await tx.run(PROGRESS, [tx.clinicId, id, done, issued, ended, unchanged, epoch])) > 0;
    if (!isKept) throw new Overtaken();
  }

  /** Whether it ended: not when it was asked to begin again meanwhile. */
  async finish(tx: Tx, { id, epoch }: Pick<Recompute, 'id' | 'epoch'>, basis: string): Promise<boolean> {
    return (await tx.run(FINISH, [tx.clinicId, id, epoch, basis, tx.now])) > 0;
  }

  /** The one under way, or the newest that ended and what it went by; null before the first. */
  newest(tx: Tx): Promise<(Pick<Recompute, 'id' | 'status'> & { readonly basis: string | null }) | null> {
    return tx.maybe(NEWEST, [tx.clinicId]);
  }
}
