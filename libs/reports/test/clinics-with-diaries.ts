import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';

import { recordsOf, type Records } from '../src/testing/records.builder.js';
import { diaryOf } from './clinic-figures.builder.js';
import { reportsOn, type Reports } from './reports-at-work.js';

/** Reports in the evening of 30 June 2025, and clinics to ask about. */
export class ClinicsWithDiaries {
  private constructor(
    readonly db: TestDatabase,
    readonly reports: Reports,
    readonly clock: FixedClock,
  ) {}

  static async open(): Promise<ClinicsWithDiaries> {
    const clock = new FixedClock(new Date('2025-06-30T22:30:00Z'));
    const db = await createTestDatabase(clock);
    return new ClinicsWithDiaries(db, await reportsOn(db), clock);
  }

  async close(): Promise<void> {
    await this.reports.close();
    await this.db.drop();
  }

  async aDiary(): Promise<TestClinic & { records: Records; diary: ReturnType<typeof diaryOf> }> {
    const clinic = await aClinic(this.db);
    const records = await recordsOf(this.db, clinic);
    return { ...clinic, records, diary: diaryOf(this.db, clinic, records.locationId) };
  }
}
