import { readFileSync } from 'node:fs';

import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { publishCatalogue } from '../../../tools/publish-catalogue.mjs';
import { CatalogueRepository } from '../src/catalogue.repository.js';
import {
  CatalogueService,
  MalformedCatalogue,
  ProductNotFound,
  protocolFor,
  seedCatalogue,
} from '../src/index.js';

describe('the published catalogue', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let catalogue: CatalogueService;
  const text = readFileSync(new URL('../data/catalogue.json', import.meta.url), 'utf8');
  const publish = async (document: string) => {
    const client = await db.admin.connect();
    try {
      return await publishCatalogue(client, document);
    } finally {
      client.release();
    }
  };
  const own = (product: string, version: number, figures: object, validFrom = '2020-01-01', at = clinic) =>
    db.admin.query(
      `INSERT INTO protocol (clinic_id, id, product_id, area_id, version, figures, catalogue_version, valid_from, reason)
       VALUES ($1, gen_random_uuid(), $2, 'glabella', $3, $4, 1, $5, 'Our own experience')`,
      [at.clinicId, product, version, figures, validFrom],
    );

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    catalogue = new CatalogueService(db.database, new CatalogueRepository());
  });
  afterAll(() => db.drop());

  it('comes with the migration, with the rows that records refer to', async () => {
    const { rows } = await db.admin.query('SELECT version, document::text FROM catalogue_release');
    expect(rows).toEqual([{ version: 1, document: text }]);
    const areas = await db.admin.query('SELECT id, name, on_label AS "onLabel" FROM area ORDER BY id');
    const expected = seedCatalogue().areas.map(({ id, name, offLabelOnly }) => ({
      id,
      name,
      onLabel: !offLabelOnly,
    }));
    expect(areas.rows).toEqual(expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    const products = await db.admin.query(
      'SELECT id, inn, unit_label AS "unitLabel" FROM product ORDER BY id',
    );
    expect(products.rows).toEqual(
      seedCatalogue()
        .products.map(({ id, inn, unitLabel }) => ({ id, inn, unitLabel }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('shows what the market may use, each figure with its source', async () => {
    const uk = await catalogue.overview(clinic.actor.receptionist);
    expect(uk).toMatchObject({ release: 1, market: 'UK' });
    expect(uk.products.find(({ id }) => id === 'ona')?.areasOnLabel).toContain('glabella');
    expect(uk.products.map(({ id }) => id)).not.toContain('daxi');
    const us = await aClinic(db, { market: 'US' });
    expect((await catalogue.overview(us.actor.admin)).products.map(({ id }) => id)).toContain('daxi');
    const ona = await catalogue.product(clinic.actor.receptionist, 'ona');
    expect(ona.minimumIntervals.map(({ market }) => market)).toEqual(expect.arrayContaining(['US', 'UK']));
    const cited = new Set(ona.sources.map(({ id }) => id));
    for (const { sources, confidence } of [...ona.minimumIntervals, ...ona.indications, ona.inUse]) {
      expect(confidence).not.toBe('');
      expect(sources.every((id) => cited.has(id))).toBe(true);
    }
    await expect(catalogue.product(clinic.actor.receptionist, 'botox')).rejects.toThrow(ProductNotFound);
  });

  it('shows the safety rules as the market reads them', async () => {
    const us = await aClinic(db, { market: 'US' });
    const severity = async (at: TestClinic, code: string) =>
      (await catalogue.safetyRules(at.actor.receptionist)).rules.find((rule) => rule.code === code)?.severity;
    expect([await severity(clinic, 'NMJ_DISEASE'), await severity(us, 'NMJ_DISEASE')]).toEqual([
      'block',
      'prescriber-decision',
    ]);
    expect((await catalogue.safetyRules(clinic.actor.receptionist)).rules).toHaveLength(
      seedCatalogue().safetyRules.length,
    );
  });

  it('gives way to the clinic’s own figures: the newest valid version, of this clinic and market only', async () => {
    const figures = protocolFor(seedCatalogue(), { market: 'UK', product: 'ona', area: 'glabella' });
    const target = { ruleId: 'clinic/target', weeks: 14, sources: ['POL'], confidence: 'clinic' };
    await own('ona', 1, { ...figures, window: { ...figures.window, target: { ...target, weeks: 10 } } });
    await own('ona', 2, { ...figures, window: { ...figures.window, target } });
    await own('ona', 3, figures, '9000-01-01');
    const abo = protocolFor(seedCatalogue(), { market: 'US', product: 'abo', area: 'glabella' });
    await own('abo', 1, abo);
    const shown = await catalogue.protocols(clinic.actor.receptionist);
    expect(shown.version).toBe('catalogue/1/UK+ona.glabella.2');
    const of = (product: string) =>
      shown.items.find((one) => one.product === product && one.area === 'glabella');
    expect(of('ona')).toMatchObject({
      origin: 'clinic',
      version: 2,
      target: { weeks: 14, confidence: 'clinic' },
    });
    expect(of('abo')).toMatchObject({ origin: 'catalogue', version: 1 });
    const other = await aClinic(db);
    expect((await catalogue.protocols(other.actor.receptionist)).version).toBe('catalogue/1/UK');
    const published = await db.database.read(clinic.actor.receptionist, (tx) =>
      catalogue.publishedProtocol(tx, 'UK'),
    );
    expect(published.figures('ona', 'glabella')).toEqual(figures);
  });

  it('refuses a clinic’s figures that cannot be read, naming the place', async () => {
    const broken = await aClinic(db);
    const figures = protocolFor(seedCatalogue(), { market: 'UK', product: 'ona', area: 'glabella' });
    await own('ona', 1, { ...figures, review: { ...figures.review, fromDay: 'soon' } }, '2020-01-01', broken);
    const asked = catalogue.protocols(broken.actor.receptionist);
    await expect(asked).rejects.toThrow(MalformedCatalogue);
    await expect(asked).rejects.toMatchObject({ facts: { pointer: '/review/fromDay' } });
  });

  it('is published once, and again only when it changed', async () => {
    expect(await publish(text)).toEqual({ version: 1, published: false });
    const changed = `${text}\n`;
    const both = await Promise.all([publish(changed), publish(changed)]);
    expect(both.map(({ version }) => version)).toEqual([2, 2]);
    expect(both.filter(({ published }) => published)).toHaveLength(1);
    expect((await catalogue.overview(clinic.actor.receptionist)).release).toBe(2);
    await expect(publish('{"products": []}')).rejects.toThrow();
    expect((await catalogue.overview(clinic.actor.receptionist)).release).toBe(2);
  });

  it('is out of the service’s reach, and never rewritten', async () => {
    const change = `UPDATE catalogue_release SET checksum = 'x'`;
    await expect(db.admin.query(change)).rejects.toThrow('append-only');
    const asService = db.database.write(clinic.actor.admin, (tx) =>
      tx.run({ name: 'rewrite', text: change }),
    );
    await expect(asService).rejects.toThrow('permission denied');
  });
});
