import { LocationNotFound } from '#scheduling';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { LotNotFound } from '../src/domain/lots.errors.js';
import { DeliveriesService } from '../src/stock/deliveries.service.js';
import * as refused from '../src/stock/domain/stock.errors.js';
import { StockService } from '../src/stock/stock.service.js';
import { aLot, aSignedTreatment } from '../src/testing/index.js';
import { OpeningService } from '../src/vials/opening.service.js';
import { Practice, type Clinic } from './practice.js';

describe('the stock', () => {
  let practice: Practice;
  let clinic: Clinic;
  let other: Clinic;
  let deliveries: DeliveriesService;
  let stock: StockService;
  let branchId: string;
  let numbered = 0;
  const nurse = () => clinic.actor.practitioner;
  const lot = async (product: string, over: object = {}) => {
    numbered += 1;
    const named = { product, number: `S${numbered}`, expiresOn: '2026-12-31', ...over };
    return (await aLot(practice.db, clinic, named)).id;
  };
  const receive = (lotId: string, vials: number, locationId = clinic.locationId) =>
    deliveries.receive(nurse(), lotId, { locationId, vials });
  const sealed = async (lotId: string) => {
    const { items } = await stock.list(nurse(), { limit: 100 });
    const rows = items.filter((row) => row.lotId === lotId);
    return Object.fromEntries(rows.map((row) => [row.locationId, row.sealedVials]));
  };

  beforeAll(async () => {
    practice = await Practice.open('2026-03-02T10:00:00Z');
    clinic = await practice.clinic('UK');
    other = await practice.clinic('UK');
    deliveries = practice.get(DeliveriesService);
    stock = practice.get(StockService);
    branchId = newId();
    await practice.db.admin.query(
      `INSERT INTO location (clinic_id, id, name, zone) VALUES ($1, $2, 'Branch', 'Europe/London')`,
      [clinic.clinicId, branchId],
    );
  });
  afterAll(() => practice.close());

  it('receives a scanned lot with its vials, and more of it by scanning each pack', async () => {
    const scan = '(01)00300239232013(17)280600(10)P1(21)S1';
    const received = await practice.lots.receive(nurse(), {
      product: 'ona',
      vialUnits: 100,
      scan,
      delivery: {
        locationId: clinic.locationId,
        vials: 1,
      },
    });
    expect(received).toMatchObject({
      number: 'P1',
      expiresOn: '2028-06-30',
      warnings: ['brand_of_other_market'],
    });
    expect(received.vialIds).toHaveLength(1);
    const at = { locationId: clinic.locationId };
    const scans = [2, 3].map((nth) => scan.replace('(21)S1', `(21)S${nth}`));
    expect((await deliveries.receive(nurse(), received.id, { ...at, scans })).vialIds).toHaveLength(2);
    expect(await sealed(received.id)).toEqual({ [clinic.locationId]: 3 });
    await expect(deliveries.receive(nurse(), received.id, { ...at, scans })).rejects.toThrow(
      refused.SerialKnown,
    );
    const wrong = [scan.replace('(10)P1', '(10)P2')];
    await expect(deliveries.receive(nurse(), received.id, { ...at, scans: wrong })).rejects.toThrow(
      refused.ScanOfOtherLot,
    );
    await expect(deliveries.receive(nurse(), received.id, { ...at, scans, vials: 2 })).rejects.toThrow(
      refused.DeliveryUncounted,
    );
    await expect(deliveries.receive(nurse(), received.id, at)).rejects.toThrow(refused.DeliveryUncounted);
    expect(await sealed(received.id)).toEqual({ [clinic.locationId]: 3 });
  });

  it('refuses a pack scanned under the wrong name, and warns of one nobody knows', async () => {
    const scan = (gtin: string, number: string) => `(01)${gtin}(17)280600(10)${number}`;
    const wrong = { product: 'inco', vialUnits: 100, scan: scan('00300239232013', 'P3') };
    await expect(practice.lots.receive(nurse(), wrong)).rejects.toThrow(refused.PackOfOtherProduct);
    const strength = { product: 'ona', vialUnits: 50, scan: scan('00300239232013', 'P3') };
    await expect(practice.lots.receive(nurse(), strength)).rejects.toThrow(refused.PackOfOtherStrength);
    const unknown = { product: 'prabo', vialUnits: 100, scan: scan('05012345678900', 'P3') };
    expect((await practice.lots.receive(nurse(), unknown)).warnings).toEqual(['gtin_unknown']);
    const again = { product: 'leti', vialUnits: 100, scan: scan('05012345678900', 'P4') };
    await expect(practice.lots.receive(nurse(), again)).rejects.toThrow(refused.PackOfOtherProduct);
  });

  it('carries sealed vials to another location, and never more than there are', async () => {
    const lotId = await lot('ona');
    const { vialIds } = await receive(lotId, 5);
    const carry = (over: object) =>
      deliveries.transfer(nurse(), {
        lotId,
        fromLocationId: clinic.locationId,
        toLocationId: branchId,
        ...over,
      });
    await carry({ vialIds: vialIds.slice(4) });
    await carry({ vials: 2 });
    expect(await sealed(lotId)).toEqual({ [clinic.locationId]: 2, [branchId]: 3 });
    await expect(carry({ vials: 3 })).rejects.toMatchObject({ facts: { asked: 3, available: 2 } });
    await expect(carry({ vialIds: vialIds.slice(4) })).rejects.toThrow(refused.TooFewVials);
    await expect(carry({ vials: 1, toLocationId: clinic.locationId })).rejects.toThrow(
      refused.TransferNowhere,
    );
    await expect(carry({})).rejects.toThrow(refused.DeliveryUncounted);
    await expect(carry({ vials: 1, toLocationId: other.locationId })).rejects.toThrow(LocationNotFound);
    await expect(carry({ vials: 1, lotId: newId() })).rejects.toThrow(LotNotFound);
    const both = await Promise.allSettled([carry({ vials: 2 }), carry({ vials: 2 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await sealed(lotId)).toEqual({ [branchId]: 5 });
  });

  it('suggests opened vials still in time first, then what expires first, and nothing put aside', async () => {
    const [late, soon, gone, aside] = [
      await lot('prabo', { expiresOn: '2026-12-31' }),
      await lot('prabo', { expiresOn: '2026-04-30' }),
      await lot('prabo', { expiresOn: '2026-03-01' }),
      await lot('prabo', { status: 'quarantined' }),
    ];
    for (const id of [late, soon, gone, aside]) await receive(id, 2);
    const { locationId } = clinic;
    const vial = await practice
      .get(OpeningService)
      .open(nurse(), { lotId: late, locationId, diluentMl: 2.5 });
    const suggest = async (over: object = {}) => {
      const { items } = await stock.suggest(nurse(), { product: 'prabo', locationId, ...over });
      return items.map(({ kind, lotId, vialId, sealedVials }) => [kind, lotId, vialId, sealedVials]);
    };
    const sealedOnes = [
      ['sealed-vial', soon, null, 2],
      ['sealed-vial', late, null, 1],
    ];
    expect(await suggest()).toEqual([['open-vial', late, vial.id, 0], ...sealedOnes]);
    await practice.draft(clinic, {
      injections: (await practice.points(clinic, { product: 'prabo', lotId: late })).map((one) => ({
        ...one,
        vialId: vial.id,
      })),
    });
    expect(await suggest({ units: 81 })).toEqual(sealedOnes);
    expect((await suggest({ units: 80 }))[0]?.[0]).toBe('open-vial');
    practice.clock.set(new Date('2026-03-03T10:00:01Z'));
    expect(await suggest()).toEqual(sealedOnes);
    practice.clock.set(new Date('2026-03-02T10:00:00Z'));
    await expect(stock.suggest(nurse(), { product: 'water', locationId })).rejects.toMatchObject({
      name: 'unknown_product',
    });
  });

  it('watches what expires, against what is used and planned', async () => {
    const lotId = await lot('leti', { expiresOn: '2026-03-31' });
    await receive(lotId, 2);
    const patientId = await practice.patient(clinic);
    await aSignedTreatment(practice.db, clinic, {
      patientId,
      treatedOn: '2026-02-02',
      locationId: clinic.locationId,
      doses: [
        {
          product: 'leti',
          area: 'glabella',
          units: 84,
        },
      ],
    });
    const watch = async (days: number) =>
      (await stock.expiring(nurse(), { days, locationId: clinic.locationId })).items.find(
        (row) => row.lotId === lotId,
      );
    expect(await watch(28)).toBeUndefined();
    expect(await watch(29)).toMatchObject({
      daysLeft: 29,
      vials: 2,
      units: 200,
      plannedUnits: 0,
      expectedUnits: 30,
      unitsAtRisk: 170,
    });
    const draft = await practice.draft(clinic, {
      injections: await practice.points(clinic, { product: 'leti', lotId, units: 20 }, 1),
    });
    expect(await watch(29)).toMatchObject({ plannedUnits: 20 });
    await practice.corrections.discard(clinic.actor.prescriber, draft.id);
    expect((await stock.expiring(other.actor.admin, { days: 700 })).items).toEqual([]);
  });

  it('says when more expires than it tells of', async () => {
    const large = await practice.clinic('UK');
    await aLot(practice.db, large, { product: 'ona' });
    await practice.db.admin.query(
      `WITH lots AS (
         INSERT INTO lot (clinic_id, id, product_id, number, expires_on, vial_units, status, received_on, received_by)
         SELECT $1, gen_random_uuid(), 'ona', 'L' || n, '2026-03-05', 100, 'in-use', '2026-01-05', $3 FROM generate_series(1, 2001) n
         RETURNING id)
       INSERT INTO vial (clinic_id, id, lot_id, location_id, content) SELECT $1, gen_random_uuid(), id, $2, 10000 FROM lots`,
      [large.clinicId, large.locationId, large.actor.practitioner.staffId],
    );
    const watch = () => stock.expiring(large.actor.practitioner, { days: 30 });
    const { items, truncated } = await watch();
    expect([items.length, truncated]).toEqual([2000, true]);
    const discarded = `UPDATE vial SET status = 'discarded' WHERE id = (SELECT min(id::text)::uuid FROM vial WHERE clinic_id = $1)`;
    await practice.db.admin.query(discarded, [large.clinicId]);
    expect((await watch()).truncated).toBe(false);
  });

  it('shows another clinic nothing', async () => {
    expect((await stock.list(other.actor.practitioner, { limit: 100 })).items).toEqual([]);
    const foreign = stock.list(other.actor.practitioner, { limit: 1, locationId: clinic.locationId });
    await expect(foreign).rejects.toThrow(LocationNotFound);
    const vials = await stock.vials(nurse(), { locationId: clinic.locationId, status: 'open', limit: 1 });
    expect(vials.items).toHaveLength(1);
  });
});
