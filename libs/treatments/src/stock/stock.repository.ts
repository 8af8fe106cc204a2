import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

/** Sealed vials as they come and go; opened ones are in vials. */
const ADD = sql(`
  INSERT INTO vial (clinic_id, id, lot_id, location_id, serial, content)
  SELECT $1, id, $3, $4, serial, $5 FROM unnest($2::uuid[], $6::text[]) AS delivered (id, serial)`);
const MOVE = sql(`
  INSERT INTO vial_movement (clinic_id, id, vial_id, kind, from_location_id, to_location_id, at, staff_id)
  SELECT $1, id, vial_id, $4, $5, $6, $7, $8 FROM unnest($2::uuid[], $3::uuid[]) AS moved (id, vial_id)`);
const SEALED = sql(`
  SELECT id FROM vial WHERE clinic_id = $1 AND lot_id = $2 AND location_id = $3 AND status = 'sealed'
     AND ($4::uuid[] IS NULL OR id = ANY ($4)) ORDER BY serial, id LIMIT $5 FOR NO KEY UPDATE`);
const CARRY = sql('UPDATE vial SET location_id = $3 WHERE clinic_id = $1 AND id = ANY ($2::uuid[])');

@Injectable()
export class StockRepository {
  /** Vials of a lot that came to a location, one a serial (null: not known). Answers their ids. */
  async deliver(
    tx: Tx,
    { id: lotId, vialUnits }: { readonly id: string; readonly vialUnits: number },
    locationId: string,
    serials: readonly (string | null)[],
  ): Promise<string[]> {
    const ids = serials.map(() => newId());
    await tx.run(ADD, [tx.clinicId, ids, lotId, locationId, vialUnits * 100, serials]);
    await this.#move(tx, 'receive', ids, null, locationId);
    return ids;
  }

  /** Sealed vials of a lot at a location, locked: those named, or any, up to `most`. */
  async sealed(
    tx: Tx,
    lotId: string,
    locationId: string,
    named: readonly string[] | null,
    most: number,
  ): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(SEALED, [tx.clinicId, lotId, locationId, named, most]);
    return rows.map(({ id }) => id);
  }

  async carry(tx: Tx, ids: readonly string[], from: string, to: string): Promise<void> {
    await tx.run(CARRY, [tx.clinicId, ids, to]);
    await this.#move(tx, 'transfer', ids, from, to);
  }

  async #move(
    tx: Tx,
    kind: 'receive' | 'transfer',
    ids: readonly string[],
    from: string | null,
    to: string,
  ): Promise<void> {
    const entries = ids.map(() => newId());
    await tx.run(MOVE, [tx.clinicId, entries, ids, kind, from, to, tx.now, tx.actor.staffId]);
  }
}
