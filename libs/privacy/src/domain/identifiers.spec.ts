import { describe, expect, it } from '@jest/globals';

import { identifiersOf, namesAnyOf, patternOf } from './identifiers.js';

const zoe = {
  givenName: 'Zoë Ann',
  familyName: "O'Núñez",
  preferredName: null,
  email: 'zoe.n@post.example',
  phone: '+44 7700 900123',
  birthDate: '1984-03-12',
};

describe('what tells who a patient is', () => {
  it('is every part of a name with and without accents, the address, the number and the birth date', () => {
    const found = identifiersOf([zoe]);
    for (const one of [
      'Zoë Ann',
      'Zoë',
      'Zoe',
      'Ann',
      "O'Núñez",
      "O'Nunez",
      'zoe.n@post.example',
      'zoe.n',
      '447700900123',
      '1984-03-12',
      '12.03.1984',
    ])
      expect(found).toContain(one);
  });

  it('is no single letter, which stands in every text', () => {
    expect(identifiersOf([{ ...zoe, givenName: 'J' }])).not.toContain('J');
  });

  it('is looked for as whole words, longest first, whatever signs it holds', () => {
    const pattern = patternOf(identifiersOf([zoe]));
    expect(pattern).toContain(String.raw`\mO\'Núñez\M`);
    expect(pattern.indexOf('Zoë\\s+Ann')).toBeLessThan(pattern.indexOf('\\mZoë\\M'));
  });

  it.each([
    ['Asked for by zoe', true],
    ['Mrs O’Nunez rang', false],
    ["Mrs O'Nunez rang", false],
    ['Letter of 12.03.1984 came', true],
    ['Annual check', false],
  ])('is or is not in a reason: %s', (text, told) => {
    expect(namesAnyOf(text, identifiersOf([zoe]))).toBe(told);
  });
});
