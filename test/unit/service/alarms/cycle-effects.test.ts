import { afterEach, expect, it, vi } from 'vitest';
import { createCycleEffects } from '../../../../src/service/alarms/cycle-effects.js';

const YEAR_MS = 365 * 86_400_000;

afterEach(() => void vi.useRealTimers());

it('R30, R35: the cycles tell what came first by a clock that nobody can set', () => {
  // The clock needs none of the parts that the other effects work on.
  const parts = { state: {}, commands: {}, database: {} };
  const { scheduler } = createCycleEffects(parts as Parameters<typeof createCycleEffects>[0]);
  const before = scheduler.now();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + YEAR_MS });
  expect(scheduler.now() - before).toBeLessThan(YEAR_MS / 2);
});
