import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCronSchedule, shortestPeriod } from '../../../src/lib/cron-schedule.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('a schedule by the clock of a host with summer time', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const next = (text: string, after: string): string | undefined => {
    const at = parseCronSchedule(text).next(Date.parse(after));
    return at === undefined ? undefined : new Date(at).toISOString();
  };

  it('comes by the local time, in winter and in summer', () => {
    expect(next('0 2 * * sun', '2026-01-05T00:00:00Z')).toBe('2026-01-11T01:00:00.000Z');
    expect(next('0 2 * * sun', '2026-07-06T00:00:00Z')).toBe('2026-07-12T00:00:00.000Z');
  });

  it('comes as soon as the clock has moved on, where the change to summer time leaves its time out', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('30 2,14 * * *', '2026-03-28T22:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('30 2 * * *', '2026-03-29T01:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  it('does not come in the hour that is left out, where it is an interval', () => {
    expect(next('*/30 2 * * *', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:00:00.000Z');
    expect(next('*/30 2 * * *', '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:00:00.000Z');
  });

  it('comes once in the night whose hour comes twice, and each time where it is an interval', () => {
    expect(next('30 2 * * *', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * *', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
    expect(next('30 * * * *', '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:30:00.000Z');
  });

  it('is after a time, to the millisecond', () => {
    expect(next('0 2 * * *', '2026-01-05T00:59:59.999Z')).toBe('2026-01-05T01:00:00.000Z');
    expect(next('0 2 * * *', '2026-01-05T01:00:00.000Z')).toBe('2026-01-06T01:00:00.000Z');
    expect(next('0 2 * * *', '2026-01-05T01:00:00.500Z')).toBe('2026-01-06T01:00:00.000Z');
  });

  it('has a shortest period, which the change of time does not shorten', () => {
    expect(shortestPeriod('0 2 * * *')).toBe(DAY_MS);
    expect(shortestPeriod('0 2 * * sun')).toBe(7 * DAY_MS);
    expect(shortestPeriod('0 2 * * sun,mon')).toBe(DAY_MS);
    expect(shortestPeriod('0 2 1 * *')).toBe(28 * DAY_MS);
    expect(shortestPeriod('*/15 1-2 * * *')).toBe(HOUR_MS / 4);
    expect(shortestPeriod('*/10 * * * * *')).toBe(10_000);
    expect(shortestPeriod('0 0 29 2 *')).toBe(4 * 365 * DAY_MS + DAY_MS);
  });
});

it('a day that no calendar has never comes', () => {
  expect(shortestPeriod('0 0 31 2 *')).toBeUndefined();
  expect(parseCronSchedule('0 0 31 2 *').next(0)).toBeUndefined();
});

it.each([
  ['', 'has not five fields'],
  ['2h', 'has not five fields'],
  ['0 2 * *', 'has not five fields'],
  ['2099-01-01T00:00:00', 'has not five fields'],
  ['? 2 * * *', 'has not five fields'],
  ['0 2 * * * * 2026', 'has not five fields'],
  ['60 2 * * *', 'Invalid value for minute: 60'],
  ['0 2 * * sunday-', expect.anything()],
  ['@reboot', expect.stringContaining('not supported')],
  ['*/0 * * * *', expect.stringContaining('stepping')],
])('%j is no schedule', (text, message) => {
  expect(() => parseCronSchedule(text)).toThrow(expect.objectContaining({ name: 'Error', message }));
});
