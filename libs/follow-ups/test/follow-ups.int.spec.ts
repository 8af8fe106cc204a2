import { type TestDatabase } from '#database/testing';
import { StaleVersion } from '#http';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock, newId } from '#kernel';
import { type TestDesk } from '#scheduling/testing';
import { type TreatmentEvent } from '#treatments';
import { aSignedTreatment } from '#treatments/testing';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestingModule } from '@nestjs/testing';

import {
  FollowUpEvents,
  FollowUpNotFound,
  FollowUpsRepository,
  FollowUpsService,
  FollowUpTransitionNotAllowed,
  MarkMissedFollowUps,
  OutcomeAreasDiffer,
  ReviewedBeforeTreatment,
  ReviewedInTheFuture,
  ReviewsService,
} from '../src/index.js';
import { ClinicAfterTreatments, TREATED } from './clinic-after-treatments.js';

describe('the follow-ups of a treatment', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let module: TestingModule;
  let service: FollowUpsService;
  let reviews: ReviewsService;
  let patientId: string;
  let clock: FixedClock;
  let work: ClinicAfterTreatments;

  const publish = (
    { treatmentId, ...event }: Partial<TreatmentEvent> & { treatmentId: string },
    areas = ['glabella', 'forehead'],
  ) => work.tell(treatmentId, { patientId, ...event }, areas);
  const treated = (more = {}) => aSignedTreatment(db, clinic, { patientId, treatedOn: TREATED, ...more });
  const signed = (areas = ['glabella', 'forehead']) => work.sign(patientId, areas);
  const listed = async () => (await service.ofPatient(clinic.actor.receptionist, patientId)).items;
  const shown = async () =>
    (await listed()).map(({ kind, areas, status }) => `${kind} ${areas.join('+')} ${status}`).toSorted();
  const review = () => work.followUp(patientId, 'review');
  const outcome = (reviewedOn: string, ...results: ('full' | 'partial' | 'none')[]) => ({
    reviewedOn,
    areas: ['forehead', 'glabella'].slice(0, results.length).map((area, i) => ({
      area,
      result: results[i] ?? ('full' as const),
      touchUp: results[i] === 'partial' ? ('advised' as const) : ('not-needed' as const),
    })),
  });

  beforeAll(async () => {
    work = await ClinicAfterTreatments.open('2026-01-29T10:00:00Z');
    ({ clinic, desk, module, clock, db } = work);
    service = module.get(FollowUpsService);
    reviews = module.get(ReviewsService);
  });
  beforeEach(async () => {
    clock.set(new Date('2026-01-29T10:00:00Z'));
    patientId = await desk.aPatient();
  });
  afterAll(() => work.close());

  it('are planned when it is signed: the review and the check on day 30', async () => {
    const treatmentId = await signed();
    expect(await listed()).toMatchObject([
      { kind: 'non-response-check', dueFrom: '2026-02-14', dueTo: '2026-02-14', status: 'due', treatmentId },
      {
        kind: 'review',
        areas: ['forehead', 'glabella'],
        treatedOn: TREATED,
        dueFrom: '2026-01-29',
        dueTo: '2026-02-05',
        ruleIds: ['review/default'],
      },
    ]);
  });

  it('are not planned for a touch-up', async () => {
    await signed();
    const touchUp = await treated({ kind: 'touch-up' });
    await publish({ treatmentId: touchUp, kind: 'touch-up' });
    expect(await listed()).toHaveLength(2);
  });

  it('are waived when it is withdrawn, except what was done', async () => {
    const treatmentId = await signed();
    const { id } = await review();
    await reviews.complete(clinic.actor.practitioner, id, outcome('2026-01-29', 'full', 'full'), undefined);
    await publish({ treatmentId, what: 'withdrawn' });
    expect(await shown()).toEqual([
      'non-response-check forehead+glabella waived',
      'review forehead+glabella completed',
    ]);
  });

  it('are replaced by an amendment: what was reviewed is not asked for again, a booking is kept', async () => {
    const first = await signed();
    const { id } = await review();
    await reviews.complete(clinic.actor.practitioner, id, outcome('2026-01-29', 'full', 'full'), undefined);
    const appointmentId = newId();
    await db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by)
       VALUES ($1, $2, $3, $4, $5, $6, '2026-02-14T10:00Z', '2026-02-14T10:15Z', '2026-02-14T10:00Z', '2026-02-14T10:15Z', $4)`,
      [clinic.clinicId, appointmentId, patientId, desk.nurseId, desk.london.id, desk.type.review],
    );
    await db.admin.query(
      `UPDATE follow_up SET status = 'booked', appointment_id = $2 WHERE treatment_id = $1 AND kind = 'non-response-check'`,
      [first, appointmentId],
    );
    const second = await work.amend(first, patientId, ['glabella', 'forehead', 'lateral_canthal']);
    const after = [
      'non-response-check forehead+glabella waived',
      'non-response-check forehead+glabella+lateral_canthal booked',
      'review forehead+glabella completed',
      'review lateral_canthal due',
    ];
    expect(await shown()).toEqual(after);
    await work.amend(second, patientId, ['glabella', 'forehead']);
    expect(await shown()).toEqual([
      'non-response-check forehead+glabella booked',
      'non-response-check forehead+glabella waived',
      'non-response-check forehead+glabella+lateral_canthal waived',
      'review forehead+glabella completed',
      'review lateral_canthal waived',
    ]);
  });

  it('come back with an amendment, whatever became of another treatment of that day', async () => {
    const mistaken = await signed(['glabella']);
    await publish({ treatmentId: mistaken, what: 'withdrawn' });
    const other = await signed(['glabella']);
    const waived = (await listed()).find((one) => one.treatmentId === other && one.kind === 'review');
    const reason = { reason: 'Lives abroad' };
    await service.waive(clinic.actor.practitioner, waived?.id ?? '', reason, undefined);
    const first = await signed(['glabella']);
    const second = await work.amend(first, patientId);
    const reviewsOf = async (treatmentId: string): Promise<string[]> =>
      (await listed())
        .filter((one) => one.treatmentId === treatmentId && one.kind === 'review')
        .map(({ status }) => status);
    expect([await reviewsOf(first), await reviewsOf(second)]).toEqual([['waived'], ['due']]);
    // What a person waived under one version stays waived under the next.
    const third = await work.amend(await work.amend(other, patientId), patientId);
    expect(await reviewsOf(third)).toEqual([]);
  });

  it('keep the outcome and what it leads to', async () => {
    await signed();
    const { id, version } = await review();
    clock.set(new Date('2026-02-20T10:00:00Z'));
    const done = await reviews.complete(
      clinic.actor.practitioner,
      id,
      { ...outcome('2026-02-14', 'partial', 'none'), satisfaction: 2, note: 'Weak on the left' },
      version,
    );
    expect(done).toMatchObject({
      status: 'completed',
      completedOn: '2026-02-14',
      completedBy: clinic.actor.practitioner.staffId,
      version: version + 1,
      outcome: {
        satisfaction: 2,
        nonResponse: ['glabella'],
        tooSoonToTell: [],
        touchUps: ['forehead'],
        pathway: ['technique', 'muscles', 'antibodies'],
      },
    });
    await expect(
      reviews.complete(clinic.actor.practitioner, id, outcome('2026-02-14', 'full', 'full'), undefined),
    ).rejects.toThrow(FollowUpTransitionNotAllowed);
  });

  it('refuse an outcome that cannot be, and change nothing', async () => {
    await signed();
    const { id } = await review();
    const complete = (given: ReturnType<typeof outcome>, read?: number) =>
      reviews.complete(clinic.actor.practitioner, id, given, read);
    await expect(complete(outcome('2026-01-14', 'full', 'full'))).rejects.toThrow(ReviewedBeforeTreatment);
    await expect(complete(outcome('2026-01-29', 'full'))).rejects.toThrow(OutcomeAreasDiffer);
    await expect(complete(outcome('2026-02-01', 'full', 'full'))).rejects.toThrow(ReviewedInTheFuture);
    await expect(complete(outcome('2026-01-29', 'full', 'full'), 7)).rejects.toThrow(StaleVersion);
    expect(await review()).toMatchObject({ status: 'due', version: 1, outcome: null });
  });

  it('are waived with a reason, once', async () => {
    await signed();
    const { id } = await review();
    const waive = () => service.waive(clinic.actor.practitioner, id, { reason: ' Lives abroad ' }, undefined);
    expect(await waive()).toMatchObject({ status: 'waived', statusReason: 'Lives abroad' });
    await expect(waive()).rejects.toThrow(FollowUpTransitionNotAllowed);
  });

  it('are listed by status, kind, day and patient, page by page', async () => {
    await signed(['glabella']);
    await signed(['masseter']);
    const find = async (query: object): Promise<string[]> => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<FollowUpsService['find']>> = await service.find(
          clinic.actor.receptionist,
          {
            limit: 1,
            patientId,
            ...query,
            ...(after === null ? {} : { after }),
          },
        );
        seen.push(...page.items.map(({ kind, dueFrom }) => `${kind} ${dueFrom}`));
        after = page.next;
      } while (after !== null);
      return seen;
    };
    expect(await find({})).toEqual([
      'review 2026-01-29',
      'review 2026-02-12',
      'non-response-check 2026-02-14',
      'non-response-check 2026-02-14',
    ]);
    expect(await find({ kind: 'review', dueBy: '2026-02-11' })).toEqual(['review 2026-01-29']);
    expect(await find({ status: 'waived' })).toEqual([]);
    const [first] = (await service.find(clinic.actor.receptionist, { limit: 1, patientId })).items;
    expect(first?.patient).toMatchObject({ givenName: 'Zoë', phone: null, doNotContact: false });
  });

  it('are missed once their last day has passed everywhere', async () => {
    await signed();
    const night = async (now: string): Promise<string> => {
      clock.set(new Date(now));
      await new MarkMissedFollowUps(
        db.database,
        module.get(FollowUpsRepository),
        module.get(FollowUpEvents),
      ).work({
        clinicId: clinic.clinicId,
      });
      return (await review()).status;
    };
    expect(await night('2026-02-06T11:59:00Z')).toBe('due');
    expect(await night('2026-02-06T12:01:00Z')).toBe('missed');
    const { id } = await review();
    await reviews.complete(clinic.actor.practitioner, id, outcome('2026-02-06', 'full', 'full'), undefined);
    expect(await night('2026-03-01T12:00:00Z')).toBe('completed');
  });

  it('leave an audit row for each change and for reading a patient’s', async () => {
    await signed();
    const { id } = await review();
    await service.waive(clinic.actor.practitioner, id, { reason: 'Content' }, undefined);
    await service.find(clinic.actor.receptionist, { limit: 50, patientId });
    await service.find(clinic.actor.receptionist, { limit: 50 });
    const { rows } = await db.admin.query<{ action: string }>(
      'SELECT action FROM audit_event WHERE patient_id = $1 ORDER BY id',
      [patientId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'follow-up.plan',
      'follow-up.list',
      'follow-up.waive',
      'follow-up.list',
    ]);
  });

  it('of another clinic are those of nobody', async () => {
    await signed();
    const { id } = await review();
    const foreign = await aClinic(db);
    await expect(service.waive(foreign.actor.practitioner, id, { reason: 'x' }, undefined)).rejects.toThrow(
      FollowUpNotFound,
    );
    await expect(service.ofPatient(foreign.actor.receptionist, patientId)).rejects.toThrow(PatientNotFound);
    const found = await service.find(foreign.actor.receptionist, { limit: 50, patientId });
    expect(found.items).toEqual([]);
  });
});
