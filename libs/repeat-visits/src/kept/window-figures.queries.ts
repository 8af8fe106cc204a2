import { type ProtocolFigures, readFigures } from '#catalogue';
import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

const FIGURES = sql(`
  SELECT hash, figures FROM window_figures WHERE clinic_id = $1 AND ($2::text[] IS NULL OR hash = ANY ($2))`);

/** The figures windows were computed from, as they were then. */
@Injectable()
export class WindowFiguresQueries {
  /** By hash; null: every set a window of the clinic was ever computed from, a few hundred at most. */
  async of(tx: Tx, hashes: readonly string[] | null): Promise<Map<string, ProtocolFigures>> {
    const rows = await tx.rows<{ hash: string; figures: unknown }>(FIGURES, [tx.clinicId, hashes]);
    return new Map(rows.map(({ hash, figures }) => [hash, readFigures(figures)]));
  }
}
