import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  AmendmentUnderWay,
  ReasonMissing,
  TreatmentNotFound,
  TreatmentOfAnother,
  TreatmentStatusRefused,
} from '../src/domain/treatments.errors.js';
import { aLot, aSignedTreatment } from '../src/testing/index.js';
import { LotRecallsService } from '../src/lot-recall/lot-recalls.service.js';
import { Practice, type Clinic } from './practice.js';

describe('the record of a treatment', () => {
  let practice: Practice;
  let uk: Clinic;

  const doctor = (clinic = uk) => clinic.actor.prescriber;
  const nurse = (clinic = uk) => clinic.actor.practitioner;
  const sign = (id: string, signing = {}, actor = doctor()) => practice.sign(uk, id, signing, actor);

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    uk = await practice.clinic('UK');
  });
  beforeEach(() => practice.newDay());
  afterAll(() => practice.close());

  it('shows when a byte of a signed record was changed past the locks', async () => {
    const { id } = await sign((await practice.draft(uk)).id);
    await practice.db.admin.query(
      `SET session_replication_role = replica; UPDATE injection SET units = 5 WHERE treatment_id = '${id}'; SET session_replication_role = origin`,
    );
    expect((await practice.treatments.read(doctor(), id)).signature?.intact).toBe(false);
  });

  describe('once signed', () => {
    it('is amended by a new version that replaces it when signed; both stay readable', async () => {
      const first = await sign((await practice.draft(uk)).id);
      const { corrections, treatments } = practice;
      await expect(corrections.amend(doctor(), first.id, ' ')).rejects.toThrow(ReasonMissing);
      await expect(corrections.amend(nurse(), first.id, 'x')).rejects.toThrow(TreatmentOfAnother);
      const draft = await corrections.amend(doctor(), first.id, 'One point forgotten');
      expect(draft).toMatchObject({ status: 'draft', amendsId: first.id, treatedOn: first.treatedOn });
      expect(draft.totals).toEqual(first.totals);
      await expect(corrections.amend(doctor(), first.id, 'x')).rejects.toThrow(AmendmentUnderWay);
      expect((await treatments.read(doctor(), first.id)).status).toBe('signed');
      practice.clock.set(new Date('2026-03-05T10:00:00Z'));
      await treatments.chart(
        doctor(),
        draft.id,
        { injections: await practice.points(uk, { units: 2 }, 6) },
        undefined,
      );
      practice.told = [];
      const second = await sign(draft.id);
      expect(second).toMatchObject({ status: 'signed', signature: { intact: true } });
      expect(practice.told).toMatchObject([
        { what: 'amended', treatmentId: second.id, replacesId: first.id },
      ]);
      const replaced = await treatments.read(doctor(), first.id);
      expect(replaced).toMatchObject({
        status: 'amended',
        signature: { intact: true },
        withdrawal: { cause: 'amended', reason: 'One point forgotten', replacedById: second.id },
      });
      expect(replaced.versions.map(({ id, status }) => [id, status])).toEqual([
        [first.id, 'amended'],
        [second.id, 'signed'],
      ]);
      expect(second.versions).toEqual(replaced.versions);
      await expect(corrections.amend(doctor(), first.id, 'x')).rejects.toThrow(TreatmentStatusRefused);
      const third = await corrections.amend(doctor(), second.id, 'Again');
      expect(third.versions).toHaveLength(3);
      await corrections.discard(doctor(), third.id);
      await expect(treatments.read(doctor(), third.id)).rejects.toThrow(TreatmentNotFound);
      const doses = await practice.db.database.read(doctor(), (tx) =>
        practice.history.doses(tx, [first.patientId]),
      );
      expect(doses).toMatchObject([{ treatmentId: second.id, units: 12 }]);
    });

    it('can be corrected after its lot was recalled', async () => {
      const { id: lotId } = await aLot(practice.db, uk, { product: 'ona', number: 'L3' });
      const first = await sign(
        (await practice.draft(uk, { injections: await practice.points(uk, { lotId }) })).id,
      );
      await practice.get(LotRecallsService).open(nurse(), lotId, { reason: 'Manufacturer notice' });
      const draft = await practice.corrections.amend(doctor(), first.id, 'Side was wrong');
      expect((await sign(draft.id)).status).toBe('signed');
    });

    it('is taken back when entered in error, by any colleague, with a reason', async () => {
      const { id, patientId } = await sign((await practice.draft(uk)).id);
      const { corrections } = practice;
      await expect(corrections.enterInError(nurse(), id, '')).rejects.toThrow(ReasonMissing);
      practice.told = [];
      const withdrawn = await corrections.enterInError(nurse(), id, 'Wrong patient');
      expect(withdrawn).toMatchObject({
        status: 'entered-in-error',
        withdrawal: { cause: 'entered-in-error', reason: 'Wrong patient', by: nurse().staffId },
      });
      expect(practice.told).toMatchObject([{ what: 'withdrawn', treatmentId: id, replacesId: null }]);
      await expect(corrections.enterInError(nurse(), id, 'x')).rejects.toThrow(TreatmentStatusRefused);
      const doses = await practice.db.database.read(doctor(), (tx) =>
        practice.history.doses(tx, [patientId]),
      );
      expect(doses).toEqual([]);
    });
  });

  it('lists a patient’s treatments page by page, newest first', async () => {
    const patientId = await practice.patient(uk);
    const days = ['2025-03-01', '2025-07-01', '2025-11-01'];
    for (const treatedOn of days) await aSignedTreatment(practice.db, uk, { patientId, treatedOn });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await practice.treatments.list(doctor(), patientId, {
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.items.map(({ treatedOn }) => treatedOn));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(days.toReversed());
  });

  it('leaves an audit row for every reading and change', async () => {
    const draft = await practice.draft(uk);
    await sign(draft.id);
    await practice.treatments.read(nurse(), draft.id);
    await practice.corrections.enterInError(nurse(), draft.id, 'Wrong patient');
    const { rows } = await practice.db.admin.query<{ action: string }>(
      `SELECT action FROM audit_event WHERE patient_id = $1 ORDER BY id`,
      [draft.patientId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'treatment.begin',
      'treatment.sign',
      'treatment.read',
      'treatment.enter-in-error',
    ]);
  });
});
