import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TemplatePoint, TemplateView } from './http/template.dto.js';

const COLUMNS = 'id, name, points, version';
const READ = sql(
  `SELECT ${COLUMNS} FROM treatment_template WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3`,
);
const LIST = sql(`
  SELECT ${COLUMNS} FROM treatment_template WHERE clinic_id = $1 AND practitioner_id = $2 AND id > $3 ORDER BY id LIMIT $4`);
const ADD = sql(`
  INSERT INTO treatment_template (clinic_id, practitioner_id, id, name, points, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`);
const CHANGE = sql(`
  UPDATE treatment_template SET name = $4, points = $5, version = version + 1, updated_at = $6
   WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 RETURNING ${COLUMNS}`);
const LOCK = sql(
  'SELECT version FROM treatment_template WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3 FOR UPDATE',
);
const REMOVE = sql(
  'DELETE FROM treatment_template WHERE clinic_id = $1 AND practitioner_id = $2 AND id = $3',
);

/** One's own templates only: somebody else's is not there. */
@Injectable()
export class TemplatesRepository {
  read(tx: Tx, id: string): Promise<TemplateView | null> {
    return tx.maybe<TemplateView>(READ, [tx.clinicId, tx.actor.staffId, id]);
  }

  list(tx: Tx, after: string, limit: number): Promise<TemplateView[]> {
    return tx.rows<TemplateView>(LIST, [tx.clinicId, tx.actor.staffId, after, limit + 1]);
  }

  /** Null when the name is taken. */
  add(tx: Tx, name: string, points: readonly TemplatePoint[]): Promise<TemplateView | null> {
    return tx.maybe<TemplateView>(ADD, [
      tx.clinicId,
      tx.actor.staffId,
      newId(),
      name,
      JSON.stringify(points),
      tx.now,
    ]);
  }

  /** Its version, kept from changing until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<number | null> {
    return (await tx.maybe<{ version: number }>(LOCK, [tx.clinicId, tx.actor.staffId, id]))?.version ?? null;
  }

  change(tx: Tx, id: string, name: string, points: readonly TemplatePoint[]): Promise<TemplateView> {
    return tx.one<TemplateView>(CHANGE, [
      tx.clinicId,
      tx.actor.staffId,
      id,
      name,
      JSON.stringify(points),
      tx.now,
    ]);
  }

  /** False when there was none. */
  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.run(REMOVE, [tx.clinicId, tx.actor.staffId, id])) === 1;
  }
}
