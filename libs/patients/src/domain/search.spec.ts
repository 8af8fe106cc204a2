import { describe, expect, it } from '@jest/globals';

import { searchWords } from './search.js';

describe('what the desk types to find a patient', () => {
  it.each([
    ['  Ana María ', 'UK', ['ana', 'maría']],
    ['Okafor, Ada', 'UK', ['okafor', 'ada']],
    ['+44 (0)7700 900-123', 'UK', ['700900123']],
    ['07700 900123', 'UK', ['700900123']],
    ['12/03/1984', 'UK', ['1984-03-12']],
    ['12.3.1984', 'EU', ['1984-03-12']],
    ['03/12/1984', 'US', ['1984-03-12']],
    ['smith 1984-03-12', 'US', ['smith', '1984-03-12']],
    ['31/02/1984', 'UK', ['31021984']],
    ['1042', 'UK', ['1042']],
    ['ana b nunez', 'UK', ['ana', 'nunez']],
    ['a b', 'UK', ['a', 'b']],
    ['', 'UK', []],
  ])('%j in the %s market looks for %j', (typed, market, words) => {
    expect(searchWords(typed, market)).toEqual(words);
  });

  it('looks for six words at most', () => {
    expect(searchWords('a b c d e f g h', 'UK')).toHaveLength(6);
  });
});
