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

/** Permission to run one cycle, bound to the generation in which it was given. */
export interface Permit {
  readonly generation: number;
}

export type CycleOutcome = 'success' | 'failure' | 'abandoned';

export const INITIAL_BREAKER: Breaker = { state: 'closed', generation: 0, failures: 0 };

/**
 * Requests permission to run one cycle. Denied while open, or half-open with its one cycle running. Does not look at
 * the clock: only the timer of an open breaker makes it half-open, so a wall clock that jumps ahead changes nothing.
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

/** A saved breaker as a service that starts now must have it. If the reset time is over, its timer fires at once. */
export function refreshSaved(now: number, breaker: Breaker, limits: BreakerLimits): Breaker {
  return msUntilHalfOpen(breaker, now, limits) > 0 ? breaker : toHalfOpen(breaker);
}

/** The reset timer of an open breaker has fired: it becomes half-open. Any other breaker stays as it is. */
export function toHalfOpen(breaker: Breaker): Breaker {
  if (breaker.state !== 'open') return breaker;
  return {
    state: 'half-open',
    generation: breaker.generation + 1,
    failures: breaker.failures,
    onTrial: false,
  };
}

/** An administrator closes it. The new generation ignores the result of a cycle that is running now. */
export function resetBreaker(breaker: Breaker): Breaker {
  if (breaker.state === 'closed' && breaker.failures === 0) return breaker;
  return { ...INITIAL_BREAKER, generation: breaker.generation + 1 };
}

/**
 * Ms until an open breaker may become half-open; 0 for every other state. Never more than the reset time: a wall clock
 * that was set back must not keep a breaker open.
 */
export function msUntilHalfOpen(breaker: Breaker, now: number, limits: BreakerLimits): number {
  if (breaker.state !== 'open') return 0;
  return Math.min(Math.max(breaker.openedAt + limits.resetTimeMs - now, 0), limits.resetTimeMs);
}
