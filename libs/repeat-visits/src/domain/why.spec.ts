import { type Market, seedCatalogue } from '#catalogue';
import { addDays, calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { type AreaForecast, forecast } from './forecast.js';
import type { Dose } from './history.js';
import { catalogueProtocol } from './protocol.js';
import { whyArea, whyDate } from './why.js';

const nameOf = (product: string): string => product.toUpperCase();

/** `2026-01-31 ona`, `2026-02-14 ona touch-up` in one area of a market. */
function treated(
  market: Market,
  lines: readonly string[],
  area = 'glabella',
  personalInterval = false,
): AreaForecast {
  const doses = lines.map((line): Dose => {
    const [treatedOn = '', product = '', kind = 'full'] = line.split(' ');
    return { treatedOn: calendarDate(treatedOn), product, area, kind: kind === 'full' ? 'full' : 'touch-up' };
  });
  const protocol = catalogueProtocol(seedCatalogue(), market);
  const [only] = forecast(doses, protocol, calendarDate('2030-01-01'), { personalInterval }).areas;
  if (!only) throw new Error('one area expected');
  return only;
}
const why = (area: AreaForecast): string => whyArea(area.explanation, nameOf);

describe('why a patient should come back then, in words', () => {
  it('names the first permitted day and the best one, each with its reason', () => {
    expect(why(treated('UK', ['2026-01-31 ona']))).toBe(
      'Not before 1 May 2026: 3 months after the treatment with ONA on 31 January 2026, the shortest interval of its label. ' +
        'Best around 23 May 2026: 16 weeks after the treatment with ONA on 31 January 2026, as the protocol recommends.',
    );
  });

  it('names the touch-up that counts, and what the manufacturer asks for', () => {
    expect(why(treated('EU', ['2026-02-02 prabo', '2026-02-16 prabo touch-up']))).toMatch(
      /^Not before 16 May 2026: 3 months after the touch-up with PRABO on 16 February 2026, /,
    );
    expect(why(treated('US', ['2025-12-01 ona']))).toMatch(
      /^Not before 1 March 2026: 3 months after .* on 1 December 2025, the shortest interval /,
    );
  });

  it('names the patient’s own visits, and by how much they move the protocol', () => {
    const visits = Array.from({ length: 4 }, (_, i) => `${addDays(calendarDate('2024-01-01'), i * 150)} ona`);
    const { explanation } = treated('UK', visits, 'glabella', true);
    expect(whyDate(explanation.target, nameOf)).toBe(
      '16 weeks and 19 days after the treatment with ONA on 26 March 2025, going by the patient’s own visits.',
    );
    const often = Array.from({ length: 4 }, (_, i) => `${addDays(calendarDate('2024-01-01'), i * 100)} ona`);
    const sooner = treated('UK', often, 'glabella', true);
    expect(whyDate(sooner.explanation.target, nameOf)).toMatch(/^16 weeks less 6 days after /);
  });

  it('says which earlier date holds one back', () => {
    const { explanation } = treated('UK', ['2026-01-31 ona']);
    expect(whyDate(explanation.recommendedFrom, nameOf)).toBe(
      'It may not lie before the earliest permitted day.',
    );
  });

  it('says what is missing instead of guessing', () => {
    expect(why(treated('CH', ['2026-01-31 ona']))).toBe('No minimum interval of ona is known for market CH.');
    const masseter = treated('UK', ['2026-01-31 ona'], 'masseter');
    expect(whyDate(masseter.explanation.recommendedTo, nameOf)).toBe(
      'The protocol has no "to" figure for ona in masseter.',
    );
    expect(why(treated('UK', ['2026-01-31 ona touch-up']))).toBe(
      'Not before 1 May 2026: 3 months after the touch-up with ONA on 31 January 2026, the shortest interval of its label.',
    );
  });
});
