import { sql, type Tx } from '#database';

import type { AppointmentKind } from '../domain/booking-rules.js';

const ASKED = sql(`
  SELECT (SELECT l.zone FROM location l WHERE l.clinic_id = $1 AND l.id = $2 AND l.active) AS zone,
         (SELECT t.kind FROM appointment_type t WHERE t.clinic_id = $1 AND t.id = $3 AND t.active) AS kind`);

/** What is searched for, where; null each when there is no such one in use. */
export const visitAsked = (
  tx: Tx,
  locationId: string,
  typeId: string,
): Promise<{ zone: string | null; kind: AppointmentKind | null }> =>
  tx.one(ASKED, [tx.clinicId, locationId, typeId]);
