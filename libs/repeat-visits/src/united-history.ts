import type { Tx } from '#database';
import { PatientsService } from '#patients';
import { type RecordedDose, TreatmentHistory } from '#treatments';
import { Injectable } from '@nestjs/common';

/** Every dose of a patient, those of records merged into theirs included. */
@Injectable()
export class UnitedHistory {
  constructor(
    private readonly patients: PatientsService,
    private readonly history: TreatmentHistory,
  ) {}

  /** By patient asked for; a merged record stands for itself. Two queries, whatever their number. */
  async of(tx: Tx, patientIds: readonly string[]): Promise<Map<string, RecordedDose[]>> {
    const united = await this.patients.unitedIds(tx, patientIds);
    const doses = Map.groupBy(
      await this.history.doses(tx, [...new Set([...united.values()].flat())]),
      ({ patientId }) => patientId,
    );
    return new Map([...united].map(([id, ids]) => [id, ids.flatMap((one) => doses.get(one) ?? [])]));
  }
}
