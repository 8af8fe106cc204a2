import { describe, expect, it } from '@jest/globals';

import { NON_RESPONSE_STEPS } from '../../domain/outcome.js';
import { assertMayConclude, assertMayDecide, stepsLeft } from './pathway.js';
import { PathwayClosed, PathwayNeedsPrescriber, PathwayStepsMissing } from './pathways.errors.js';

const steps = (...names: (typeof NON_RESPONSE_STEPS)[number][]) => names.map((step) => ({ step }));

describe('the non-response pathway', () => {
  it('says what is still to be looked at, in order, whatever was done first', () => {
    expect(stepsLeft({ steps: [] })).toEqual(['technique', 'muscles', 'antibodies']);
    expect(stepsLeft({ steps: steps('antibodies') })).toEqual(['technique', 'muscles']);
    expect(stepsLeft({ steps: steps('antibodies', 'technique', 'technique') })).toEqual(['muscles']);
  });

  it('takes findings from a prescriber only, while it is open', () => {
    expect(() => assertMayDecide({ status: 'open' }, true)).not.toThrow();
    expect(() => assertMayDecide({ status: 'open' }, false)).toThrow(PathwayNeedsPrescriber);
    expect(() => assertMayDecide({ status: 'closed' }, true)).toThrow(PathwayClosed);
  });

  it('is concluded when every step has a finding', () => {
    const whole = { status: 'open' as const, steps: steps(...NON_RESPONSE_STEPS) };
    expect(() => assertMayConclude(whole, true)).not.toThrow();
    expect(() => assertMayConclude(whole, false)).toThrow(PathwayNeedsPrescriber);
    expect(() => assertMayConclude({ ...whole, status: 'closed' }, true)).toThrow(PathwayClosed);
    for (const left of NON_RESPONSE_STEPS) {
      const rest = whole.steps.filter(({ step }) => step !== left);
      const conclude = (): void => assertMayConclude({ status: 'open', steps: rest }, true);
      expect(conclude).toThrow(PathwayStepsMissing);
      expect(conclude).toThrow(expect.objectContaining({ facts: { missing: [left] } }));
    }
  });
});
