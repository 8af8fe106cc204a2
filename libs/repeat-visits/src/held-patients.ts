import { PatientHolds } from '#consultations';
import type { Tx } from '#database';
import { PatientsService } from '#patients';
import { AdverseEvents } from '#treatments';
import { Injectable } from '@nestjs/common';

/** Patients a query: arrays of ids of a few hundred kilobytes. */
const AT_ONCE = 10_000;

/** Who waits for a clinician, and not for the desk, among very many. */
@Injectable()
export class HeldPatients {
  constructor(
    private readonly patients: PatientsService,
    private readonly holds: PatientHolds,
    private readonly adverseEvents: AdverseEvents,
  ) {}

  /** How many of them are on hold now, under any of their records. */
  async count(tx: Tx, patientIds: readonly string[]): Promise<number> {
    let count = 0;
    for (let from = 0; from < patientIds.length; from += AT_ONCE) {
      const some = patientIds.slice(from, from + AT_ONCE);
      const united = await this.patients.unitedIds(tx, some);
      const [held, events] = await Promise.all([
        this.holds.onHold(tx, some),
        this.adverseEvents.active(tx, [...united.values()].flat()),
      ]);
      const hurt = new Set(events.map(({ patientId }) => patientId));
      count += some.filter((id) => held.has(id) || united.get(id)?.some((one) => hurt.has(one))).length;
    }
    return count;
  }
}
