import { describe, expect, it } from '@jest/globals';
import { simulateClinics } from './statistics/simulated-clinics.js';

// `node tools/coverage.mjs` prints the figures.
describe('over a thousand clinics whose truth is known', () => {
  const single = simulateClinics(1000, 150, 1, 2026);
  const paired = simulateClinics(1000, 150, 2, 2027);

  it('the 95 % interval of the return probability holds the truth in 93 to 97 of a hundred', () => {
    expect(single.kaplanMeier.coverage).toBeGreaterThanOrEqual(0.93);
    expect(single.kaplanMeier.coverage).toBeLessThanOrEqual(0.97);
    expect(Math.abs(single.kaplanMeier.mean - single.truth)).toBeLessThan(0.005);
  });

  it('so does the clustered one where areas of a patient come back together; the plain one claims too much', () => {
    expect(paired.clustered.coverage).toBeGreaterThanOrEqual(0.93);
    expect(paired.clustered.coverage).toBeLessThanOrEqual(0.97);
    expect(paired.kaplanMeier.coverage).toBeLessThan(0.9);
  });

  it('the usual division is a third too low', () => {
    expect(single.naive.bias / single.truth).toBeLessThan(-0.3);
  });
});
