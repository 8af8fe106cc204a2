import { describe, expect, it } from '@jest/globals';

import { toldDue, toldOverdue } from './due-weeks.js';

const NOTHING = { due: null, booked: null, toBook: null };

describe('patients due at one location', () => {
  it('are told where small numbers are', () => {
    expect(toldDue({ patients: 3, booked: 1 }, null)).toEqual({ due: 3, booked: 1, toBook: 2 });
    expect(toldOverdue({ patients: 3, booked: 1 }, null)).toBe(2);
  });

  it('are told in fives and more, and where there is nobody; two numbers give the third', () => {
    const whole = { patients: 40, booked: 20 };
    expect(toldDue({ patients: 12, booked: 6 }, whole)).toEqual({ due: 12, booked: 6, toBook: 6 });
    expect(toldDue({ patients: 0, booked: 0 }, whole)).toEqual({ due: 0, booked: 0, toBook: 0 });
    expect(toldDue({ patients: 12, booked: 9 }, whole)).toEqual(NOTHING);
    expect(toldDue({ patients: 4, booked: 0 }, whole)).toEqual(NOTHING);
  });

  it('are not told where the few of another location would follow from the whole clinic’s', () => {
    expect(toldDue({ patients: 12, booked: 6 }, { patients: 14, booked: 6 })).toEqual(NOTHING);
    expect(toldDue({ patients: 12, booked: 6 }, { patients: 20, booked: 7 })).toEqual(NOTHING);
    expect(toldDue({ patients: 12, booked: 6 }, { patients: 12, booked: 6 })).toMatchObject({ due: 12 });
    expect(toldOverdue({ patients: 8, booked: 1 }, { patients: 10, booked: 1 })).toBeNull();
    expect(toldOverdue({ patients: 8, booked: 1 }, { patients: 8, booked: 1 })).toBe(7);
  });
});
