import type { BreakerLimits } from '../domain/cycle/circuit-breaker.js';
import type { Config } from './config.js';

/** The limits of the circuit breakers, from the configuration. */
export function breakerLimits({ monitor }: Pick<Config, 'monitor'>): BreakerLimits {
  return {
    maxFailures: monitor.maxRestartFailures,
    resetTimeMs: monitor.circuitResetTimeMs,
    resetMaxMs: monitor.circuitResetMaxMs,
    maxRestarts: monitor.maxRestarts,
    restartWindowMs: monitor.restartWindowMs,
  };
}
