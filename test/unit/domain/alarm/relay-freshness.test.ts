import { describe, expect, it } from 'vitest';
import { RelayFreshness } from '../../../../src/domain/alarm/relay-freshness.js';

const open = () => new RelayFreshness(15_000);

describe('R38: RelayFreshness', () => {
  it('is unknown until the relay has shown what the primary had', () => {
    const freshness = open();
    expect(freshness.show(99, 0)).toEqual({ is: 'unknown' });
    expect(freshness.hear(100, 10)).toEqual({ is: 'unknown' });
    expect(freshness.show(100, 300)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(300)).toBe(290);
  });

  it('is fresh at once if the relay has shown it before the question', () => {
    const freshness = open();
    freshness.show(100, 0);
    expect(freshness.hear(100, 10)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(10)).toBe(0);
  });

  it('measures a lag that grows, from the oldest answer that was not shown', () => {
    const freshness = open();
    freshness.hear(100, 0);
    freshness.show(100, 10);
    freshness.hear(105, 5000);
    freshness.hear(110, 10_000);
    expect(freshness.lagMs(11_000)).toBe(6000);
    expect(freshness.show(107, 12_000)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(12_000)).toBe(7000);
  });

  it('is behind when the relay has not shown for the limit what the primary had', () => {
    const freshness = open();
    freshness.hear(100, 0);
    freshness.show(100, 10);
    freshness.hear(105, 5000);
    freshness.hear(110, 10_000);
    expect(freshness.hear(115, 19_999)).toEqual({ is: 'fresh' });
    expect(freshness.hear(120, 20_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });

  it('does not blame the relay while the primary itself stands still', () => {
    const freshness = open();
    freshness.hear(100, 0);
    expect(freshness.hear(100, 14_999)).toEqual({ is: 'unknown' });
    expect(freshness.hear(100, 15_000)).toEqual({ is: 'still', forMs: 15_000 });
  });

  it('begins anew after a time without an answer of the primary', () => {
    const freshness = open();
    freshness.show(100, 0);
    freshness.hear(100, 10);
    freshness.hear(101, 20);
    freshness.forgetPrimary();
    expect(freshness.hear(101, 60_000)).toEqual({ is: 'fresh' });
    expect(freshness.hear(102, 74_000)).toEqual({ is: 'fresh' });
    expect(freshness.hear(103, 75_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });

  it('begins anew if the primary counts from the beginning', () => {
    const freshness = open();
    freshness.show(10_000, 0);
    freshness.hear(10_000, 10);
    expect(freshness.hear(3, 5000)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(6000)).toBe(1000);
    expect(freshness.hear(18, 20_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });
});
