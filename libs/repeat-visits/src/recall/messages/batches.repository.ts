import { sql, type Tx } from '#database';
import { type CalendarDate, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { BatchView } from './http/messages.dto.js';

const ADD = sql(`
  INSERT INTO recall_batch (clinic_id, id, cause, offers_visit, requested_by, requested_at) VALUES ($1, $2, 'asked', $3, $4, $5)`);
// The second time a night's job runs it finds the batch of the first.
const OF_NIGHT = sql(`
  INSERT INTO recall_batch AS b (clinic_id, id, cause, offers_visit, night_of, requested_at) VALUES ($1, $2, 'nightly', true, $3, $4)
      ON CONFLICT (clinic_id, night_of) WHERE night_of IS NOT NULL DO UPDATE SET stopped_at = b.stopped_at RETURNING id`);
const LOCK = sql('SELECT id FROM recall_batch WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE');
const STOP = sql(`
  UPDATE recall_batch SET stopped_by = $3, stopped_at = $4 WHERE clinic_id = $1 AND id = $2 AND stopped_at IS NULL`);

const COUNTS = ['waiting', 'sending', 'sent', 'unconfirmed', 'withheld', 'failed']
  .map((status) => `'${status}', count(*) FILTER (WHERE m.status = '${status}')`)
  .join(', ');
const VIEW = `b.id, b.cause, b.offers_visit AS "offersVisit", b.night_of AS "nightOf", b.requested_at AS "requestedAt",
  b.requested_by AS "requestedBy", s.display_name AS "requestedByName", b.stopped_at AS "stoppedAt", b.stopped_by AS "stoppedBy",
  (SELECT json_build_object(${COUNTS}) FROM recall_message m WHERE m.clinic_id = b.clinic_id AND m.batch_id = b.id) AS counts`;
const FROM = `recall_batch b LEFT JOIN staff s ON s.clinic_id = b.clinic_id AND s.id = b.requested_by`;
const READ = sql(`SELECT ${VIEW} FROM ${FROM} WHERE b.clinic_id = $1 AND b.id = $2`);
const LIST = sql(`
  SELECT ${VIEW} FROM ${FROM} WHERE b.clinic_id = $1 AND (b.requested_at, b.id) < ($2, $3)
   ORDER BY b.requested_at DESC, b.id DESC LIMIT $4`);

@Injectable()
export class BatchesRepository {
  async add(tx: Tx, offersVisit: boolean): Promise<string> {
    const id = newId();
    await tx.run(ADD, [tx.clinicId, id, offersVisit, tx.actor.staffId, tx.now]);
    return id;
  }

  async ofNight(tx: Tx, nightOf: CalendarDate): Promise<string> {
    return (await tx.one<{ id: string }>(OF_NIGHT, [tx.clinicId, newId(), nightOf, tx.now])).id;
  }

  async lock(tx: Tx, id: string): Promise<boolean> {
    return (await tx.maybe(LOCK, [tx.clinicId, id])) !== null;
  }

  async stop(tx: Tx, id: string): Promise<void> {
    await tx.run(STOP, [tx.clinicId, id, tx.actor.staffId, tx.now]);
  }

  read(tx: Tx, id: string): Promise<BatchView | null> {
    return tx.maybe<BatchView>(READ, [tx.clinicId, id]);
  }

  /** Newest first. */
  list(tx: Tx, before: readonly (string | number)[] | null, limit: number): Promise<BatchView[]> {
    const [at, id] = before ?? ['infinity', '00000000-0000-0000-0000-000000000000'];
    return tx.rows<BatchView>(LIST, [tx.clinicId, at, id, limit]);
  }
}
