import { StaleVersion } from '#http';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Papa from 'papaparse';

import { LotNotFound, LotNotUsable, LotStatusRefused } from '../src/domain/lots.errors.js';
import * as refused from '../src/lot-recall/domain/lot-recall.errors.js';
import { LotRecallsService } from '../src/lot-recall/lot-recalls.service.js';
import { LotTraceService } from '../src/lot-recall/lot-trace.service.js';
import { DeliveriesService } from '../src/stock/deliveries.service.js';
import { aLot, aSignedTreatment } from '../src/testing/index.js';
import { OpeningService } from '../src/vials/opening.service.js';
import { VialsService } from '../src/vials/vials.service.js';
import { Practice, type Clinic } from './practice.js';

describe('the recall of a lot', () => {
  let practice: Practice;
  let clinic: Clinic;
  let other: Clinic;
  let recalls: LotRecallsService;
  let numbered = 0;
  const nurse = () => clinic.actor.practitioner;
  const desk = () => clinic.actor.receptionist;
  const trace = (lotId: string, query: object = {}) =>
    practice.get(LotTraceService).read(nurse(), lotId, { limit: 1000, ...query });

  /** A lot of its own with so many patients treated from it, twenty units in two points each. */
  const used = async (patients: number) => {
    numbered += 1;
    const lot = await aLot(practice.db, clinic, { product: 'ona', number: `R${numbered}` });
    const had: { patientId: string; treatmentId: string }[] = [];
    for (let nth = 0; nth < patients; nth += 1) {
      const patientId = await practice.patient(clinic);
      const injections = await practice.points(clinic, { lotId: lot.id, units: 10 }, 2);
      const draft = await practice.draft(clinic, {
        patientId,
        injections,
        cleared: { offLabelAreas: ['glabella'] },
      });
      had.push({ patientId, treatmentId: draft.id });
      await practice.db.admin.query(
        `UPDATE treatment SET status = 'signed', signed_at = now(), signed_by = practitioner_id, signed_name = 'x',
                signed_meaning = 'x', content_hash = 'x' WHERE id = $1`,
        [draft.id],
      );
    }
    return { lotId: lot.id, had };
  };
  const reason = 'Potency below specification';

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    clinic = await practice.clinic('UK');
    other = await practice.clinic('UK');
    recalls = practice.get(LotRecallsService);
  });
  afterAll(() => practice.close());

  it('finds every patient, injection and unit of the lot in one call, and nobody else', async () => {
    const { lotId, had } = await used(3);
    const outsider = await practice.patient(clinic);
    await aSignedTreatment(practice.db, clinic, { patientId: outsider, treatedOn: '2026-02-02' });
    const view = await trace(lotId);
    expect(view.totals).toEqual({ patients: 3, treatments: 3, injections: 6, units: 60 });
    expect(view.items.map(({ patientId }) => patientId)).toEqual(had.map(({ patientId }) => patientId));
    expect(view.items[0]).toMatchObject({ units: 20, unchartedUnits: 0 });
    expect(view.items[0]?.treatments).toMatchObject([
      { id: had[0]?.treatmentId, status: 'signed', units: 20, injections: [{ units: 10 }, { units: 10 }] },
    ]);
  });

  it('counts drafts, which may be given already, but no treatment that was taken back', async () => {
    const { lotId, had } = await used(1);
    await practice.draft(clinic, { injections: await practice.points(clinic, { lotId }) });
    await practice.corrections.enterInError(
      clinic.actor.prescriber,
      had[0]?.treatmentId ?? '',
      'Wrong patient',
    );
    const view = await trace(lotId);
    expect(view.totals).toMatchObject({ patients: 1, treatments: 1, injections: 5 });
    expect(view.items[0]?.treatments[0]?.status).toBe('draft');
  });

  it('counts what was drawn outside a chart', async () => {
    const { lotId, had } = await used(1);
    const { locationId } = clinic;
    await practice.get(DeliveriesService).receive(nurse(), lotId, { locationId, vials: 1 });
    const { id } = await practice.get(OpeningService).open(nurse(), { lotId, locationId, diluentMl: 2.5 });
    const patientId = await practice.patient(clinic);
    for (const one of [patientId, had[0]?.patientId ?? ''])
      await practice.get(VialsService).draw(nurse(), id, { patientId: one, units: 5 });
    const view = await trace(lotId);
    expect(view.totals).toEqual({ patients: 2, treatments: 1, injections: 2, units: 30 });
    expect(view.items.map(({ units, unchartedUnits }) => [units, unchartedUnits])).toEqual([
      [25, 5],
      [5, 5],
    ]);
  });

  it('pages by patient number', async () => {
    const { lotId, had } = await used(3);
    const first = await trace(lotId, { limit: 2 });
    const second = await trace(lotId, { limit: 2, after: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ patientId }) => patientId)).toEqual(
      had.map(({ patientId }) => patientId),
    );
    expect([second.next, second.totals.patients]).toEqual([null, 3]);
  });

  it('sees the history of a merged patient under the one they were merged into', async () => {
    const { lotId, had } = await used(2);
    const [kept, gone] = had.map(({ patientId }) => patientId);
    await practice.db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $1 WHERE id = $2`, [
      kept,
      gone,
    ]);
    const view = await trace(lotId);
    expect(view.items).toHaveLength(1);
    expect(view.items[0]).toMatchObject({ patientId: kept, units: 40 });
    const recall = await recalls.open(nurse(), lotId, { reason });
    const told = { patientId: gone ?? '', channel: 'phone', outcome: 'acknowledged' } as const;
    expect((await recalls.contact(desk(), recall.id, told)).progress).toEqual({
      patients: 1,
      told: 1,
      tried: 0,
      outstanding: 0,
    });
  });

  it('has charting refuse the lot at once, and is opened once', async () => {
    const { lotId } = await used(1);
    const [draft, points] = [
      await practice.draft(clinic, { injections: await practice.points(clinic, { lotId }) }),
      await practice.points(clinic, { lotId }),
    ];
    const twice = await Promise.allSettled([
      recalls.open(nurse(), lotId, { reason, reference: 'EL(26)A/12' }),
      recalls.open(clinic.actor.admin, lotId, { reason, reference: 'EL(26)A/12' }),
    ]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(recalls.open(nurse(), lotId, { reason })).rejects.toThrow(LotStatusRefused);
    await expect(practice.signing.sign(clinic.actor.prescriber, draft.id, {})).rejects.toThrow(LotNotUsable);
    await expect(practice.draft(clinic, { injections: points })).rejects.toThrow(LotNotUsable);
    expect(await practice.lots.read(nurse(), lotId)).toMatchObject({
      status: 'recalled',
      statusReason: reason,
    });
    await expect(recalls.open(other.actor.admin, lotId, { reason })).rejects.toThrow(LotNotFound);
  });

  it('gets a late case for a lot recalled before there were cases', async () => {
    const { id } = await aLot(practice.db, clinic, { product: 'ona', number: 'OLD', status: 'recalled' });
    expect(await recalls.open(nurse(), id, { reason })).toMatchObject({ progress: { patients: 0 } });
    await expect(recalls.open(nurse(), id, { reason })).rejects.toThrow(LotStatusRefused);
  });

  it('keeps who was told, how and with what outcome, until everybody is', async () => {
    const { lotId, had } = await used(3);
    const { id, progress } = await recalls.open(nurse(), lotId, { reason });
    expect(progress).toEqual({ patients: 3, told: 0, tried: 0, outstanding: 3 });
    const contact = (
      nth: number,
      outcome: 'acknowledged' | 'no-answer' | 'declined',
      note = 'By telephone',
    ) =>
      recalls.contact(desk(), id, { patientId: had[nth]?.patientId ?? '', channel: 'phone', outcome, note });
    await contact(0, 'no-answer');
    await contact(1, 'declined');
    expect((await recalls.read(desk(), id)).progress).toEqual({
      patients: 3,
      told: 1,
      tried: 1,
      outstanding: 1,
    });
    await contact(0, 'acknowledged');
    const list = await recalls.patients(desk(), id, { limit: 50 });
    expect(list.items.map(({ state, contacts, lastOutcome }) => [state, contacts, lastOutcome])).toEqual([
      ['told', 2, 'acknowledged'],
      ['told', 1, 'declined'],
      ['outstanding', 0, null],
    ]);
    const left = await recalls.patients(desk(), id, { limit: 50, state: 'outstanding' });
    expect(left.items.map(({ patientId }) => patientId)).toEqual([had[2]?.patientId]);
    expect(Object.keys(left.items[0] ?? {})).not.toContain('units');
    const stranger = {
      patientId: await practice.patient(clinic),
      channel: 'phone',
      outcome: 'acknowledged',
    } as const;
    await expect(recalls.contact(desk(), id, stranger)).rejects.toThrow(refused.PatientNotInRecall);
    await expect(recalls.contact(other.actor.receptionist, id, stranger)).rejects.toThrow(
      refused.LotRecallNotFound,
    );
    await expect(recalls.close(nurse(), id, 'Everybody was told', 9)).rejects.toThrow(StaleVersion);
    const closed = await recalls.close(nurse(), id, 'The last one has moved away', 1);
    expect(closed).toMatchObject({ closedReason: 'The last one has moved away', version: 2 });
    await expect(contact(2, 'acknowledged')).rejects.toThrow(refused.LotRecallClosed);
    await expect(recalls.close(nurse(), id, 'x', undefined)).rejects.toThrow(refused.LotRecallClosed);
    const listed = await recalls.list(desk(), { status: 'closed', limit: 100 });
    expect(listed.items.map((recall) => recall.id)).toContain(id);
    await expect(recalls.read(desk(), newId())).rejects.toThrow(refused.LotRecallNotFound);
  });

  it('is a file a spreadsheet reads, and none of its cells a formula', async () => {
    const { lotId, had } = await used(2);
    await practice.db.admin.query(
      `UPDATE patient SET given_name = $2, family_name = 'Núñez, "Zoë"', phone = '+44 20 7946 0000', email = '@x' WHERE id = $1`,
      [had[0]?.patientId, `=HYPERLINK("http://evil.example","x")`],
    );
    const { id } = await recalls.open(nurse(), lotId, { reason });
    await recalls.contact(desk(), id, {
      patientId: had[0]?.patientId ?? '',
      channel: 'letter',
      outcome: 'message-left',
    });
    const file = await recalls.file(nurse(), id);
    expect(file.startsWith('\uFEFF')).toBe(true);
    const { data, errors } = Papa.parse<Record<string, string>>(file.slice(1), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({
      lot: `R${numbered}`,
      name: `'=HYPERLINK("http://evil.example","x") Núñez, "Zoë"`,
      phone: "'+44 20 7946 0000",
      'e-mail': "'@x",
      'do not contact': 'no',
      units: '20',
      injections: '2',
      areas: 'glabella',
      'last outcome': 'message-left',
    });
    for (const row of data) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });
});
