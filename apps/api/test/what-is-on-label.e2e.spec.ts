import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

interface Document {
  areas: Record<string, unknown>;
  products: { id: string; brands: { markets: string[] }[] }[];
  product_area: {
    product: string;
    area: string;
    markets: string[];
    total_units: { min: number; max: number };
    dose_alternatives: { market?: string; units_max?: number }[] | null;
  }[];
  off_label_examples: { area: string }[];
}
interface Cell {
  product: string;
  market: string;
  area: string;
  licensed: boolean;
  onLabel: boolean;
  unitsMin: number | null;
  unitsMax: number | null;
}

describe('the table of what is on label', () => {
  let api: TestApi;
  const document = JSON.parse(
    readFileSync(new URL('../../../libs/catalogue/data/catalogue.json', import.meta.url), 'utf8'),
  ) as Document;

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());
  const table = async (query = '') =>
    (await api.send<{ items: Cell[] }>('receptionist', 'GET', `/v1/catalogue/on-label${query}`)).body.items;

  it('says of every product, market and area what the reviewed document says', async () => {
    const areas = [
      ...new Set([...Object.keys(document.areas), ...document.off_label_examples.map(({ area }) => area)]),
    ];
    const items = await table();
    expect(items).toHaveLength(document.products.length * 4 * areas.length);
    const cells = new Map(items.map((cell) => [`${cell.product} ${cell.market} ${cell.area}`, cell]));
    for (const { id, brands } of document.products) {
      for (const market of ['US', 'EU', 'UK', 'CH']) {
        for (const area of areas) {
          const row = document.product_area.find(
            (one) => one.product === id && one.area === area && one.markets.includes(market),
          );
          const higher = (row?.dose_alternatives ?? []).flatMap((one) =>
            one.market?.split('/').includes(market) ? (one.units_max ?? []) : [],
          );
          expect(cells.get(`${id} ${market} ${area}`)).toMatchObject({
            licensed: brands.some(({ markets }) => markets.includes(market)),
            onLabel: row !== undefined,
            unitsMin: row?.total_units.min ?? null,
            unitsMax: row ? Math.max(row.total_units.max, ...higher) : null,
          });
        }
      }
    }
    expect(items.filter(({ onLabel }) => onLabel)).toHaveLength(
      document.product_area.reduce((sum, { markets }) => sum + markets.length, 0),
    );
  });

  it('is narrowed by market, product and area', async () => {
    expect(await table('?market=EU&product=inco&area=glabella')).toMatchObject([
      { onLabel: true, unitsMax: 30 },
    ]);
    expect((await api.send('receptionist', 'GET', '/v1/catalogue/on-label?market=FR')).status).toBe(400);
  });
});
