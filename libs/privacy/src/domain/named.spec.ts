import { describe, expect, it } from '@jest/globals';

import { identifiersOf, patternOf } from './identifiers.js';
import { namedIn } from './named.js';

const left = { id: 'p', given_name: 'Erased', family_name: 'Patient', birth_date: '1971-01-01' };

describe('who the records of a patient name', () => {
  it('is nobody once a pseudonym is left: other texts say "patient" and the first of January', () => {
    const named = namedIn(new Map([['patient', [left]]]));
    expect(identifiersOf(named)).toEqual([]);
    expect(patternOf(identifiersOf(named))).not.toBe('');
  });

  it('is still whoever another record of the person names', () => {
    const other = { ...left, id: 'q', given_name: 'Quirinalda', family_name: 'Zwetschgenbaum' };
    const found = identifiersOf(namedIn(new Map([['patient', [left, other]]])));
    expect(found).toContain('Quirinalda');
    expect(found).not.toContain('Patient');
  });
});
