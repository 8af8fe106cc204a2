import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { assertNotPlain, contextWords, SHORTEST_PASSWORD } from './password-rules.js';

const words = contextWords({
  email: 'ada.okafor@harley.example',
  displayName: 'Dr Ada Okafor',
  clinicName: 'Harley Street Skin',
  clinicSlug: 'harley',
});
const because = (password: string): unknown => {
  try {
    assertNotPlain(password, words);
    return null;
  } catch (error) {
    return error instanceof Error && 'facts' in error ? error.facts : error;
  }
};

describe('a password', () => {
  it('is at least fifteen characters long', () => {
    expect(because('a'.repeat(14))).toEqual({ because: 'too-short', shortest: 15 });
    expect(because('quiet river ment')).toBeNull();
  });

  it('counts characters as people see them, not code units', () => {
    expect(because('👩‍⚕️'.repeat(14))).toMatchObject({ because: 'too-short' });
    expect(because('👩‍⚕️'.repeat(15))).toBeNull();
  });

  it.each(['harleyharley2026', 'Ada.Okafor@Harley.example', 'okafor-harley-2026!!', 'RevisitRevisit123'])(
    'is not made of the names of the clinic and the person: %s',
    (password) => expect(because(password)).toEqual({ because: 'context' }),
  );

  it('may hold such a word beside others', () => {
    expect(because('the harley lamps glow')).toBeNull();
  });

  it('is refused or taken, whatever it holds, without any other failure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (password) => {
        const told = because(password);
        if ([...new Intl.Segmenter().segment(password.normalize('NFC'))].length < SHORTEST_PASSWORD)
          expect(told).toMatchObject({ because: 'too-short' });
        else expect([null, 'context']).toContain(told === null ? null : 'context');
      }),
    );
  });
});
