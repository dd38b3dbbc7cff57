import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from '../../../src/domain/backoff.js';

const BACKOFF = { firstMs: 100, maxMs: 30_000 };

describe('R12: the back-off', () => {
  it('doubles from the first delay up to the longest', () => {
    const full = [1, 2, 3, 8, 9, 10, 100].map((failures) => backoffDelay(failures, BACKOFF, () => 1));
    expect(full).toEqual([100, 200, 400, 12_800, 25_600, 30_000, 30_000]);
  });

  it('takes off at most a half', () => {
    expect(backoffDelay(1, BACKOFF, () => 0)).toBe(50);
    expect(backoffDelay(50, BACKOFF, () => 0)).toBe(15_000);
  });

  it('is a whole number of ms within its bounds, however many failures', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), chance, (failures, random) => {
        const delay = backoffDelay(failures, BACKOFF, () => random);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(BACKOFF.firstMs / 2);
        expect(delay).toBeLessThanOrEqual(BACKOFF.maxMs);
      }),
    );
  });
});
