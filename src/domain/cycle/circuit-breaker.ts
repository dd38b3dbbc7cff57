/**
 * The circuit breaker of one process, as data (R9). Times are ms since the epoch, so that they survive a restart of
 * the service. `generation` grows with every change of state: a result that was permitted in an earlier generation
 * says nothing about the present one and is ignored.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly generation: number; readonly failures: number }
  | {
      readonly state: 'open';
      readonly generation: number;
      readonly failures: number;
      readonly openedAt: number;
    }
  | {
      readonly state: 'half-open';
      readonly generation: number;
      readonly failures: number;
      /** Whether the one cycle that may run is running. */
      readonly onTrial: boolean;
    };

export interface BreakerLimits {
  /** Failed cycles in a row that open the breaker. */
  readonly maxFailures: number;
  readonly resetTimeMs: number;
}

/** Leave to run one cycle, bound to the generation in which it was given. */
export interface Permit {
  readonly generation: number;
}

export type CycleOutcome = 'success' | 'failure' | 'abandoned';

export const INITIAL_BREAKER: Breaker = { state: 'closed', generation: 0, failures: 0 };

/**
 * Asks for leave to run one cycle. Open, or half-open with its one cycle running: no permit. The clock is not asked:
 * only the timer of an open breaker makes it half-open, so that a wall clock that jumps ahead opens no gate.
 */
export function requestPermit(breaker: Breaker): {
  readonly breaker: Breaker;
  readonly permit: Permit | undefined;
} {
  const permit = { generation: breaker.generation };
  if (breaker.state === 'closed') return { breaker, permit };
  if (breaker.state === 'open' || breaker.onTrial) return { breaker, permit: undefined };
  return { breaker: { ...breaker, onTrial: true }, permit };
}

/** Reports how a permitted cycle ended. `abandoned`: it ended without a verdict, as at shutdown. */
export function reportOutcome(
  breaker: Breaker,
  permit: Permit,
  outcome: CycleOutcome,
  now: number,
  limits: BreakerLimits,
): Breaker {
  if (permit.generation !== breaker.generation || breaker.state === 'open') return breaker;
  const generation = breaker.generation + 1;
  if (outcome === 'abandoned')
    return breaker.state === 'half-open' ? { ...breaker, onTrial: false } : breaker;
  if (outcome === 'success')
    return breaker.state === 'closed' ? { ...breaker, failures: 0 } : { ...INITIAL_BREAKER, generation };
  const failures = breaker.failures + 1;
  if (breaker.state === 'closed' && failures < limits.maxFailures) return { ...breaker, failures };
  return { state: 'open', generation, failures, openedAt: now };
}

/** A saved breaker as a service that starts now would have it: its timer runs at once where the reset time is over. */
export function refreshSaved(now: number, breaker: Breaker, limits: BreakerLimits): Breaker {
  return msUntilHalfOpen(breaker, now, limits) > 0 ? breaker : toHalfOpen(breaker);
}

/** The reset timer of an open breaker has run: it becomes half-open. Every other one stays as it is. */
export function toHalfOpen(breaker: Breaker): Breaker {
  if (breaker.state !== 'open') return breaker;
  return {
    state: 'half-open',
    generation: breaker.generation + 1,
    failures: breaker.failures,
    onTrial: false,
  };
}

/** An administrator closes it. What runs now began before that: the new generation ignores how it ends. */
export function resetBreaker(breaker: Breaker): Breaker {
  if (breaker.state === 'closed' && breaker.failures === 0) return breaker;
  return { ...INITIAL_BREAKER, generation: breaker.generation + 1 };
}

/**
 * Ms until an open breaker may become half-open; 0 for every other state. Never more than the reset time: a wall clock
 * that was set back must not freeze a breaker.
 */
export function msUntilHalfOpen(breaker: Breaker, now: number, limits: BreakerLimits): number {
  if (breaker.state !== 'open') return 0;
  return Math.min(Math.max(breaker.openedAt + limits.resetTimeMs - now, 0), limits.resetTimeMs);
}
