import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

const ZONES = sql(
  'SELECT location_id AS "locationId", zone FROM clinic_location WHERE clinic_id = $1 ORDER BY location_id',
);

@Injectable()
export class ReportFrameQueries {
  /** Every location with its zone, the clinic's first one first. */
  locations(tx: Tx): Promise<{ locationId: string; zone: string }[]> {
    return tx.rows(ZONES, [tx.clinicId]);
  }
}
