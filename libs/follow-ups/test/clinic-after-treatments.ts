import { ConfigModule, readConfig } from '#config';
import { Database, DatabaseModule } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { JobsModule } from '#jobs';
import { calendarDate, FixedClock } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { type TreatmentEvent, TreatmentEvents } from '#treatments';
import { aSignedTreatment } from '#treatments/testing';
import { Test, type TestingModule } from '@nestjs/testing';

import { FollowUpsModule, FollowUpsService } from '../src/index.js';

type Told = Partial<Omit<TreatmentEvent, 'treatmentId'>> & Pick<TreatmentEvent, 'patientId'>;

/** The day every treatment of these specs is on. */
export const TREATED = '2026-01-15';

/** Follow-ups with everything below them on a database of their own. */
export class ClinicAfterTreatments {
  private constructor(
    readonly db: TestDatabase,
    readonly clock: FixedClock,
    readonly module: TestingModule,
    readonly clinic: TestClinic,
    readonly desk: TestDesk,
  ) {}

  static async open(now: string): Promise<ClinicAfterTreatments> {
    const clock = new FixedClock(new Date(now));
    const db = await createTestDatabase(clock);
    const clinic = await aClinic(db);
    const config = readConfig({ DATABASE_URL: db.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(config), DatabaseModule, JobsModule, FollowUpsModule],
    })
      .overrideProvider(Database)
      .useValue(db.database)
      .compile();
    await module.init();
    return new ClinicAfterTreatments(db, clock, module, clinic, await aDesk(db, clinic));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.db.drop();
  }

  /** Tells those above of a treatment: signed, full, of the frown lines, unless said otherwise. */
  tell(treatmentId: string, told: Told, areas: readonly string[] = ['glabella']): Promise<void> {
    return this.db.database.write(this.clinic.actor.prescriber, (tx) =>
      this.module.get(TreatmentEvents).publish(tx, {
        what: 'signed',
        treatmentId,
        replacesId: null,
        treatedOn: calendarDate(TREATED),
        kind: 'full',
        doses: areas.map((area) => ({ product: 'ona', area })),
        ...told,
      }),
    );
  }

  /** A signed treatment those above were told of; returns its id. */
  async sign(patientId: string, areas?: readonly string[]): Promise<string> {
    const place = { patientId, treatedOn: TREATED, locationId: this.desk.london.id };
    const treatmentId = await aSignedTreatment(this.db, this.clinic, place);
    await this.tell(treatmentId, { patientId }, areas);
    return treatmentId;
  }

  /** An amended version, signed, which those above were told of; returns its id. */
  async amend(replacesId: string, patientId: string, areas?: readonly string[]): Promise<string> {
    const place = { patientId, treatedOn: TREATED, locationId: this.desk.london.id };
    const treatmentId = await aSignedTreatment(this.db, this.clinic, { ...place, amendsId: replacesId });
    await this.tell(treatmentId, { what: 'amended', replacesId, patientId }, areas);
    return treatmentId;
  }

  /** The follow-up of this kind that the patient has, one that stands before one that was waived. */
  async followUp(patientId: string, kind: 'review' | 'non-response-check') {
    const { items } = await this.module
      .get(FollowUpsService)
      .ofPatient(this.clinic.actor.receptionist, patientId);
    const [found] = items
      .filter((one) => one.kind === kind)
      .toSorted((a, b) => Number(a.status === 'waived') - Number(b.status === 'waived'));
    if (!found) throw new Error(`no ${kind}`);
    return found;
  }
}
