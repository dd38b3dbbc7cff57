import type { BreakerLimits } from '../domain/cycle/circuit-breaker.js';
import type { Config } from './config.js';

/** When breakers open, and for how long, as the configuration has it. */
export function breakerLimits({ monitor }: Pick<Config, 'monitor'>): BreakerLimits {
  return {
    maxFailures: monitor.maxRestartFailures,
    resetTimeMs: monitor.circuitResetTimeMs,
    resetMaxMs: monitor.circuitResetMaxMs,
    maxRestarts: monitor.maxRestarts,
    restartWindowMs: monitor.restartWindowMs,
  };
}
