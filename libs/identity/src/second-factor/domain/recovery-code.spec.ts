import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isAppCode, plainRecoveryCode, recoveryCodeOf } from './recovery-code.js';

describe('recovery codes', () => {
  it('are four groups of four, none of which can be misread', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(recoveryCodeOf(bytes)).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/);
      }),
    );
  });

  it('are the same however they are typed', () => {
    const code = recoveryCodeOf(Uint8Array.from({ length: 16 }, (_, i) => i * 7));
    for (const typed of [code.toUpperCase(), code.replaceAll('-', ' '), code.replaceAll('-', '')])
      expect(plainRecoveryCode(typed)).toBe(plainRecoveryCode(code));
  });

  it('are told from the codes of an app', () => {
    expect(['123456', '123 456'].map(isAppCode)).toEqual([true, true]);
    expect(['12345', '1234567', 'abcd-efgh-jkmn-pqrs', ''].some(isAppCode)).toBe(false);
  });
});
