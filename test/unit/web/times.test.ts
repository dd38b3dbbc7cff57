import { describe, expect, it } from 'vitest';
import { formatAgo, formatClock, formatIn, formatMs, formatSince } from '../../../web/model/times.js';

const NOW = new Date(2026, 10, 30, 14, 30, 5).getTime();
const MIN = 60_000;

describe('times', () => {
  it.each([
    [0, '0 s'],
    [9_900, '9 s'],
    [12_400, '12 s'],
    [12 * MIN, '12 min'],
    [61 * MIN, '1 h 1 min'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatSince(NOW - ms, NOW)).toBe(text);
  });

  it('are never negative where two clocks disagree', () => {
    expect(formatSince(NOW + 5000, NOW)).toBe('0 s');
    expect(formatAgo(NOW + 5000, NOW)).toBe('just now');
    expect(formatIn(NOW - 5000, NOW)).toBe('now');
  });

  it('past have their larger unit only', () => {
    expect(formatAgo(NOW - 900, NOW)).toBe('just now');
    expect(formatAgo(NOW - 61 * MIN, NOW)).toBe('1 h ago');
  });

  it('to come have both', () => {
    expect(formatIn(NOW + 61 * MIN, NOW)).toBe('in 1 h 1 min');
  });

  it('of the clock are as short as they can be read without doubt', () => {
    expect(formatClock(new Date(2026, 10, 30, 14, 0, 0).getTime(), NOW)).toBe('14:00');
    expect(formatClock(new Date(2026, 10, 30, 14, 0, 7).getTime(), NOW)).toBe('14:00:07');
    expect(formatClock(new Date(2026, 11, 1, 9, 0, 0).getTime(), NOW)).toBe('2026-12-01 09:00');
  });

  it('measured are in ms below a second', () => {
    expect(formatMs(3.4)).toBe('3 ms');
    expect(formatMs(999)).toBe('999 ms');
    expect(formatMs(4200)).toBe('4.2 s');
  });
});
