/**
 * The circuit breaker of one process, as data (R9). Times are ms since the epoch, so that they survive a restart of
 * the service. `generation` grows with every change of state: a result that was permitted in an earlier generation
 * says nothing about the present one and is ignored.
 */
export type Circuit =
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

export interface CircuitLimits {
  /** Failed cycles in a row that open the breaker. */
  readonly maxFailures: number;
  readonly resetTimeMs: number;
}

/** Leave to run one cycle, bound to the generation in which it was given. */
export interface Permit {
  readonly generation: number;
}

export type Outcome = 'success' | 'failure' | 'abandoned';

export const CLOSED: Circuit = { state: 'closed', generation: 0, failures: 0 };

/**
 * Asks for leave to run one cycle. Open, or half-open with its one cycle running: no permit. The clock is not asked:
 * only the timer of an open breaker makes it half-open, so that a wall clock that jumps ahead opens no gate.
 */
export function requestPermit(circuit: Circuit): {
  readonly circuit: Circuit;
  readonly permit: Permit | undefined;
} {
  const permit = { generation: circuit.generation };
  if (circuit.state === 'closed') return { circuit, permit };
  if (circuit.state === 'open' || circuit.onTrial) return { circuit, permit: undefined };
  return { circuit: { ...circuit, onTrial: true }, permit };
}

/** Reports how a permitted cycle ended. `abandoned`: it ended without a verdict, as at shutdown. */
export function reportOutcome(
  circuit: Circuit,
  permit: Permit,
  outcome: Outcome,
  now: number,
  limits: CircuitLimits,
): Circuit {
  if (permit.generation !== circuit.generation || circuit.state === 'open') return circuit;
  const generation = circuit.generation + 1;
  if (outcome === 'abandoned')
    return circuit.state === 'half-open' ? { ...circuit, onTrial: false } : circuit;
  if (outcome === 'success')
    return circuit.state === 'closed' ? { ...circuit, failures: 0 } : { ...CLOSED, generation };
  const failures = circuit.failures + 1;
  if (circuit.state === 'closed' && failures < limits.maxFailures) return { ...circuit, failures };
  return { state: 'open', generation, failures, openedAt: now };
}

/** A saved breaker as a service that starts now would have it: its timer runs at once where the reset time is over. */
export function asOf(now: number, circuit: Circuit, limits: CircuitLimits): Circuit {
  return untilHalfOpen(circuit, now, limits) > 0 ? circuit : halfOpen(circuit);
}

/** The reset timer of an open breaker has run: it becomes half-open. Every other one stays as it is. */
export function halfOpen(circuit: Circuit): Circuit {
  if (circuit.state !== 'open') return circuit;
  return {
    state: 'half-open',
    generation: circuit.generation + 1,
    failures: circuit.failures,
    onTrial: false,
  };
}

/** An administrator closes it. What runs now began before that: the new generation ignores how it ends. */
export function resetCircuit(circuit: Circuit): Circuit {
  if (circuit.state === 'closed' && circuit.failures === 0) return circuit;
  return { ...CLOSED, generation: circuit.generation + 1 };
}

/**
 * Ms until an open breaker may become half-open; 0 for every other state. Never more than the reset time: a wall clock
 * that was set back must not freeze a breaker.
 */
export function untilHalfOpen(circuit: Circuit, now: number, limits: CircuitLimits): number {
  if (circuit.state !== 'open') return 0;
  return Math.min(Math.max(circuit.openedAt + limits.resetTimeMs - now, 0), limits.resetTimeMs);
}
