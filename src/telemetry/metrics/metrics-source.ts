import type { Breaker } from '../../domain/cycle/circuit-breaker.js';
import type { DatabaseServer } from '../../domain/database-server.js';

/** The present state of the service, read at each collection. */
export interface MetricsSource {
  /** Undefined if the binlog stream is disabled in the configuration. */
  readonly isStreaming: () => boolean | undefined;
  /** Age of the last binlog event when it arrived, ms; undefined while it is unknown. */
  readonly streamLagMs: () => number | undefined;
  /** The relay that the stream comes from; undefined without one, and while it is down. */
  readonly relay: () => string | undefined;
  /** The database server; undefined before one has answered. */
  readonly server: () => DatabaseServer | undefined;
  /** Undefined before the first reading. */
  readonly isTableReadable: () => boolean | undefined;
  /** How many alarms are raised. Undefined before the first reading. */
  readonly standingAlarms: () => number | undefined;
  /**
   * The raised alarms; only some of them if there are very many. `since` in ms since the epoch. Undefined before the
   * first reading.
   */
  readonly standing: () => readonly { readonly processName: string; readonly since: number }[] | undefined;
  readonly breakers: () => readonly { readonly processName: string; readonly breaker: Breaker }[];
  /** Processes that were verified healthy but whose alarm is not cleared yet. */
  readonly pendingClears: () => number;
  readonly cycles: () => {
    readonly running: number;
    readonly waiting: number;
    readonly waitingForOthers: number;
  };
  readonly pauses: () => number;
  /** Each maintenance of the configuration, and when it begins next, ms since the epoch. */
  readonly maintenance: () => readonly {
    readonly name: string;
    readonly isRunning: boolean;
    readonly nextAt?: number;
  }[];
}
