import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { tenHistories } from '../testing/ten-histories.js';

describe('the ten histories', () => {
  const page = tenHistories();

  it('are documented as the rule has them', () => {
    const file = new URL('../../../../docs/flows/ten-histories.md', import.meta.url);
    if (process.env['UPDATE_DOCS']) writeFileSync(file, page);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it.each([
    ['31 January is not early', '**earliest** 2026-05-01'],
    ['the other product’s interval', '`interval/rela/EU/label`'],
    ['the touch-up', 'touch-up 2026-02-16 (prabo)'],
    ['two visits', 'not in one visit'],
    ['both figures', 'Protocol 112 days, own median'],
    ['the hold', 'Kept back: on-hold (pregnancy since 2026-03-02)'],
    ['the day in New York', 'full 2026-03-08 (ona)'],
    ['the clinic’s own figures', '`clinic/ona/masseter/interval`'],
    ['what is missing', 'No minimum interval of ona is known for market CH'],
  ])('show %s', (_, text) => {
    expect(page).toContain(text);
  });
});
