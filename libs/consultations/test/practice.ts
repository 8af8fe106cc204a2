import { ConfigModule, readConfig } from '#config';
import { Database, DatabaseModule } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import type { RequestActor } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { JobsModule } from '#jobs';
import { Clock, FixedClock, newId } from '#kernel';
import { TimelinePort } from '#patients';
import { Test, type TestingModule } from '@nestjs/testing';

import { ClearancesService } from '../src/clearances.service.js';
import { ConsentTextsService } from '../src/consents/consent-texts.service.js';
import { ConsultationsService } from '../src/consultations.service.js';
import { DecisionsService } from '../src/decisions.service.js';
import { ConsultationsModule, PatientHolds, SCREENING } from '../src/index.js';
import type { GiveAnswer } from '../src/http/assessment.dto.js';
import type { ConsultationView } from '../src/http/consultation.view.js';
import { ChartingPolicyService } from '../src/policy/charting-policy.service.js';
import { ConsultationRecordsService } from '../src/records/consultation-records.service.js';

export type Clinic = TestClinic & { readonly locationId: string };

/** The context on a database of its own, on a day of the test's choosing. */
export class Practice {
  private constructor(
    private readonly app: TestingModule,
    readonly db: TestDatabase,
    readonly clock: FixedClock,
    readonly consultations: ConsultationsService,
    readonly decisions: DecisionsService,
    readonly clearances: ClearancesService,
    readonly holds: PatientHolds,
    readonly policies: ChartingPolicyService,
    readonly texts: ConsentTextsService,
    readonly records: ConsultationRecordsService,
  ) {}

  static async open(now: string): Promise<Practice> {
    const clock = new FixedClock(new Date(now));
    const db = await createTestDatabase(clock);
    const config = ConfigModule.with(readConfig({ DATABASE_URL: db.url, NODE_ENV: 'test' }));
    const app = await Test.createTestingModule({
      imports: [config, DatabaseModule, JobsModule, ConsultationsModule],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    return new Practice(
      app,
      db,
      clock,
      app.get(ConsultationsService),
      app.get(DecisionsService),
      app.get(ClearancesService),
      app.get(PatientHolds),
      app.get(ChartingPolicyService),
      app.get(ConsentTextsService),
      app.get(ConsultationRecordsService),
    );
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.db.drop();
  }

  /** The consultations in a patient's timeline, as far as the reader may see them: id and status. */
  timeline(reader: RequestActor, patientId: string): Promise<{ id: string; status: string }[]> {
    const sources = this.app.get(TimelinePort).sourcesFor(reader.permissions);
    return this.app.get(Database).read(reader, async (tx) => {
      const told = sources.map(({ select }) => `(${select})`).join(' UNION ALL ');
      const text = `SELECT id, status FROM (${told}) AS t WHERE kind = 'consultation' ORDER BY at DESC, id DESC`;
      return tx.rows({ text }, [reader.clinicId, [patientId]]);
    });
  }

  async clinic(market: string, zone = 'Europe/London'): Promise<Clinic> {
    const clinic = await aClinic(this.db, { market });
    const locationId = newId();
    await this.db.admin.query(
      `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, 'Main', $3)`,
      [clinic.clinicId, locationId, zone],
    );
    return { ...clinic, locationId };
  }

  async patient({ clinicId }: TestClinic, birthDate = '1984-03-12'): Promise<string> {
    const id = newId();
    await this.db.admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
       SELECT $1, $2, count(*) + 1, 'Zoë', 'Núñez', $3 FROM patient WHERE clinic_id = $1`,
      [clinicId, id, birthDate],
    );
    return id;
  }

  /** A consultation begun by the prescriber with a plan of one area, and with all questions answered. */
  async screened(
    clinic: Clinic,
    patientId: string,
    {
      product = 'ona',
      area = 'glabella',
      said = {},
    }: { product?: string; area?: string; said?: Record<string, string> } = {},
  ): Promise<ConsultationView> {
    const { locationId, actor } = clinic;
    const plan = [{ area, product, units: 20 }];
    const { id } = await this.consultations.begin(actor.prescriber, { patientId, locationId, plan });
    return this.consultations.answer(actor.prescriber, id, { answers: everyAnswer(said) }, undefined);
  }
}

/** Every question answered unremarkably but those named. */
export const everyAnswer = (said: Record<string, string> = {}): GiveAnswer[] =>
  SCREENING.map(({ id, unremarkable }) => ({ questionId: id, value: said[id] ?? unremarkable[0] ?? 'no' }));

/** The severity of each finding by its key. */
export const severities = (findings: readonly { key: string; severity: string }[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ key, severity }) => [key, severity]));
