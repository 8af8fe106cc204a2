import type { Tx } from '#database';
import { PatientsService } from '#patients';
import type { TreatmentEvent } from '#treatments';
import { Injectable } from '@nestjs/common';

import { CoursesRepository } from './courses.repository.js';

/** Keeps what return rates are counted from in step with the records. */
@Injectable()
export class CoursesService {
  constructor(
    private readonly patients: PatientsService,
    private readonly courses: CoursesRepository,
  ) {}

  /** In the transaction that signed, amended or withdrew: the patient's course follows. */
  async answer(tx: Tx, { patientId }: Pick<TreatmentEvent, 'patientId'>): Promise<void> {
    await this.patients.hold(tx, [patientId]);
    await this.courses.keep(tx, [patientId]);
  }

  /**
   * The next patients' courses, compared with their records and mended where they differ. Begin without `after` and go
   * on with the `last` of each answer until it is null.
   */
  async mend(
    tx: Tx,
    after: string | null,
    limit: number,
  ): Promise<{ readonly last: string | null; readonly mended: number }> {
    const patientIds = await this.courses.patientsAfter(tx, after, limit);
    if (patientIds.length === 0) return { last: null, mended: 0 };
    await this.patients.hold(tx, patientIds);
    const mended = await this.courses.keep(tx, patientIds);
    return { last: patientIds.at(-1) ?? null, mended };
  }
}
