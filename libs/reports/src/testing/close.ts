import { expect } from '@jest/globals';

/** Holds a figure to a published one within 1e-9; a published null (R's NA) must be null here. */
export function expectClose(actual: number | null | undefined, published: number | null | undefined): void {
  if (typeof published === 'number' && typeof actual === 'number') {
    expect(Math.abs(actual - published)).toBeLessThan(1e-9);
    return;
  }
  expect(published).not.toBeUndefined();
  expect(actual).toBe(published);
}
