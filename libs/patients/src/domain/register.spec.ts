import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { BirthDateImpossible } from './patients.errors.js';
import { assertBirthDate, isLikelyDuplicate } from './register.js';

const today = calendarDate('2026-11-23');

describe('registering a patient', () => {
  it('takes a birth date from today back to 130 years ago', () => {
    expect(() => assertBirthDate(today, today)).not.toThrow();
    expect(() => assertBirthDate(calendarDate('1896-11-23'), today)).not.toThrow();
  });

  it.each(['2026-11-24', '1895-11-22', '0001-01-01'])('refuses to believe someone was born on %s', (date) => {
    expect(() => assertBirthDate(calendarDate(date), today)).toThrow(BirthDateImpossible);
  });

  it('warns of a duplicate for two signs, or for the same e-mail address', () => {
    const candidate = { id: 'x', number: 1 };
    expect(isLikelyDuplicate({ ...candidate, because: ['birth-date'] })).toBe(false);
    expect(isLikelyDuplicate({ ...candidate, because: ['name'] })).toBe(false);
    expect(isLikelyDuplicate({ ...candidate, because: ['name', 'birth-date'] })).toBe(true);
    expect(isLikelyDuplicate({ ...candidate, because: ['email'] })).toBe(true);
  });
});
