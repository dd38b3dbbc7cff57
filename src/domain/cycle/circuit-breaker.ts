import { formatDuration } from '../duration.js';

/**
 * The circuit breaker of one process, as data (R9, R34). Times are ms since the epoch, so that they survive a restart of
 * the service. `generation` grows with every change of state: a result that was permitted in an earlier generation
 * says nothing about the present one and is ignored. `openings` counts how often it has opened without a quiet
 * `restart_window` in between.
 */
export type Breaker =
  | {
      readonly state: 'closed';
      readonly generation: number;
      readonly failures: number;
      /** Absent: it has not opened, or a quiet `restart_window` has passed since. */
      readonly relapse?: Relapse;
    }
  | {
      readonly state: 'open';
      readonly generation: number;
      readonly failures: number;
      readonly openings: number;
      readonly openedAt: number;
      /** Present if too many restarts opened it, and not failed cycles. */
      readonly flapping?: Flapping;
    }
  | {
      readonly state: 'half-open';
      readonly generation: number;
      readonly failures: number;
      readonly openings: number;
      /** Whether the one cycle that may run is running. */
      readonly onTrial: boolean;
    };

/** What a closed breaker remembers of its openings. */
interface Relapse {
  readonly openings: number;
  /** When it was closed, or when a cycle was permitted after that. */
  readonly at: number;
}

/** How many restarts began within how many ms. */
export interface Flapping {
  readonly restarts: number;
  readonly withinMs: number;
}

export interface BreakerLimits {
  /** Failed cycles in a row that open the breaker. */
  readonly maxFailures: number;
  readonly resetTimeMs: number;
  /**
   * Upper limit of the reset time, which grows with each opening in a row. If it is below `resetTimeMs`, `resetTimeMs`
   * is the limit.
   */
  readonly resetMaxMs: number;
  /** Restarts within `restartWindowMs` that open the breaker at the next alarm; 0: any number is allowed. */
  readonly maxRestarts: number;
  readonly restartWindowMs: number;
}

/** Permission to run one cycle, bound to the generation in which it was given. */
export interface Permit {
  readonly generation: number;
}

/** Whose breaker it is, and whose restarts count: rows of one system name share them (R34). */
export interface GuardedProcess {
  readonly processId: number;
  /** As `normalizeUnitName` writes it. */
  readonly systemName: string;
}

export type CycleOutcome = 'success' | 'failure' | 'abandoned';

export const INITIAL_BREAKER: Breaker = { state: 'closed', generation: 0, failures: 0 };

/**
 * Requests permission to run one cycle. Denied if the breaker is open, or half-open while its one cycle runs; denied
 * too if the process flaps: the breaker opens then. `restarts`: when the restarts of its system name that count began
 * (R34). Only the timer of an open breaker makes it half-open, so a wall clock that jumps ahead changes nothing.
 */
export function requestPermit(
  breaker: Breaker,
  now: number,
  limits: BreakerLimits,
  restarts: readonly number[] = [],
): { readonly breaker: Breaker; readonly permit: Permit | undefined } {
  const permit = { generation: breaker.generation };
  if (breaker.state === 'open' || (breaker.state === 'half-open' && breaker.onTrial))
    return { breaker, permit: undefined };
  if (breaker.state === 'half-open') return { breaker: { ...breaker, onTrial: true }, permit };
  const refreshed = refreshRelapse(breaker, now, limits);
  const flapping = findFlapping(restarts, now, limits);
  if (!flapping) return { breaker: refreshed, permit };
  return { breaker: { ...toOpen(refreshed, now), flapping }, permit: undefined };
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
  if (outcome === 'abandoned')
    return breaker.state === 'half-open' ? { ...breaker, onTrial: false } : breaker;
  const generation = breaker.generation + 1;
  if (outcome === 'success') {
    if (breaker.state === 'closed') return { ...breaker, failures: 0 };
    return { state: 'closed', generation, failures: 0, relapse: { openings: breaker.openings, at: now } };
  }
  const failures = breaker.failures + 1;
  if (breaker.state === 'closed' && failures < limits.maxFailures) return { ...breaker, failures };
  return toOpen({ ...breaker, failures }, now);
}

/** Brings a saved breaker up to date when the service starts: if its reset time is over, it becomes half-open. */
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
    openings: breaker.openings,
    onTrial: false,
  };
}

/**
 * An administrator closes the breaker; its openings are forgotten. Because of the new generation, the result of a cycle
 * that is running now is ignored.
 */
export function resetBreaker(breaker: Breaker): Breaker {
  if (breaker.state === 'closed' && breaker.failures === 0 && !breaker.relapse) return breaker;
  return { ...INITIAL_BREAKER, generation: breaker.generation + 1 };
}

/**
 * Ms until an open breaker may become half-open; 0 for every other state. Never more than its reset time: a wall clock
 * that was set back must not keep a breaker open.
 */
export function msUntilHalfOpen(breaker: Breaker, now: number, limits: BreakerLimits): number {
  if (breaker.state !== 'open') return 0;
  const resetTimeMs = resetTimeOf(breaker.openings, limits);
  return Math.min(Math.max(breaker.openedAt + resetTimeMs - now, 0), resetTimeMs);
}

/** Why an open breaker is open, as a phrase: `after 3 failed cycles`, `flapping: 10 restarts in 3 min`. */
export function describeOpening(failures: number, flapping: Flapping | undefined): string {
  if (flapping)
    return `flapping: ${flapping.restarts} restart${flapping.restarts === 1 ? '' : 's'} in ${formatDuration(flapping.withinMs)}`;
  return `after ${failures} failed cycle${failures === 1 ? '' : 's'}`;
}

/** The restarts that count at `now`: within `restart_window`, and not in the future (the clock may have been set back). */
export function withinWindow(
  restarts: readonly number[],
  now: number,
  { restartWindowMs }: BreakerLimits,
): readonly number[] {
  return restarts.filter((at) => at > now - restartWindowMs && at <= now);
}

function findFlapping(restarts: readonly number[], now: number, limits: BreakerLimits): Flapping | undefined {
  const recent = withinWindow(restarts, now, limits);
  const first = recent[0];
  if (limits.maxRestarts === 0 || first === undefined || recent.length < limits.maxRestarts) return undefined;
  return { restarts: recent.length, withinMs: now - first };
}

type ClosedBreaker = Extract<Breaker, { state: 'closed' }>;

/** A cycle begins now: the first `restart_window` without one forgets the openings before it. */
function refreshRelapse(
  breaker: ClosedBreaker,
  now: number,
  { restartWindowMs }: BreakerLimits,
): ClosedBreaker {
  const { relapse, ...healthy } = breaker;
  if (!relapse) return breaker;
  return now - relapse.at >= restartWindowMs ? healthy : { ...healthy, relapse: { ...relapse, at: now } };
}

function toOpen(
  breaker: Exclude<Breaker, { state: 'open' }>,
  now: number,
): Extract<Breaker, { state: 'open' }> {
  const before = breaker.state === 'closed' ? (breaker.relapse?.openings ?? 0) : breaker.openings;
  return {
    state: 'open',
    generation: breaker.generation + 1,
    failures: breaker.failures,
    openings: before + 1,
    openedAt: now,
  };
}

/** Grows by half with each opening in a row. */
function resetTimeOf(openings: number, { resetTimeMs, resetMaxMs }: BreakerLimits): number {
  const grown = resetTimeMs * 1.5 ** Math.min(openings - 1, 100);
  return Math.round(Math.min(grown, Math.max(resetTimeMs, resetMaxMs)));
}
