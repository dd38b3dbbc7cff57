import { describe, expect, it } from 'vitest';
import { parseSince } from '../../../../src/cli/history/parse-since.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

describe('--since', () => {
  it.each([
    ['30m', 30 * MINUTE],
    ['2h', 120 * MINUTE],
    ['1d', 1440 * MINUTE],
    ['1d12h', 2160 * MINUTE],
    ['90s', 90_000],
  ])('takes the time span %s', (text, ms) => {
    expect(parseSince(text, NOW)).toBe(NOW - ms);
  });

  it.each([
    ['2026-11-22', new Date(2026, 10, 22)],
    ['2026-11-22T13:04', new Date(2026, 10, 22, 13, 4)],
    ['2026-11-22 13:04:05', new Date(2026, 10, 22, 13, 4, 5)],
    [' 2026-02-28 ', new Date(2026, 1, 28)],
    ['2026-11-22T13:04:05Z', new Date(Date.UTC(2026, 10, 22, 13, 4, 5))],
    ['2026-11-22T13:04:05.678Z', new Date(Date.UTC(2026, 10, 22, 13, 4, 5))],
    ['2026-11-22T13:04+02:00', new Date(Date.UTC(2026, 10, 22, 11, 4))],
    ['2026-11-22T13:04-0530', new Date(Date.UTC(2026, 10, 22, 18, 34))],
  ])('takes the date %s', (text, date) => {
    expect(parseSince(text, NOW)).toBe(date.getTime());
  });

  it.each([
    ...['', '0m', '1', 'd', '1y', '-1d', '1 day', 'yesterday', '2026', '2026-11', '2026-13-01', '2026-02-30'],
    ...['2026-11-22T24:00', '2026-11-22T13:60', '2026-11-22T', '22.11.2026', '2026-11-22T13:04 MEZ'],
  ])('refuses %j and says what is allowed', (text) => {
    expect(() => parseSince(text, NOW)).toThrow(/Allowed: .*1d.*2026-11-22/);
  });
});
