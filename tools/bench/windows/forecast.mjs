// How long the rule takes for one patient with 40 treatments in three areas, explanation and all.
import { seedCatalogue } from '../../../dist/libs/catalogue/src/index.js';
import { catalogueProtocol, forecast } from '../../../dist/libs/repeat-visits/src/index.js';

const RUNS = 20_000;

export function forecastOfOne() {
  const protocol = catalogueProtocol(seedCatalogue(), 'UK');
  const areas = ['glabella', 'forehead', 'lateral_canthal'];
  const doses = Array.from({ length: 40 }, (_, i) => ({
    treatedOn: `${2012 + Math.floor(i / 3)}-${String((i % 3) * 4 + 1).padStart(2, '0')}-31`
      .replace('-05-31', '-05-30')
      .replace('-09-31', '-09-30'),
    product: i % 7 === 0 ? 'abo' : 'ona',
    area: areas[i % 3],
    kind: i % 11 === 10 ? 'touch-up' : 'full',
  }));
  for (const { says, options } of [
    { says: 'by the protocol', options: {} },
    { says: 'with the patient’s own interval', options: { personalInterval: true } },
  ]) {
    const times = [];
    for (let round = 0; round < 6; round += 1) {
      const began = performance.now();
      for (let run = 0; run < RUNS; run += 1) forecast(doses, protocol, '2026-11-27', options);
      if (round > 0) times.push(((performance.now() - began) / RUNS) * 1000);
    }
    const median = times.toSorted((a, b) => a - b)[times.length >> 1];
    console.log(`forecast of one patient with 40 treatments in 3 areas, ${says}: ${median.toFixed(1)} µs`);
  }
}
