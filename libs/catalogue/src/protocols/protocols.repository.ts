import { sql, type Tx } from '#database';
import { type CalendarDate, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ProtocolFigures } from '../domain/protocol.js';
import { readFigures } from '../read-figures.js';

/** A version of a clinic's own figures for a product in an area. */
export interface OwnVersion {
  readonly version: number;
  readonly figures: ProtocolFigures;
  readonly validFrom: CalendarDate;
  readonly reason: string;
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly createdAt: Date;
}

const VERSIONS = sql(`
  SELECT p.version, p.figures, p.valid_from AS "validFrom", p.reason, p.author_id AS "authorId",
         s.display_name AS "authorName", p.created_at AS "createdAt"
    FROM protocol p
    LEFT JOIN staff s ON s.clinic_id = p.clinic_id AND s.id = p.author_id
   WHERE p.clinic_id = $1 AND p.product_id = $2 AND p.area_id = $3 AND p.version < $4
   ORDER BY p.version DESC LIMIT $5`);

const KEEP = sql(`
  INSERT INTO protocol (clinic_id, id, product_id, area_id, version, figures, catalogue_version, valid_from, author_id,
                        reason, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`);

// Two who change the same figures at once: the second waits here, and then sees the version of the first.
const TURN = sql(
  `SELECT pg_advisory_xact_lock(hashtextextended('protocol ' || $1::text || $2 || ' ' || $3, 0))`,
);

const NEWEST = 2_147_483_647;

@Injectable()
export class ProtocolsRepository {
  async takeTurn(tx: Tx, product: string, area: string): Promise<void> {
    await tx.run(TURN, [tx.clinicId, product, area]);
  }

  /** Newest first, below a version. */
  async versions(
    tx: Tx,
    product: string,
    area: string,
    below: number | null,
    limit: number,
  ): Promise<OwnVersion[]> {
    const rows = await tx.rows<Omit<OwnVersion, 'figures'> & { figures: unknown }>(VERSIONS, [
      tx.clinicId,
      product,
      area,
      below ?? NEWEST,
      limit,
    ]);
    return rows.map((row) => ({ ...row, figures: readFigures(row.figures) }));
  }

  async keep(
    tx: Tx,
    own: Pick<OwnVersion, 'version' | 'figures' | 'validFrom' | 'reason'>,
    catalogueVersion: number,
  ): Promise<void> {
    const { version, figures, validFrom, reason } = own;
    await tx.run(KEEP, [
      tx.clinicId,
      newId(),
      figures.product,
      figures.area,
      version,
      JSON.stringify(figures),
      catalogueVersion,
      validFrom,
      tx.actor.staffId,
      reason,
      tx.now,
    ]);
  }
}
