import { describe, expect, it } from '@jest/globals';

import { changedFields, withContactRules } from './changes.js';
import { QuietHoursEmpty, RefusalReasonMisplaced } from './patients.errors.js';

describe('what was changed of a patient', () => {
  const present = {
    familyName: 'Núñez',
    phone: '123',
    contactChannels: ['email', 'sms'],
    emergencyContact: { phone: '1', name: 'Luis' },
    note: null,
  };

  it('names only what became different, before and after', () => {
    expect(changedFields(present, { familyName: 'Nunez', phone: '123', note: undefined })).toEqual({
      before: { familyName: 'Núñez' },
      after: { familyName: 'Nunez' },
    });
  });

  it('is nothing when the same is said again, in whatever order', () => {
    const again = {
      emergencyContact: { name: 'Luis', phone: '1' },
      contactChannels: ['email', 'sms'],
      note: null,
    };
    expect(changedFields(present, again)).toEqual({ before: {}, after: {} });
  });

  it('sees what was cleared, and what was added inside a field', () => {
    const change = { phone: null, emergencyContact: { name: 'Luis', phone: '1', relation: 'husband' } };
    expect(changedFields(present, change).after).toEqual(change);
  });
});

describe('the wish not to be contacted', () => {
  it('loses its reason when it is taken back', () => {
    expect(withContactRules({ doNotContact: true }, { doNotContact: false })).toEqual({
      doNotContact: false,
      doNotContactReason: null,
    });
  });

  it('may be given a reason, then or later, and not without the wish', () => {
    const reason = { doNotContactReason: 'Asked on the phone' };
    expect(withContactRules({ doNotContact: true }, reason)).toEqual(reason);
    expect(withContactRules({ doNotContact: false }, { ...reason, doNotContact: true })).toMatchObject(
      reason,
    );
    expect(() => withContactRules({ doNotContact: false }, reason)).toThrow(RefusalReasonMisplaced);
    expect(() => withContactRules({ doNotContact: true }, { ...reason, doNotContact: false })).toThrow(
      RefusalReasonMisplaced,
    );
  });

  it('has quiet hours that begin and end at different times', () => {
    const hours = (from: string, to: string) => ({ quietHours: { from, to } });
    expect(() => withContactRules({ doNotContact: false }, hours('08:00', '08:00'))).toThrow(QuietHoursEmpty);
    expect(() => withContactRules({ doNotContact: false }, hours('20:00', '08:00'))).not.toThrow();
  });
});
