import { describe, expect, it } from '@jest/globals';
import { addDays, calendarDate } from '#kernel';
import vectors from '../testing/vectors/clinical.json' with { type: 'json' };
import { assertTouchUpAllowed } from './touch-up.js';
import {
  afterStep,
  counts,
  TREATMENT_STEPS,
  type TreatmentStatus,
  type TreatmentStep,
} from './treatment-status.js';
import {
  TouchUpNeedsPrescriber,
  TouchUpOfOtherProduct,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
} from './touch-up.errors.js';
import { ReasonMissing, TreatmentStatusRefused } from './treatments.errors.js';

const treatedOn = calendarDate('2026-02-02');
const frown = { product: 'ona', area: 'glabella' };

const request = (day: number, over: Partial<Parameters<typeof assertTouchUpAllowed>[0]> = {}) => ({
  policy: { enabled: true, fromDay: 14, toDay: 21 },
  completes: { treatedOn, doses: [frown] },
  on: addDays(treatedOn, day),
  doses: [frown],
  approvedByPrescriber: true,
  ...over,
});

describe('a touch-up', () => {
  it('D25 is refused on day 13', () => {
    const vector = vectors.dose.find(({ id }) => id === 'D25');
    expect(() => assertTouchUpAllowed(request(13))).toThrow(
      expect.objectContaining({ detail: vector?.expect.reason }),
    );
    expect(() => assertTouchUpAllowed(request(13))).toThrow(TouchUpTooEarly);
  });

  it('is refused with the days it may be given on', () => {
    const facts = { plannedOn: '2026-02-24', from: '2026-02-16', to: '2026-02-23' };
    expect(() => assertTouchUpAllowed(request(22))).toThrow(expect.objectContaining({ facts }));
  });

  it.each([14, 17, 21])('is done on day %p', (day) => {
    expect(() => assertTouchUpAllowed(request(day))).not.toThrow();
  });

  it.each([
    ['after day 21', request(22), TouchUpTooLate],
    ['before the treatment', request(-1), TouchUpTooEarly],
    [
      'where the clinic does none',
      request(15, { policy: { enabled: false, fromDay: 14, toDay: 21 } }),
      TouchUpsSwitchedOff,
    ],
    [
      'with another product',
      request(15, { doses: [{ product: 'abo', area: 'glabella' }] }),
      TouchUpOfOtherProduct,
    ],
    [
      'in another area',
      request(15, { doses: [{ product: 'ona', area: 'forehead' }] }),
      TouchUpOfOtherProduct,
    ],
    ['without a prescriber', request(15, { approvedByPrescriber: false }), TouchUpNeedsPrescriber],
  ])('is refused %s', (_name, asked, error) => {
    expect(() => assertTouchUpAllowed(asked)).toThrow(error);
  });
});

describe('the status of a treatment', () => {
  const statuses: readonly TreatmentStatus[] = ['draft', 'signed', 'amended', 'entered-in-error'];
  const steps: readonly TreatmentStep[] = ['sign', 'amend', 'withdraw'];

  it('takes the steps of the table and no others', () => {
    for (const status of statuses) {
      for (const step of steps) {
        if (TREATMENT_STEPS[step].from.includes(status)) {
          expect(afterStep(status, step, 'wrong side')).toBe(TREATMENT_STEPS[step].to);
        } else {
          expect(() => afterStep(status, step, 'wrong side')).toThrow(TreatmentStatusRefused);
        }
      }
    }
  });

  it('is final once amended or withdrawn', () => {
    for (const step of steps) {
      expect(() => afterStep('amended', step, 'x')).toThrow(TreatmentStatusRefused);
      expect(() => afterStep('entered-in-error', step, 'x')).toThrow(TreatmentStatusRefused);
    }
  });

  it.each(['amend', 'withdraw'] as const)('needs a reason to %s', (step) => {
    expect(() => afterStep('signed', step)).toThrow(ReasonMissing);
    expect(() => afterStep('signed', step, '  ')).toThrow(ReasonMissing);
  });

  it('counts only when signed', () => {
    expect(statuses.filter(counts)).toEqual(['signed']);
  });
});
