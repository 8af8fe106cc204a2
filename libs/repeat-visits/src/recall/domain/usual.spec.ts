import { describe, expect, it } from '@jest/globals';
import { calendarDate } from '#kernel';

import { usualOf } from './usual.js';

const treated = (practitionerId: string, locationId: string, times: number, lastOn: string) => ({
  practitionerId,
  locationId,
  times,
  lastOn: calendarDate(lastOn),
});

describe('where and with whom a patient usually is treated', () => {
  it('is nobody for a patient who never was', () => {
    expect(usualOf([])).toEqual({ practitionerId: null, locationIds: [] });
  });

  it('is whoever treated most, over all places, not whoever treated last', () => {
    expect(
      usualOf([
        treated('ada', 'london', 2, '2026-01-05'),
        treated('ada', 'york', 1, '2025-06-01'),
        treated('ben', 'york', 2, '2026-03-01'),
      ]),
    ).toEqual({ practitionerId: 'ada', locationIds: ['york', 'london'] });
  });

  it('is the last of two who treated alike', () => {
    const both = [treated('ada', 'london', 1, '2026-01-05'), treated('ben', 'york', 1, '2026-03-01')];
    for (const rows of [both, both.toReversed()])
      expect(usualOf(rows)).toEqual({ practitionerId: 'ben', locationIds: ['york', 'london'] });
  });
});
