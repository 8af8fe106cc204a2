import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentKind } from '../domain/booking-rules.js';

const ASKED = sql(`
  SELECT (SELECT l.zone FROM location l WHERE l.clinic_id = $1 AND l.id = $2 AND l.active) AS zone,
         (SELECT t.kind FROM appointment_type t WHERE t.clinic_id = $1 AND t.id = $3 AND t.active) AS kind`);

@Injectable()
export class VisitDaysQueries {
  /** null: none such, or no longer active. */
  asked(
    tx: Tx,
    locationId: string,
    typeId: string,
  ): Promise<{ readonly zone: string | null; readonly kind: AppointmentKind | null }> {
    return tx.one(ASKED, [tx.clinicId, locationId, typeId]);
  }
}
