import { describe, expect, it } from '@jest/globals';

import { identifiersOf, namesAnyOf, patternOf, unmistakable } from './identifiers.js';

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
    expect(pattern).toContain(String.raw`\mO['’‘ʼ\`´]Núñez\M`.replace('\\`', '`'));
    expect(pattern.indexOf('Zoë\\s+Ann')).toBeLessThan(pattern.indexOf('\\mZoë\\M'));
  });

  it('is a birth date in words, a name spelt without its letters, and who the patient was before', () => {
    const found = identifiersOf([{ ...zoe, familyName: 'Müller-Weiß' }, { familyName: 'Ødegård' }]);
    for (const one of [
      '12 March 1984',
      'March 12, 1984',
      '12. März 1984',
      '12.3.1984',
      'Mueller-Weiss',
      'Oedegaard',
    ])
      expect(found).toContain(one);
  });

  it.each(['+447700900123', '0044 7700 900123', '07700 900 123', '(0)7700-900123'])(
    'is the number however it is dialled: %s',
    (dialled) => {
      const pattern = patternOf(identifiersOf([zoe])).replaceAll(/\\[mM]/g, String.raw`\b`);
      expect(`Ring ${dialled} first`.replaceAll(new RegExp(pattern, 'gi'), '[erased]')).toMatch(
        /^Ring [+(]?\[erased\] first$/,
      );
    },
  );

  it('is unmistakable where first and last name stand together, or by address and number', () => {
    const found = unmistakable([zoe]);
    expect(found).toEqual(expect.arrayContaining(["Zoë O'Núñez", "O'Nunez, Zoe", zoe.email, zoe.phone]));
    expect(found).not.toContain('Zoë');
  });

  it.each([
    ['Asked for by zoe', true],
    ['Mrs O’Nunez rang', true],
    ["Mrs O'Nunez rang", true],
    ['Letter of 12.03.1984 came', true],
    ['Annual check', false],
  ])('is or is not in a reason: %s', (text, told) => {
    expect(namesAnyOf(text, identifiersOf([zoe]))).toBe(told);
  });
});
