import { describe, expect, it } from 'vitest';
import { type Beat, RelayFreshness } from '../../../../src/domain/alarm/relay-freshness.js';

const open = () => new RelayFreshness(15_000);
const beat = (count: number, serverId = 21): Beat => ({ serverId, count });

describe('R38: RelayFreshness', () => {
  it('is unknown until the relay has shown what the primary had', () => {
    const freshness = open();
    expect(freshness.show(beat(99), 0)).toEqual({ is: 'unknown' });
    expect(freshness.hear(beat(100), 10)).toEqual({ is: 'unknown' });
    expect(freshness.show(beat(100), 300)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(300)).toBe(290);
  });

  it('is fresh at once if the relay has shown it before the question', () => {
    const freshness = open();
    freshness.show(beat(100), 0);
    expect(freshness.hear(beat(100), 10)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(10)).toBe(0);
  });

  it('measures a lag that grows, from the oldest answer that was not shown', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.show(beat(100), 10);
    freshness.hear(beat(105), 5000);
    freshness.hear(beat(110), 10_000);
    expect(freshness.lagMs(11_000)).toBe(6000);
    expect(freshness.show(beat(107), 12_000)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(12_000)).toBe(7000);
  });

  it('is behind when the relay has not shown for the limit what the primary had', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.show(beat(100), 10);
    freshness.hear(beat(105), 5000);
    freshness.hear(beat(110), 10_000);
    freshness.show(beat(104), 19_000);
    expect(freshness.hear(beat(115), 19_999)).toEqual({ is: 'fresh' });
    expect(freshness.hear(beat(120), 20_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });

  it('is behind when the relay has shown nothing for the limit while the primary counts', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.show(beat(104), 4000);
    expect(freshness.dueAt).toBeUndefined();
    freshness.hear(beat(105), 5000);
    expect(freshness.dueAt).toBe(19_000);
    expect(freshness.judge(18_999)).toEqual({ is: 'fresh' });
    expect(freshness.judge(19_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });

  it('does not count the time in which the primary had nothing new', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.show(beat(100), 10);
    freshness.hear(beat(100), 10_000);
    freshness.hear(beat(101), 14_900);
    expect(freshness.judge(15_010)).toEqual({ is: 'fresh' });
    expect(freshness.dueAt).toBe(25_000);
  });

  it('leaves it to the next answer of the primary whether that stands still', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.hear(beat(100), 14_000);
    expect(freshness.judge(15_000)).toEqual({ is: 'unknown' });
  });

  it('does not count the beats of another server, which the relay still follows', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    freshness.show(beat(100), 10);
    freshness.hear(beat(101, 22), 5000);
    for (let second = 6; second < 20; second += 1) freshness.show(beat(200 + second, 21), second * 1000);
    expect(freshness.judge(19_999)).toEqual({ is: 'fresh' });
    expect(freshness.hear(beat(115, 22), 20_000)).toEqual({ is: 'behind', forMs: 15_000 });
    freshness.show(beat(115, 22), 20_500);
    expect(freshness.judge(20_500)).toEqual({ is: 'fresh' });
  });

  it('is not fresh at its begin by the beats of another server', () => {
    const freshness = open();
    freshness.show(beat(200, 21), 0);
    expect(freshness.hear(beat(101, 22), 10)).toEqual({ is: 'unknown' });
    expect(freshness.show(beat(201, 21), 20)).toEqual({ is: 'unknown' });
    expect(freshness.show(beat(101, 22), 30)).toEqual({ is: 'fresh' });
  });

  it('does not blame the relay while the primary itself stands still', () => {
    const freshness = open();
    freshness.hear(beat(100), 0);
    expect(freshness.hear(beat(100), 14_999)).toEqual({ is: 'unknown' });
    expect(freshness.hear(beat(100), 15_000)).toEqual({ is: 'still', forMs: 15_000 });
  });

  it('begins anew after a time without an answer of the primary', () => {
    const freshness = open();
    freshness.show(beat(100), 0);
    freshness.hear(beat(100), 10);
    freshness.hear(beat(101), 20);
    freshness.forgetPrimary();
    expect(freshness.hear(beat(101), 60_000)).toEqual({ is: 'fresh' });
    expect(freshness.hear(beat(102), 74_000)).toEqual({ is: 'fresh' });
    expect(freshness.hear(beat(103), 75_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });

  it('begins anew if the primary counts from the beginning', () => {
    const freshness = open();
    freshness.show(beat(10_000), 0);
    freshness.hear(beat(10_000), 10);
    expect(freshness.hear(beat(3), 5000)).toEqual({ is: 'fresh' });
    expect(freshness.lagMs(6000)).toBe(1000);
    expect(freshness.hear(beat(18), 20_000)).toEqual({ is: 'behind', forMs: 15_000 });
  });
});
