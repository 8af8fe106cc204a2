import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { LotStatus } from '../domain/lot.js';
import type { LotView } from './http/lot.dto.js';

export type LotRow = LotView & { readonly expiresOn: CalendarDate };

export interface NewLot {
  readonly product: string;
  readonly number: string;
  readonly expiresOn: string;
  readonly gtin: string | null;
  readonly serial: string | null;
  readonly vialUnits: number;
}

const COLUMNS = `id, product_id AS product, number, expires_on AS "expiresOn", gtin, serial, vial_units AS "vialUnits", status,
  status_reason AS "statusReason", received_on AS "receivedOn"`;
const FIND = sql(`SELECT ${COLUMNS} FROM lot WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);
const LOCK = sql(
  `SELECT ${COLUMNS} FROM lot WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE`,
);
const CHANGE = sql(`SELECT ${COLUMNS} FROM lot WHERE clinic_id = $1 AND id = $2 FOR UPDATE`);
const SAME = sql('SELECT id FROM lot WHERE clinic_id = $1 AND product_id = $2 AND number = $3');
const ADD = sql(`
  INSERT INTO lot (clinic_id, id, product_id, number, expires_on, gtin, serial, vial_units, received_on, received_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (clinic_id, product_id, number) DO NOTHING RETURNING ${COLUMNS}`);
const SET = sql(
  `UPDATE lot SET status = $3, status_reason = $4 WHERE clinic_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
);
const PRODUCT_OF_GTIN = sql(
  'SELECT product_id AS product FROM lot WHERE clinic_id = $1 AND gtin = $2 ORDER BY id LIMIT 1',
);
const LIST = sql(`
  SELECT ${COLUMNS} FROM lot
   WHERE clinic_id = $1 AND ($2::text IS NULL OR product_id = $2)
     AND ($3::date IS NULL OR (status = 'in-use' AND expires_on >= $3)) AND (expires_on, number, id) > ($4, $5, $6)
   ORDER BY expires_on, number, id LIMIT $7`);

@Injectable()
export class LotsRepository {
  find(tx: Tx, ids: readonly string[]): Promise<LotRow[]> {
    return tx.rows<LotRow>(FIND, [tx.clinicId, ids]);
  }

  /** The same, kept from being quarantined or recalled until the transaction ends. */
  hold(tx: Tx, ids: readonly string[]): Promise<LotRow[]> {
    return tx.rows<LotRow>(LOCK, [tx.clinicId, ids]);
  }

  lock(tx: Tx, id: string): Promise<LotRow | null> {
    return tx.maybe<LotRow>(CHANGE, [tx.clinicId, id]);
  }

  /** Null when the clinic has this number of this product already. */
  add(tx: Tx, lot: NewLot, today: CalendarDate): Promise<LotRow | null> {
    const values = [lot.product, lot.number, lot.expiresOn, lot.gtin, lot.serial, lot.vialUnits];
    return tx.maybe<LotRow>(ADD, [tx.clinicId, newId(), ...values, today, tx.actor.staffId]);
  }

  sameNumber(
    tx: Tx,
    { product, number }: Pick<NewLot, 'product' | 'number'>,
  ): Promise<{ id: string } | null> {
    return tx.maybe(SAME, [tx.clinicId, product, number]);
  }

  setStatus(tx: Tx, id: string, status: LotStatus, reason: string): Promise<LotRow> {
    return tx.one<LotRow>(SET, [tx.clinicId, id, status, reason]);
  }

  /** What a pack of this code was received as before; null when none was. */
  async productOfGtin(tx: Tx, gtin: string): Promise<string | null> {
    return (await tx.maybe<{ product: string }>(PRODUCT_OF_GTIN, [tx.clinicId, gtin]))?.product ?? null;
  }

  list(
    tx: Tx,
    { product, usableOn }: { readonly product?: string | undefined; readonly usableOn?: string | undefined },
    after: readonly (string | number)[] | null,
    limit: number,
  ): Promise<LotRow[]> {
    const key = after ?? ['0001-01-01', '', '00000000-0000-0000-0000-000000000000'];
    return tx.rows<LotRow>(LIST, [tx.clinicId, product ?? null, usableOn ?? null, ...key, limit + 1]);
  }
}
