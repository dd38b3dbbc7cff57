import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/domain/duration.js';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [49, '0 s'],
    [840, '0.8 s'],
    [9949, '9.9 s'],
    [10_000, '10 s'],
    [59_400, '59 s'],
    [MIN, '1 min'],
    [MIN + 999, '1 min'],
    [4 * MIN + 10 * S, '4 min 10 s'],
    [59 * MIN + 59 * S, '59 min 59 s'],
    [H, '1 h'],
    [H + 59 * S, '1 h'],
    [2 * H + 3 * MIN, '2 h 3 min'],
    [D, '1 d'],
    [D + 59 * MIN, '1 d'],
    [2 * D + 3 * H + 59 * MIN, '2 d 3 h'],
  ])('of %i ms is shown in its two largest units: %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    ['90s', 90 * S],
    ['30m', 30 * MIN],
    ['2h', 2 * H],
    ['1d', D],
    ['1h30m', 90 * MIN],
    ['1d2h3m4s', D + 2 * H + 3 * MIN + 4 * S],
    ['366d', 366 * D],
  ])('is read from %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0s', '10', 's', '1w', '1.5h', '1h ', ' 1h', '-1h', '1h,30m', '366d1s', '1h30'])(
    'is nothing else: "%s"',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
