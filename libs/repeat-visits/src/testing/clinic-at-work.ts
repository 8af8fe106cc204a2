import { ConfigModule, readConfig } from '#config';
import { Database, DatabaseModule, sql, type Tx } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { type JobData, JobsModule } from '#jobs';
import { calendarDate, FixedClock, newId } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import { FutureVisitsPort, PatientEventsPort } from '#patients';
import { patientsOn } from '#patients/testing';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { TreatmentEvents } from '#treatments';
import { aLot } from '#treatments/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import { RepeatVisitsModule, SendRecallMessage } from '../index.js';

/** Left out: 20 units of ona in the frown lines, a full treatment in London. */
export interface Session {
  readonly patientId: string;
  readonly treatedOn: string;
  readonly product?: string;
  readonly areas?: readonly string[];
  readonly kind?: 'full' | 'touch-up';
  readonly completesId?: string;
  readonly locationId?: string;
  /** The treatment it is the amended version of. */
  readonly amendsId?: string;
}

const DRAFT = sql(`
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, kind, completes_id, amends_id, amend_reason)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $9::uuid IS NOT NULL THEN 'Mistyped' END)`);
const INJECT = sql(`
  INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
  VALUES ($1, $2, $3, $4, 'midline', $5, $6, 20)`);
const SIGN = sql(`
  UPDATE treatment SET status = 'signed', signed_at = now(), signed_by = practitioner_id, signed_name = 'Dr Ada Okafor',
                       signed_meaning = 'I gave this treatment as recorded', content_hash = 'none'
   WHERE clinic_id = $1 AND id = $2`);
const WITHDRAW = sql(`
  INSERT INTO treatment_withdrawal (clinic_id, treatment_id, cause, reason, staff_id, replaced_by_id, at)
  VALUES ($1, $2, CASE WHEN $4::uuid IS NULL THEN 'entered-in-error' ELSE 'amended' END, 'Wrong', $3, $4, $5)`);

const HARM = `
  INSERT INTO adverse_event (clinic_id, id, patient_id, treatment_id, term, catalogue_version, onset_on, severity, serious, outcome,
                             recorded_at, recorded_by, updated_at)
  SELECT clinic_id, $2, $3, id, 'ptosis', '1', treated_on + 5, 'mild', false, 'recovering', now(), $5, now()
    FROM treatment WHERE clinic_id = $1 AND id = $4`;
const HEAL = `
  UPDATE adverse_event SET status = 'resolved', outcome = 'recovered', resolved_on = onset_on + 24, version = version + 1
   WHERE clinic_id = $1 AND treatment_id = $2`;
const REMEMBER = `
  INSERT INTO adverse_event_change (clinic_id, adverse_event_id, version, verb, content, at, staff_id)
  SELECT clinic_id, id, version, 'change', json_build_object('status', status), $3, $4 FROM adverse_event
   WHERE clinic_id = $1 AND treatment_id = $2`;

/** Where messages go; `broken`: the server takes none. */
export class Outbox extends MessageGateway {
  readonly sent: Message[] = [];
  broken = false;
  override isSetUp = true;

  send(message: Message): Promise<void> {
    if (this.broken) return Promise.reject(new Error('421'));
    this.sent.push(message);
    return Promise.resolve();
  }
}

// A job enqueued for now begins by the clock of the database, which is not the one of the test.
const DUE_MESSAGES = `
  DELETE FROM pgboss.job j USING recall_message m
   WHERE j.name = 'recall-message' AND m.id = (j.data ->> 'messageId')::uuid AND coalesce(m.send_after <= $1, true) RETURNING j.data`;

/** Repeat visits with everything below them on a database of their own, and treatments signed in their transaction. */
export class ClinicAtWork {
  /** Tells the rest of the clinic what it does. */
  readonly register: ReturnType<typeof patientsOn>;
  #held: () => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly db: TestDatabase,
    readonly clock: FixedClock,
    readonly module: INestApplicationContext,
    readonly clinic: TestClinic,
    readonly desk: TestDesk,
    readonly outbox: Outbox,
  ) {
    const get = <T>(type: new (...of: never[]) => T): T => module.get(type, { strict: false });
    this.register = patientsOn(db.database);
    this.register.events.subscribe(async (tx, event) => {
      await get(PatientEventsPort).publish(tx, event);
      const held = this.#held;
      this.#held = () => Promise.resolve();
      await held();
    });
    this.register.visits.subscribe(get(FutureVisitsPort));
  }

  /** At work in a service that runs already; its clock is not this one. */
  static async within(
    db: TestDatabase,
    module: INestApplicationContext,
    clinic: TestClinic,
  ): Promise<ClinicAtWork> {
    const outbox = new Outbox();
    const gateway = module.get(MessageGateway, { strict: false });
    Object.assign(gateway, { isSetUp: true, send: (message: Message) => outbox.send(message) });
    return new ClinicAtWork(db, new FixedClock(new Date()), module, clinic, await aDesk(db, clinic), outbox);
  }

  static async open(today: string, market = 'UK'): Promise<ClinicAtWork> {
    const clock = new FixedClock(new Date(`${today}T12:00:00Z`));
    const db = await createTestDatabase(clock);
    const clinic = await aClinic(db, { market });
    const outbox = new Outbox();
    const config = readConfig({ DATABASE_URL: db.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(config), DatabaseModule, JobsModule, RepeatVisitsModule],
    })
      .overrideProvider(Database)
      .useValue(db.database)
      .overrideProvider(MessageGateway)
      .useValue(outbox)
      .compile();
    await module.init();
    return new ClinicAtWork(db, clock, module, clinic, await aDesk(db, clinic), outbox);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.db.drop();
  }

  /** Signs a treatment; what follows from it is in the same transaction. `held` runs before that ends. */
  sign(session: Session, held: (tx: Tx) => Promise<void> = () => Promise.resolve()): Promise<string> {
    const { patientId, treatedOn, product = 'ona', areas = ['glabella'], kind = 'full' } = session;
    const id = newId();
    return this.#write(async (tx) => {
      const lot = await this.#lot(product);
      const place = session.locationId ?? this.desk.london.id;
      const { completesId = null, amendsId = null } = session;
      const given = [tx.clinicId, id, patientId, this.desk.doctorId, place, treatedOn, kind];
      await tx.run(DRAFT, [...given, completesId, amendsId]);
      for (const area of areas) await tx.run(INJECT, [tx.clinicId, newId(), id, area, product, lot]);
      await tx.run(SIGN, [tx.clinicId, id]);
      if (amendsId !== null) await tx.run(WITHDRAW, [tx.clinicId, amendsId, this.desk.doctorId, id, tx.now]);
      await this.module.get(TreatmentEvents, { strict: false }).publish(tx, {
        what: amendsId === null ? 'signed' : 'amended',
        treatmentId: id,
        replacesId: amendsId,
        patientId,
        treatedOn: calendarDate(treatedOn),
        kind,
        doses: areas.map((area) => ({ product, area })),
      });
      await held(tx);
      return id;
    });
  }

  /** Takes a treatment back as entered in error. */
  withdraw(treatmentId: string, { patientId, treatedOn }: Session): Promise<void> {
    return this.#write(async (tx) => {
      await tx.run(WITHDRAW, [tx.clinicId, treatmentId, this.desk.doctorId, null, tx.now]);
      await this.module.get(TreatmentEvents, { strict: false }).publish(tx, {
        what: 'withdrawn',
        treatmentId,
        replacesId: null,
        patientId,
        treatedOn: calendarDate(treatedOn),
        kind: 'full',
        doses: [],
      });
    });
  }

  /** Unites two records, or parts them again. `held` runs before that ends. */
  async merge(
    verb: 'merged' | 'unmerged',
    fromId: string,
    intoId: string,
    held: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { admin } = this.clinic.actor;
    const reason = 'One person, or two';
    this.#later();
    this.#held = held;
    const { merges } = this.register;
    if (verb === 'merged') await merges.merge(admin, intoId, { duplicateId: fromId, reason }, undefined);
    else await merges.unmerge(admin, fromId, { reason }, undefined);
  }

  /** An adverse event of a treatment that is active since five days after it. */
  async harm({ patientId, treatmentId }: { patientId: string; treatmentId: string }): Promise<void> {
    await this.db.admin.query(HARM, [
      this.clinic.clinicId,
      newId(),
      patientId,
      treatmentId,
      this.desk.doctorId,
    ]);
    await this.#rememberHarm(treatmentId);
  }

  /** It is resolved. */
  async heal({ treatmentId }: { treatmentId: string }): Promise<void> {
    await this.db.admin.query(HEAL, [this.clinic.clinicId, treatmentId]);
    await this.#rememberHarm(treatmentId);
  }

  async #rememberHarm(treatmentId: string): Promise<void> {
    const said = [this.clinic.clinicId, treatmentId, this.clock.now(), this.desk.doctorId];
    await this.db.admin.query(REMEMBER, said);
  }

  /** A treatment booked for the areas, 15:00 UTC on the day. */
  async book(patientId: string, on: string, areas: readonly string[]): Promise<string> {
    const id = newId();
    const { london, type, nurseId } = this.desk;
    await this.db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, room_id, location_id, type_id, starts_at, ends_at,
                                busy_from, busy_to, area_ids, booked_by)
       VALUES ($1, $2, $3, $4, NULL, $5, $6, $7::timestamptz, $7::timestamptz + interval '30 min', $7, $7::timestamptz + interval '30 min', $8, $4)`,
      [this.clinic.clinicId, id, patientId, nurseId, london.id, type.treatment, `${on}T15:00:00Z`, areas],
    );
    return id;
  }

  /** What the worker does with the recall messages that are due by now; a job that fails is left for `again`. */
  async sendMessages(now = this.clock.now()): Promise<JobData[]> {
    const { rows } = await this.db.admin.query<{ data: JobData }>(DUE_MESSAGES, [now]);
    const failed: JobData[] = [];
    for (const { data } of rows)
      await this.module
        .get(SendRecallMessage, { strict: false })
        .work(data)
        .catch(() => failed.push(data));
    return failed;
  }

  /** Every kept window of a patient, oldest first. */
  async kept(patientId: string): Promise<Record<string, unknown>[]> {
    const { rows } = await this.db.admin.query<Record<string, unknown>>(
      `SELECT area_id AS area, status, ended_by AS "endedBy", earliest::text, target::text, product_id AS product,
              treatment_id AS "treatmentId", input::text, outcome::text, input_hash AS "inputHash"
         FROM repeat_visit_window WHERE patient_id = $1 ORDER BY issued_at, area_id`,
      [patientId],
    );
    return rows;
  }

  readonly #lots = new Map<string, Promise<string>>();
  #lot(product: string): Promise<string> {
    const lot = this.#lots.get(product) ?? aLot(this.db, this.clinic, { product }).then(({ id }) => id);
    this.#lots.set(product, lot);
    return lot;
  }

  // A second later each time, so that kept windows have an order.
  #later(): void {
    this.clock.set(new Date(this.clock.now().getTime() + 1000));
  }

  #write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#later();
    return this.db.database.write(this.clinic.actor.prescriber, work);
  }
}
