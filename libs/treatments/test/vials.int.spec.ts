import { DatabaseBusy, sql } from '#database';
import { StaffNotFound } from '#identity';
import { newId } from '#kernel';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { LotExpired, LotNotUsable } from '../src/domain/lots.errors.js';
import type { ChartInjection } from '../src/http/injection.dto.js';
import { LotRecallsService } from '../src/lot-recall/lot-recalls.service.js';
import { DeliveriesService } from '../src/stock/deliveries.service.js';
import { TooFewVials } from '../src/stock/domain/stock.errors.js';
import { aLot } from '../src/testing/index.js';
import * as refused from '../src/domain/vials.errors.js';
import type { VialView } from '../src/vials/http/vial.view.js';
import { OpeningService } from '../src/vials/opening.service.js';
import { VialsService } from '../src/vials/vials.service.js';
import { Practice, type Clinic } from './practice.js';

const NOW = '2026-03-02T10:00:00Z';

describe('vials', () => {
  let practice: Practice;
  let clinic: Clinic;
  let other: Clinic;
  let vials: VialsService;
  let numbered = 0;
  const nurse = () => clinic.actor.practitioner;
  const doctor = () => clinic.actor.prescriber;

  const delivered = async (product: string, count = 1, lot: object = {}) => {
    numbered += 1;
    const { id } = await aLot(practice.db, clinic, { product, number: `V${numbered}`, ...lot });
    await practice
      .get(DeliveriesService)
      .receive(nurse(), id, { locationId: clinic.locationId, vials: count });
    return id;
  };
  const open = (lotId: string, over: object = { diluentMl: 2.5 }) =>
    practice.get(OpeningService).open(nurse(), { lotId, locationId: clinic.locationId, ...over });
  const opened = async (product = 'ona') => open(await delivered(product));
  const points = (
    vial: { id: string; lotId: string; product: string },
    units = 4,
    count = 5,
  ): ChartInjection[] =>
    Array.from({ length: count }, () => ({
      area: 'glabella',
      side: 'midline',
      units,
      product: vial.product,
      lotId: vial.lotId,
      vialId: vial.id,
    }));
  const balance = async (id: string) => {
    const { drawnUnits, wastedUnits, leftUnits, chartedUnits, contentUnits } = await vials.read(nurse(), id);
    expect(drawnUnits + wastedUnits + leftUnits).toBeCloseTo(contentUnits, 6);
    return { drawn: drawnUnits, wasted: wastedUnits, left: leftUnits, charted: chartedUnits };
  };
  const entries = async (id: string) => (await vials.movements(nurse(), id, { limit: 100 })).items;

  beforeAll(async () => {
    practice = await Practice.open(NOW);
    clinic = await practice.clinic('UK');
    other = await practice.clinic('UK');
    vials = practice.get(VialsService);
  });
  beforeEach(() => practice.clock.set(new Date(NOW)));
  afterAll(() => practice.close());

  it('are opened and made up: concentration, use-by, and one vial fewer', async () => {
    const lotId = await delivered('ona', 2);
    const vial = await open(lotId, { diluentMl: 2.5, diluentLot: 'NS-7' });
    expect(vial).toMatchObject({
      status: 'open',
      contentUnits: 100,
      leftUnits: 100,
      ml: 2.5,
      unitsPerTenthMl: 4,
      dilutionOnLabel: true,
      diluent: 'sodium-chloride-0.9',
      diluentLot: 'NS-7',
      singlePatient: false,
      refusedBecause: null,
    });
    expect(vial.useBy).toEqual(new Date('2026-03-03T10:00:00Z'));
    await open(lotId);
    await expect(open(lotId)).rejects.toThrow(TooFewVials);
    expect((await entries(vial.id)).map(({ kind }) => kind)).toEqual(['receive', 'open']);
  });

  it('are opened once each, also when many open at the same moment', async () => {
    const lotId = await delivered('ona', 5);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => open(lotId)));
    const ids = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('are not opened from a lot that is expired, put aside or of another clinic', async () => {
    await expect(open(await delivered('ona', 1, { expiresOn: '2026-03-01' }))).rejects.toThrow(LotExpired);
    await expect(open(await delivered('ona', 1, { status: 'quarantined' }))).rejects.toThrow(LotNotUsable);
    const foreign = practice.get(OpeningService);
    const lotId = await delivered('ona');
    await expect(
      foreign.open(other.actor.practitioner, { lotId, locationId: other.locationId, diluentMl: 2.5 }),
    ).rejects.toMatchObject({ name: 'lot_not_found' });
  });

  it('give two hundred who draw at once exactly what they hold', async () => {
    const { id } = await opened();
    const patientId = await practice.patient(clinic);
    // A slow machine says that it is busy; whoever draws asks again, as they would.
    const draw = (): Promise<VialView> =>
      vials.draw(nurse(), id, { patientId, units: 0.75 }).catch((error: unknown) => {
        if (error instanceof DatabaseBusy) return draw();
        throw error;
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, draw));
    const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(outcomes.length - reasons.length).toBe(133);
    for (const reason of reasons) expect(reason).toBeInstanceOf(refused.VialOverdrawn);
    expect(await balance(id)).toMatchObject({ drawn: 99.75, wasted: 0, left: 0.25 });
  });

  it('are never overdrawn in SQL either, and their balance is written by the ledger alone', async () => {
    const { id } = await opened();
    const asService = (text: string, values: unknown[]) =>
      practice.database.write(nurse(), (tx) => tx.run(sql(text), values));
    const drawing = `INSERT INTO vial_movement (clinic_id, id, vial_id, kind, drawn, patient_id, at, staff_id)
                     VALUES ($1, $2, $3, 'draw', $4, $5, now(), $6)`;
    const values = (drawn: number, patientId: string) => [
      clinic.clinicId,
      newId(),
      id,
      drawn,
      patientId,
      nurse().staffId,
    ];
    const patientId = await practice.patient(clinic);
    await expect(asService(drawing, values(100_01, patientId))).rejects.toMatchObject({
      constraint: 'vial_not_overdrawn',
    });
    await expect(asService('UPDATE vial SET drawn = 0 WHERE id = $1', [id])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(
      asService('UPDATE vial_movement SET drawn = 1 WHERE vial_id = $1', [id]),
    ).rejects.toMatchObject({
      code: '42501',
    });
    for (const table of ['vial_movement', 'recall_contact'])
      await expect(practice.db.admin.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '23001' });
  });

  it('of one patient refuse a second, also at the same moment', async () => {
    const lotId = await delivered('rela', 1, { vialUnits: 150 });
    const { id, singlePatient, useBy } = await open(lotId, {});
    expect(singlePatient).toBe(true);
    expect(useBy).toEqual(new Date('2026-03-03T00:00:00Z'));
    const [zoe, ann] = [await practice.patient(clinic), await practice.patient(clinic)];
    const drawn = [zoe, ann].map((patientId) => vials.draw(nurse(), id, { patientId, units: 10 }));
    const outcomes = await Promise.allSettled(drawn);
    const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failed).toEqual([expect.any(refused.VialOfOtherPatient)]);
    const owner = (await vials.read(nurse(), id)).patientId;
    expect([zoe, ann]).toContain(owner);
    const draw = (await entries(id)).find(({ kind }) => kind === 'draw');
    const reason = 'Never drawn, the wrong vial';
    const corrected = await vials.correct(nurse(), id, { movementId: draw?.id ?? '', reason });
    expect(corrected).toMatchObject({ patientId: null, leftUnits: 150 });
  });

  it('refuse a draw by name: past its use-by, unknown patient, recalled lot, not open', async () => {
    const vial = await opened();
    const patientId = await practice.patient(clinic);
    const draw = (id = vial.id, units = 1) => vials.draw(nurse(), id, { patientId, units });
    await expect(vials.draw(nurse(), vial.id, { patientId: newId(), units: 1 })).rejects.toThrow(
      PatientNotFound,
    );
    await expect(draw(newId())).rejects.toThrow(refused.VialNotFound);
    await expect(vials.read(other.actor.practitioner, vial.id)).rejects.toThrow(refused.VialNotFound);
    practice.clock.set(new Date('2026-03-03T10:00:00.001Z'));
    await expect(draw()).rejects.toThrow(refused.VialPastUseBy);
    expect((await vials.read(nurse(), vial.id)).refusedBecause).toBe('vial_past_use_by');
    practice.clock.set(new Date(NOW));
    await practice.get(LotRecallsService).open(nurse(), vial.lotId, { reason: 'Notice' });
    await expect(draw()).rejects.toThrow(LotNotUsable);
    const discarded = await vials.discard(nurse(), vial.id, { reason: 'Recalled' });
    expect(discarded).toMatchObject({ status: 'discarded', wastedUnits: 100, leftUnits: 0 });
    await expect(vials.discard(nurse(), vial.id, { reason: 'Again' })).rejects.toThrow(
      refused.VialStatusRefused,
    );
    await expect(vials.waste(nurse(), vial.id, { units: 1, reason: 'x' })).rejects.toThrow(
      refused.VialStatusRefused,
    );
  });

  it('are corrected by a counter-entry, once, and never by a change', async () => {
    const { id } = await opened();
    const patientId = await practice.patient(clinic);
    await vials.draw(nurse(), id, { patientId, units: 20 });
    await vials.waste(nurse(), id, { units: 2.5, reason: 'Dropped', witnessId: doctor().staffId });
    await expect(
      vials.waste(nurse(), id, { units: 1, reason: 'x', witnessId: nurse().staffId }),
    ).rejects.toThrow(StaffNotFound);
    const [, , draw, waste] = await entries(id);
    const take = (movementId = '') => vials.correct(nurse(), id, { movementId, reason: 'Mistyped' });
    await take(draw?.id);
    expect(await balance(id)).toMatchObject({ drawn: 0, wasted: 2.5, left: 97.5 });
    await expect(take(draw?.id)).rejects.toThrow(refused.MovementNotCorrectable);
    const twice = await Promise.allSettled([take(waste?.id), take(waste?.id)]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await balance(id)).toMatchObject({ drawn: 0, wasted: 0, left: 100 });
    const [received] = await entries(id);
    await expect(take(received?.id)).rejects.toThrow(refused.MovementNotCorrectable);
    await expect(take(newId())).rejects.toThrow(refused.MovementNotFound);
    await vials.discard(nurse(), id, { reason: 'Wrong one' });
    const discard = (await entries(id)).find(({ kind }) => kind === 'discard');
    await take(discard?.id);
    expect(await vials.read(nurse(), id)).toMatchObject({ status: 'open', leftUnits: 100, wastedUnits: 0 });
  });

  describe('in charting', () => {
    it('keep units free for a draft and give them when it is signed', async () => {
      const vial = await opened();
      const draft = await practice.draft(clinic, { injections: points(vial) });
      expect(draft.injections[0]).toMatchObject({ vialId: vial.id, volumeMl: 0.1 });
      expect(await balance(vial.id)).toEqual({ drawn: 0, wasted: 0, left: 100, charted: 20 });
      const signed = await practice.signing.sign(doctor(), draft.id, {});
      expect(signed.signature?.intact).toBe(true);
      expect(await balance(vial.id)).toEqual({ drawn: 20, wasted: 0, left: 80, charted: 0 });
      const draw = (await entries(vial.id)).find(({ kind }) => kind === 'draw');
      expect(draw).toMatchObject({ drawnUnits: 20, treatmentId: draft.id, patientId: draft.patientId });
    });

    it('leak nothing to drafts: charted again or thrown away, the units are free', async () => {
      const vial = await opened();
      const draft = await practice.draft(clinic, { injections: points(vial, 16) });
      await expect(practice.draft(clinic, { injections: points(vial) })).resolves.toBeDefined();
      const full = practice.draft(clinic, { injections: points(vial, 0.01, 1) });
      await expect(full).rejects.toThrow(refused.VialOverdrawn);
      await practice.treatments.chart(doctor(), draft.id, { injections: points(vial, 8) }, undefined);
      expect((await vials.read(nurse(), vial.id)).freeUnits).toBe(40);
      await practice.corrections.discard(doctor(), draft.id);
      expect((await vials.read(nurse(), vial.id)).freeUnits).toBe(80);
    });

    it('are never charted beyond their content, also at the same moment', async () => {
      const vial = await opened();
      const drafts = Array.from({ length: 8 }, () => practice.draft(clinic, { injections: points(vial) }));
      const outcomes = await Promise.allSettled(drafts);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(await balance(vial.id)).toMatchObject({ charted: 100, left: 100 });
    });

    it('are thrown away without what drafts have charted, which is still signed', async () => {
      const vial = await opened();
      const [kept, dropped] = [
        await practice.draft(clinic, { injections: points(vial) }),
        await practice.draft(clinic, { injections: points(vial) }),
      ];
      await vials.discard(nurse(), vial.id, { reason: 'End of the session' });
      expect(await balance(vial.id)).toEqual({ drawn: 0, wasted: 60, left: 40, charted: 40 });
      practice.clock.set(new Date('2026-03-02T23:00:00Z'));
      await practice.signing.sign(doctor(), kept.id, {});
      await practice.corrections.discard(doctor(), dropped.id);
      expect(await balance(vial.id)).toEqual({ drawn: 20, wasted: 80, left: 0, charted: 0 });
      await expect(practice.draft(clinic, { injections: points(vial, 1, 1) })).rejects.toThrow(
        refused.VialStatusRefused,
      );
    });

    it('are refused at another location than they stand at, also by a draft charted anew', async () => {
      const elsewhere = await practice.location(clinic);
      const lotId = await delivered('ona', 2);
      const vial = await open(lotId);
      const away = { ...clinic, locationId: elsewhere };
      const refusal = {
        facts: { vialId: vial.id, locationId: elsewhere, locationOfVial: clinic.locationId },
      };
      await expect(practice.draft(away, { injections: points(vial) })).rejects.toMatchObject(refusal);
      await expect(practice.draft(away, { injections: points(vial) })).rejects.toThrow(refused.VialElsewhere);
      const unnamed = points(vial).map(({ vialId: _, ...point }) => point);
      const draft = await practice.draft(away, { injections: unnamed });
      await expect(
        practice.treatments.chart(doctor(), draft.id, { injections: points(vial) }, undefined),
      ).rejects.toThrow(refused.VialElsewhere);
      expect(await balance(vial.id)).toMatchObject({ charted: 0, left: 100 });
    });

    it('are refused by name: sealed, past use-by, another lot, a second patient, a wrong volume', async () => {
      const lotId = await delivered('ona', 1);
      const { rows } = await practice.db.admin.query<{ id: string }>(
        'SELECT id FROM vial WHERE lot_id = $1',
        [lotId],
      );
      const sealed = { id: rows[0]?.id ?? '', lotId, product: 'ona' };
      const chart = (injections: ChartInjection[]) => practice.draft(clinic, { injections });
      await expect(chart(points(sealed))).rejects.toThrow(refused.VialStatusRefused);
      const vial = await opened();
      await expect(chart(points({ ...vial, lotId }))).rejects.toThrow(refused.VialOfOtherLot);
      await expect(chart(points({ ...vial, id: newId() }))).rejects.toThrow(refused.VialNotFound);
      const thick = points(vial).map((one) => ({ ...one, volumeMl: 0.2 }));
      await expect(chart(thick)).rejects.toThrow(refused.VolumeNotOfVial);
      const rounded = points(vial).map((one) => ({ ...one, volumeMl: 0.105 }));
      await expect(chart(rounded)).resolves.toBeDefined();
      const relaLot = await delivered('rela', 1, { vialUnits: 150 });
      const rela = await open(relaLot, {});
      await chart(points(rela, 10));
      await expect(chart(points(rela, 10))).rejects.toThrow(refused.VialOfOtherPatient);
      practice.clock.set(new Date('2026-03-03T10:00:01Z'));
      await expect(chart(points(vial))).rejects.toThrow(refused.VialPastUseBy);
    });

    it('have what was given stay given when a record is amended or taken back', async () => {
      const vial = await opened();
      const seal = async (id: string) => {
        const { doseFindings } = await practice.treatments.read(doctor(), id);
        const acknowledge = doseFindings.map(({ code }) => code);
        await practice.signing.sign(doctor(), id, { acknowledge, reason: 'As seen today' });
      };
      const { id } = await practice.draft(clinic, {
        injections: points(vial, 4, 4),
        cleared: { offLabelAreas: ['glabella'] },
      });
      await seal(id);
      const amendment = await practice.corrections.amend(doctor(), id, 'One point more');
      await practice.treatments.chart(doctor(), amendment.id, { injections: points(vial) }, undefined);
      expect(await balance(vial.id)).toEqual({ drawn: 16, wasted: 0, left: 84, charted: 0 });
      await seal(amendment.id);
      expect(await balance(vial.id)).toMatchObject({ drawn: 20, left: 80 });
      const fewer = await practice.corrections.amend(doctor(), amendment.id, 'A point too many');
      await practice.treatments.chart(doctor(), fewer.id, { injections: points(vial, 4, 3) }, undefined);
      await seal(fewer.id);
      expect(await balance(vial.id)).toMatchObject({ drawn: 20, left: 80 });
      await practice.corrections.enterInError(doctor(), fewer.id, 'Wrong patient');
      expect(await balance(vial.id)).toMatchObject({ drawn: 20, left: 80 });
    });
  });
});
