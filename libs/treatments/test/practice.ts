import { ConfigModule, readConfig } from '#config';
import { aClearedConsultation } from '#consultations/testing';
import { Database, DatabaseModule } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { JobsModule } from '#jobs';
import { Clock, FixedClock, newId } from '#kernel';
import { AppointmentVerbsService } from '#scheduling';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';

import { CorrectionsService } from '../src/corrections.service.js';
import type { ChartInjection } from '../src/http/injection.dto.js';
import type { SignTreatment } from '../src/http/treatment.dto.js';
import type { TreatmentView } from '../src/http/treatment.view.js';
import { type TreatmentEvent, TreatmentEvents, TreatmentHistory, TreatmentsModule } from '../src/index.js';
import { LotsService } from '../src/stock/lots.service.js';
import { SigningService } from '../src/signing/signing.service.js';
import { aLot, RECORDED } from '../src/testing/index.js';
import { TreatmentsService } from '../src/treatments.service.js';

export type Clinic = TestClinic & { readonly locationId: string };
type Cleared = Partial<Parameters<typeof aClearedConsultation>[2]>;

/** The context on a database of its own, on a day of the test's choosing. */
export class Practice {
  readonly treatments: TreatmentsService;
  readonly signing: SigningService;
  readonly corrections: CorrectionsService;
  readonly lots: LotsService;
  readonly events: TreatmentEvents;
  readonly history: TreatmentHistory;
  readonly visits: AppointmentVerbsService;
  /** What those who plan were told since the day began. */
  told: TreatmentEvent[] = [];

  private constructor(
    private readonly app: TestingModule,
    readonly db: TestDatabase,
    readonly clock: FixedClock,
    private readonly today: Date,
  ) {
    this.treatments = app.get(TreatmentsService);
    this.signing = app.get(SigningService);
    this.corrections = app.get(CorrectionsService);
    this.lots = app.get(LotsService);
    this.events = app.get(TreatmentEvents);
    this.history = app.get(TreatmentHistory);
    this.visits = app.get(AppointmentVerbsService);
    this.events.subscribe((_, event) => Promise.resolve(void this.told.push(event)));
  }

  static async open(now: string): Promise<Practice> {
    const clock = new FixedClock(new Date(now));
    const db = await createTestDatabase(clock);
    const config = ConfigModule.with(readConfig({ DATABASE_URL: db.url, NODE_ENV: 'test' }));
    const app = await Test.createTestingModule({
      imports: [config, DatabaseModule, JobsModule, TreatmentsModule],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    await app.init();
    return new Practice(app, db, clock, clock.now());
  }

  /** Sets the clock back to the day it was opened on; nobody was told anything yet. */
  newDay(): void {
    this.clock.set(this.today);
    this.told = [];
  }

  /** By the prescriber, unless told otherwise. */
  sign(
    clinic: Clinic,
    id: string,
    signing: SignTreatment = {},
    actor = clinic.actor.prescriber,
  ): Promise<TreatmentView> {
    return this.signing.sign(actor, id, signing);
  }

  get<Service>(service: Type<Service>): Service {
    return this.app.get(service);
  }

  get database(): Database {
    return this.app.get(Database);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.db.drop();
  }

  async clinic(market: string): Promise<Clinic> {
    const clinic = await aClinic(this.db, { market });
    return { ...clinic, locationId: await this.location(clinic) };
  }

  async location({ clinicId }: TestClinic): Promise<string> {
    const id = newId();
    await this.db.admin.query(
      `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, $3, 'Europe/London')`,
      [clinicId, id, `Place ${id}`],
    );
    return id;
  }

  async patient({ clinicId }: TestClinic): Promise<string> {
    const id = newId();
    await this.db.admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
       SELECT $1, $2, count(*) + 1, 'Zoë', 'Núñez', '1984-03-12' FROM patient WHERE clinic_id = $1`,
      [clinicId, id],
    );
    return id;
  }

  /** Five points of four units in the frown lines, unless told otherwise. */
  async points(clinic: Clinic, given: Partial<ChartInjection> = {}, count = 5): Promise<ChartInjection[]> {
    const product = given.product ?? 'ona';
    const lotId = given.lotId ?? (await aLot(this.db, clinic, { product })).id;
    const one = { area: 'glabella', side: 'midline', units: 4, ...given, product, lotId };
    return Array.from({ length: count }, () => ({ ...one }));
  }

  /** A draft of the prescriber for a patient cleared today, for what is charted unless told otherwise. */
  async draft(
    clinic: Clinic,
    {
      cleared = {},
      injections,
      ...begun
    }: {
      cleared?: Cleared;
      injections?: ChartInjection[];
      patientId?: string;
      kind?: 'full' | 'touch-up';
      completesId?: string;
    } = {},
  ): Promise<TreatmentView> {
    const { locationId, actor } = clinic;
    const patientId = begun.patientId ?? (await this.patient(clinic));
    const decidedOn = this.clock.now().toISOString().slice(0, 10);
    const points = injections ?? (await this.points(clinic));
    const record = { patientId, decidedOn, locationId, ...planned(points), ...cleared };
    const { clearanceId } = await aClearedConsultation(this.db, clinic, record);
    return this.treatments.begin(actor.prescriber, {
      patientId,
      locationId,
      clearanceId,
      kind: begun.kind ?? 'full',
      injections: points,
      record: RECORDED,
      ...(begun.completesId === undefined ? {} : { completesId: begun.completesId }),
    });
  }
}

/** The plan of these points; nobody clears an empty one. */
const planned = (points: readonly ChartInjection[]): Cleared =>
  points.length === 0
    ? {}
    : {
        plan: [...Map.groupBy(points, ({ product, area }) => `${product} ${area}`).values()].flatMap((same) =>
          same.slice(0, 1).map(({ product, area }) => ({
            product,
            area,
            units: same.reduce((sum, { units }) => sum + units, 0),
          })),
        ),
      };
