import { describe, expect, it } from '@jest/globals';

import { withoutProperties } from './property-rules.js';

describe('what a caller may not see', () => {
  it('is left out of an answer and of the items of a list, not shown as empty', () => {
    const patient = { id: '1', healthFacts: [{ text: 'latex' }], version: 2 };
    expect(withoutProperties(patient, ['healthFacts'])).toEqual({ id: '1', version: 2 });
    expect(withoutProperties({ items: [patient], next: null }, ['healthFacts', 'version'])).toEqual({
      items: [{ id: '1' }],
      next: null,
    });
  });

  it('leaves alone what is no object', () => {
    for (const answer of [null, undefined, 7, 'text']) expect(withoutProperties(answer, ['x'])).toBe(answer);
  });
});
