import { PatientHolds } from '#consultations';
import type { Tx } from '#database';
import { AdverseEvents } from '#treatments';
import { Injectable } from '@nestjs/common';

/** Patients a query: arrays of ids of a few hundred kilobytes. */
const AT_ONCE = 10_000;

/** A patient and every record that is, or was, theirs. */
interface HeldOne {
  readonly patientId: string;
  readonly records: readonly string[];
}

/** Who waits for a clinician, and not for the desk, among very many. */
@Injectable()
export class HeldPatients {
  constructor(
    private readonly holds: PatientHolds,
    private readonly adverseEvents: AdverseEvents,
  ) {}

  /** How many of them are on hold, under any of their records: now (null), or as it was known before an instant. */
  async count(tx: Tx, patients: readonly HeldOne[], before: Date | null): Promise<number> {
    let count = 0;
    for (let from = 0; from < patients.length; from += AT_ONCE) {
      const some = patients.slice(from, from + AT_ONCE);
      const ids = some.map(({ patientId }) => patientId);
      const records = some.flatMap((one) => one.records);
      const [held, hurt] = await (before === null
        ? Promise.all([this.holds.onHold(tx, ids), this.#hurt(tx, records)])
        : Promise.all([
            this.holds.onHoldBefore(tx, ids, before),
            this.adverseEvents.patientsBefore(tx, records, before),
          ]));
      count += some.filter((one) => held.has(one.patientId) || one.records.some((id) => hurt.has(id))).length;
    }
    return count;
  }

  async #hurt(tx: Tx, records: readonly string[]): Promise<Set<string>> {
    return new Set((await this.adverseEvents.active(tx, records)).map(({ patientId }) => patientId));
  }
}
