import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WeeklyShift, WeeklyShiftView } from './http/weekly-shift.dto.js';
import { recurrenceOf } from './weekly-shifts.js';

const READ = sql(`
  SELECT weekday, starts AS start, ends AS end, valid_from AS "validFrom", valid_to AS "validTo", every_weeks AS "everyWeeks",
         anchor_monday AS "anchorMonday"
    FROM working_hours
   WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3 ORDER BY weekday, starts, valid_from, anchor_monday`);
const CLEAR = sql(
  'DELETE FROM working_hours WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3',
);
const VERSION = sql(`
  SELECT version FROM rota WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3`);
// There is a row to wait at even where hours were never set; whoever comes second sees the version of the first.
const LOCK = sql(`
  INSERT INTO rota (clinic_id, location_id, practitioner_id) VALUES ($1, $2, $3)
  ON CONFLICT (clinic_id, practitioner_id, location_id) DO UPDATE SET version = rota.version RETURNING version`);
const RAISE = sql(`
  UPDATE rota SET version = version + 1 WHERE clinic_id = $1 AND location_id = $2 AND practitioner_id = $3`);

/** The weekly hours of one practitioner at one location, as a whole. */
@Injectable()
export class WorkingHoursRepository {
  hours(tx: Tx, practitionerId: string, locationId: string): Promise<WeeklyShiftView[]> {
    return tx.rows(READ, [tx.clinicId, locationId, practitionerId]);
  }

  /** 0 until hours were first set. */
  async version(tx: Tx, practitionerId: string, locationId: string): Promise<number> {
    const rota = await tx.maybe<{ version: number }>(VERSION, [tx.clinicId, locationId, practitionerId]);
    return rota?.version ?? 0;
  }

  /** Keeps others from changing them until the transaction ends. */
  async lock(tx: Tx, practitionerId: string, locationId: string): Promise<number> {
    const rota = await tx.one<{ version: number }>(LOCK, [tx.clinicId, locationId, practitionerId]);
    return rota.version;
  }

  async set(
    tx: Tx,
    practitionerId: string,
    locationId: string,
    hours: readonly WeeklyShift[],
  ): Promise<void> {
    const whose = [tx.clinicId, locationId, practitionerId];
    await tx.run(CLEAR, whose);
    await tx.run(RAISE, whose);
    const data = hours.map((shift) => ({
      clinicId: tx.clinicId,
      id: newId(),
      locationId,
      practitionerId,
      starts: shift.start,
      ends: shift.end,
      ...recurrenceOf(shift),
    }));
    await (await tx.prisma()).workingHours.createMany({ data });
  }
}
