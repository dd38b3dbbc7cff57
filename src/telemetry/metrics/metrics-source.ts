import type { Breaker } from '../../domain/cycle/circuit-breaker.js';

/** What the service knows when somebody reads the metrics; asked for then, and counted by nobody. */
export interface MetricsSource {
  /** Undefined where the binlog is off in the configuration. */
  readonly isStreaming: () => boolean | undefined;
  /** How old the last event of the binlog was when it came, ms; undefined while nothing is known of it. */
  readonly streamLagMs: () => number | undefined;
  /** Undefined before the first reading. */
  readonly isTableReadable: () => boolean | undefined;
  /** The standing alarms, ms since the epoch; undefined before the first reading. */
  readonly standing: () => readonly { readonly processName: string; readonly since: number }[] | undefined;
  readonly breakers: () => readonly { readonly processName: string; readonly breaker: Breaker }[];
  /** Processes that were verified healthy and whose alarm is not cleared yet. */
  readonly pendingClears: () => number;
  readonly cycles: () => { readonly running: number; readonly waiting: number };
  readonly pauses: () => number;
}
