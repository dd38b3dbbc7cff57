import { describe, expect, it } from 'vitest';
import { distributionOf, median, quantilesOf } from '../../../bench/support/quantiles.js';

describe('quantiles', () => {
  it('interpolate linearly between the two closest ranks', () => {
    expect(quantilesOf([40, 10, 30, 20])).toEqual({
      samples: 4,
      min: 10,
      p50: 25,
      p90: expect.closeTo(37, 9),
      p99: expect.closeTo(39.7, 9),
      max: 40,
    });
  });

  it('of one sample are that sample', () => {
    expect(quantilesOf([7])).toEqual({ samples: 1, min: 7, p50: 7, p90: 7, p99: 7, max: 7 });
  });

  it('leave the samples as they are', () => {
    const samples = [3, 1, 2];
    expect(median(samples)).toBe(2);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('compare numbers, not texts', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('of nothing, or of what is no number, are refused', () => {
    expect(() => quantilesOf([])).toThrow('there are no samples');
    expect(() => median([1, Number.NaN])).toThrow('NaN is no sample');
  });
});

describe('a distribution', () => {
  it('goes from the minimum to the maximum', () => {
    expect(distributionOf([3, 1, 2], 5)).toEqual([
      [1, 0],
      [1.5, 0.25],
      [2, 0.5],
      [2.5, 0.75],
      [3, 1],
    ]);
  });
});
