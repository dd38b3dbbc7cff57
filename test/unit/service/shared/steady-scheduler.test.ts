import { firstValueFrom, timer } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { steadyScheduler } from '../../../../src/service/shared/steady-scheduler.js';

const YEAR_MS = 365 * 86_400_000;

afterEach(() => void vi.useRealTimers());

it('is not set with the wall clock, and schedules all the same', async () => {
  const before = steadyScheduler.now();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + YEAR_MS });
  expect(steadyScheduler.now() - before).toBeLessThan(YEAR_MS / 2);
  vi.setSystemTime(Date.now() - 2 * YEAR_MS);
  expect(steadyScheduler.now()).toBeGreaterThanOrEqual(before);
  expect(await firstValueFrom(timer(1, steadyScheduler))).toBe(0);
});

it('tells whole ms: people read its differences in the log and in the notes', () => {
  for (let look = 0; look < 100; look += 1) expect(Number.isInteger(steadyScheduler.now())).toBe(true);
});
