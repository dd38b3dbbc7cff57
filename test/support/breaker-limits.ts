import type { BreakerLimits } from '../../src/domain/cycle/circuit-breaker.js';

/** Limits of tests that do not care about the others: any number of restarts, and a reset time that stays the same. */
export const BREAKER_LIMITS: BreakerLimits = {
  maxFailures: 3,
  resetTimeMs: 60_000,
  resetMaxMs: 0,
  maxRestarts: 0,
  restartWindowMs: 600_000,
};
