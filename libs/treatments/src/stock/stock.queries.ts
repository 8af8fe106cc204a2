import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { VIAL, type VialRow } from '../vials/vials.repository.js';
import type { StockedLot, Use } from './domain/expiry-watch.js';
import type { StockRow } from './http/stock.dto.js';

const STOCK = sql(`
  SELECT v.location_id AS "locationId", p.name AS "locationName", v.lot_id AS "lotId", l.number AS "lotNumber", l.product_id AS product,
         l.expires_on AS "expiresOn", l.status AS "lotStatus", l.vial_units AS "vialUnits",
         count(*) FILTER (WHERE v.status = 'sealed')::int AS "sealedVials",
         count(*) FILTER (WHERE v.status = 'open')::int AS "openVials",
         (sum(v.content - v.drawn - v.wasted) FILTER (WHERE v.status = 'open') / 100.0)::float8 AS "openUnits"
    FROM vial v
    JOIN lot l ON l.clinic_id = v.clinic_id AND l.id = v.lot_id
    JOIN location p ON p.clinic_id = v.clinic_id AND p.id = v.location_id
   WHERE v.clinic_id = $1 AND v.status <> 'discarded' AND ($2::uuid IS NULL OR v.location_id = $2)
     AND ($3::text IS NULL OR l.product_id = $3) AND (l.expires_on, v.lot_id, v.location_id) > ($4, $5, $6)
   GROUP BY v.location_id, p.name, v.lot_id, l.number, l.product_id, l.expires_on, l.status, l.vial_units
   ORDER BY l.expires_on, v.lot_id, v.location_id LIMIT $7`);
const VIALS = sql(`${VIAL}
  WHERE v.clinic_id = $1 AND v.location_id = $3 AND v.status = $4 AND ($5::text IS NULL OR l.product_id = $5) AND v.id > $6
  ORDER BY v.id LIMIT $7`);
// Opened first, by the clock that runs out first; of one patient only what is theirs or nobody's yet.
const OPEN = sql(`${VIAL}
  WHERE v.clinic_id = $1 AND v.location_id = $3 AND v.status = 'open' AND l.product_id = $4 AND l.status = 'in-use'
    AND l.expires_on >= $5 AND v.use_by >= $6 AND v.drawn + v.wasted < v.content
    AND (NOT v.single_patient OR coalesce(v.patient_id, $8::uuid) IS NOT DISTINCT FROM $8::uuid)
  ORDER BY v.use_by, v.id LIMIT $7`);
const SEALED = sql(`
  SELECT l.id AS "lotId", l.number AS "lotNumber", l.expires_on AS "expiresOn", l.vial_units AS "vialUnits", count(*)::int AS vials
    FROM lot l JOIN vial v ON v.clinic_id = l.clinic_id AND v.lot_id = l.id
   WHERE l.clinic_id = $1 AND v.location_id = $2 AND v.status = 'sealed' AND l.product_id = $3 AND l.status = 'in-use'
     AND l.expires_on >= $4
   GROUP BY l.id, l.number, l.expires_on, l.vial_units ORDER BY l.expires_on, l.number LIMIT $5`);
// Every lot on a shelf that holds one about to expire: what expires first is used first, so each needs the others.
const SHELVES = sql(`
  SELECT v.location_id AS "locationId", p.name AS "locationName", v.lot_id AS "lotId", l.number AS "lotNumber", l.product_id AS product,
         l.expires_on AS "expiresOn", sum(v.content - v.drawn - v.wasted)::int AS hundredths, count(*)::int AS vials
    FROM vial v
    JOIN lot l ON l.clinic_id = v.clinic_id AND l.id = v.lot_id
    JOIN location p ON p.clinic_id = v.clinic_id AND p.id = v.location_id
   WHERE v.clinic_id = $1 AND v.status <> 'discarded' AND l.status = 'in-use' AND ($2::uuid IS NULL OR v.location_id = $2)
     AND l.expires_on <= $3
   GROUP BY v.location_id, p.name, v.lot_id, l.number, l.product_id, l.expires_on
   ORDER BY l.expires_on, v.lot_id, v.location_id LIMIT $4`);
const GIVEN = sql(`
  SELECT t.location_id AS "locationId", i.product_id AS product, (sum(i.units) * 100)::int AS hundredths
    FROM treatment t
    JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.clinic_id = $1 AND t.status = 'signed' AND w.treatment_id IS NULL AND t.treated_on BETWEEN $2 AND $3
   GROUP BY t.location_id, i.product_id`);
const PLANNED = sql(`
  SELECT s.location_id AS "locationId", m.product_id AS product, (sum(m.units) * 100)::int AS hundredths
    FROM clearance c
    JOIN consultation s ON s.clinic_id = c.clinic_id AND s.id = c.consultation_id
    JOIN plan_item m ON m.clinic_id = c.clinic_id AND m.consultation_id = c.consultation_id
   WHERE c.clinic_id = $1 AND c.outcome IN ('cleared', 'cleared-with-decision') AND c.expires_on >= $2
     AND NOT EXISTS (SELECT FROM consultation_withdrawal x WHERE x.clinic_id = c.clinic_id AND x.consultation_id = c.consultation_id)
     AND NOT EXISTS (SELECT FROM treatment t
                      WHERE t.clinic_id = c.clinic_id AND t.clearance_id = c.id AND t.status = 'signed'
                        AND NOT EXISTS (SELECT FROM treatment_withdrawal w WHERE w.clinic_id = t.clinic_id AND w.treatment_id = t.id))
   GROUP BY s.location_id, m.product_id`);

export type ShelfRow = StockedLot & {
  readonly lotNumber: string;
  readonly locationName: string;
  readonly vials: number;
};

export interface SealedLot {
  readonly lotId: string;
  readonly lotNumber: string;
  readonly expiresOn: CalendarDate;
  readonly vialUnits: number;
  readonly vials: number;
}

interface Sum {
  readonly locationId: string;
  readonly product: string;
  readonly hundredths: number;
}

/** What is on the shelves, and what will become of it. */
@Injectable()
export class StockQueries {
  /** One row a lot and location, first to expire first. */
  stock(
    tx: Tx,
    {
      locationId,
      product,
    }: { readonly locationId?: string | undefined; readonly product?: string | undefined },
    after: readonly (string | number)[] | null,
    limit: number,
  ): Promise<StockRow[]> {
    const none = '00000000-0000-0000-0000-000000000000';
    const key = after ?? ['0001-01-01', none, none];
    return tx.rows<StockRow>(STOCK, [tx.clinicId, locationId ?? null, product ?? null, ...key, limit + 1]);
  }

  vials(
    tx: Tx,
    { locationId, status, product }: { locationId: string; status: string; product?: string | undefined },
    after: string,
    limit: number,
  ): Promise<VialRow[]> {
    return tx.rows<VialRow>(VIALS, [
      tx.clinicId,
      null,
      locationId,
      status,
      product ?? null,
      after,
      limit + 1,
    ]);
  }

  /** Opened vials of the product that may be used now, the first to be over first. */
  open(
    tx: Tx,
    { locationId, product, patientId }: { locationId: string; product: string; patientId: string | null },
    on: CalendarDate,
    most: number,
  ): Promise<VialRow[]> {
    return tx.rows<VialRow>(OPEN, [tx.clinicId, null, locationId, product, on, tx.now, most, patientId]);
  }

  /** Lots of the product with sealed vials that may be used today, the first to expire first. */
  sealed(
    tx: Tx,
    { locationId, product }: { locationId: string; product: string },
    on: CalendarDate,
    most: number,
  ): Promise<SealedLot[]> {
    return tx.rows<SealedLot>(SEALED, [tx.clinicId, locationId, product, on, most]);
  }

  /** Lots in stock that expire by the day, the first to expire first; one more than `most` when there are more. */
  shelves(tx: Tx, locationId: string | null, until: CalendarDate, most: number): Promise<ShelfRow[]> {
    return tx.rows<ShelfRow>(SHELVES, [tx.clinicId, locationId, until, most + 1]);
  }

  /** What was given in the days from `from` to `on`, and what is cleared and planned from `on`. */
  async uses(tx: Tx, from: CalendarDate, on: CalendarDate, days: number): Promise<Use[]> {
    const given = await tx.rows<Sum>(GIVEN, [tx.clinicId, from, on]);
    const planned = await tx.rows<Sum>(PLANNED, [tx.clinicId, on]);
    const of = (sums: Sum[], { locationId, product }: Sum): number =>
      sums.find((sum) => sum.locationId === locationId && sum.product === product)?.hundredths ?? 0;
    const places = new Map([...given, ...planned].map((sum) => [`${sum.locationId} ${sum.product}`, sum]));
    return [...places.values()].map((place) => ({
      locationId: place.locationId,
      product: place.product,
      days,
      given: of(given, place),
      planned: of(planned, place),
    }));
  }
}
