import type { Observable } from 'rxjs';
import type { RestartError } from '../../domain/cycle/restart-target.js';
import type { UnitProperty, UnitState } from './unit-properties.js';

/**
 * What this service needs from systemd. Names of units are full names (`nginx.service`) in the alphabet of R14. All
 * functions throw a retryable RestartError if systemd cannot be reached or does not answer (R27).
 */
export interface SystemdClient {
  /** Reads properties of a unit by its name or an alias. A unit that does not exist has the `loadState` `not-found`. */
  show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>>;
  /** Emits the state of a unit now and after each change. Never completes; errors if systemd cannot be reached. */
  watch<K extends UnitProperty>(unit: string, properties: readonly K[]): Observable<Pick<UnitState, K>>;
  /** Lists the units in memory whose name matches a glob, e.g. `process-monitor-*.service`. */
  list(pattern: string): Promise<readonly ListedUnit[]>;

  /** Restarts a unit by its real name, not an alias, and waits for the end of the job (R17). */
  restart(unit: string, wait: JobWait): Promise<JobOutcome>;
  /** Stops a unit and waits for the end of the job. */
  stop(unit: string, wait: JobWait): Promise<JobOutcome>;
  /** Starts a unit without a file and waits for the end of the job. For a simple service that is when it was forked. */
  startTransient(unit: TransientUnit, wait: JobWait): Promise<JobOutcome>;

  /** Resets failure and start limit. Does nothing for a unit that has not failed or does not exist. */
  resetFailed(unit: string): Promise<void>;
  /** Sends a signal to every process of a unit. Does nothing for a unit without processes. */
  kill(unit: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Closes the connection. */
  close(): void;
}

/** The part that only reads. */
export type UnitReader = Pick<SystemdClient, 'show'>;

export interface ListedUnit {
  readonly id: string;
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
}

/** How long to wait for a job. systemd continues with it when we stop waiting. */
export interface JobWait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** How a job ended. */
export type JobOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly result: string; readonly reason: string }
  /** systemd refused to create the job. */
  | { readonly outcome: 'refused'; readonly error: RestartError }
  /** We stopped waiting and systemd still works on it: nothing else may touch the unit now. */
  | { readonly outcome: 'unfinished'; readonly reason: string }
  /** It ended, or never began, while systemd could not be reached. The state of the unit must be read. */
  | { readonly outcome: 'untold' };

/** A transient service unit for one program. */
export interface TransientUnit {
  readonly name: string;
  readonly description: string;
  /** The absolute path of the program and its arguments. Nothing in them is expanded. */
  readonly argv: readonly [string, ...string[]];
  /** The argv[0] of the program; systemd-run cannot set it. Default: its path. */
  readonly argv0?: string;
  /** Every user of the host may read these, so they must hold no secrets (R24). */
  readonly environment?: Readonly<Record<string, string>>;
  readonly properties: readonly TransientProperty[];
}

/** One setting: its name, type and value on the bus, and the same as a line of a unit file (or empty). */
export interface TransientProperty {
  readonly name: string;
  readonly signature: 's' | 'b' | 't' | 'u' | 'i' | 'as' | 'ay' | 'a(sb)' | '(bs)';
  readonly value: unknown;
  readonly assignment: string;
}
