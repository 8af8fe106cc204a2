import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { BirthDateImpossible, RecordedDateImpossible } from './patients.errors.js';
import { assertBirthDate, assertInLifetime, isLikelyDuplicate } from './register.js';

const today = calendarDate('2026-11-23');

describe('registering a patient', () => {
  it('takes a birth date from today back to 130 years ago', () => {
    expect(() => assertBirthDate(today, today)).not.toThrow();
    expect(() => assertBirthDate(calendarDate('1896-11-23'), today)).not.toThrow();
  });

  it.each(['2026-11-24', '1895-11-22', '0001-01-01'])('refuses to believe someone was born on %s', (date) => {
    expect(() => assertBirthDate(calendarDate(date), today)).toThrow(BirthDateImpossible);
  });

  it('believes what happened between birth and today, both days included', () => {
    const born = calendarDate('1984-03-12');
    for (const on of [born, today]) expect(() => assertInLifetime(on, born, today)).not.toThrow();
    for (const on of ['1984-03-11', '2026-11-24']) {
      expect(() => assertInLifetime(calendarDate(on), born, today)).toThrow(RecordedDateImpossible);
    }
  });

  it('warns of a duplicate for two signs, or for the same e-mail address', () => {
    const candidate = { id: 'x', number: 1 };
    expect(isLikelyDuplicate({ ...candidate, because: ['birth-date'] })).toBe(false);
    expect(isLikelyDuplicate({ ...candidate, because: ['name'] })).toBe(false);
    expect(isLikelyDuplicate({ ...candidate, because: ['name', 'birth-date'] })).toBe(true);
    expect(isLikelyDuplicate({ ...candidate, because: ['email'] })).toBe(true);
  });
});
