import type { Observable } from 'rxjs';
import type { RestartError } from '../../domain/cycle/restart-target.js';
import type { UnitProperty, UnitState } from './unit-properties.js';

/**
 * What this service asks of systemd. Names of units are full ones (`nginx.service`) and keep the alphabet of R14. All
 * functions throw RestartError, retryable, where systemd cannot be reached or does not answer (R27).
 */
export interface SystemdClient {
  /** Properties of a unit by its name or an alias; of an unknown one too (`loadState` is `not-found`). */
  show<K extends UnitProperty>(unit: string, properties: readonly K[]): Promise<Pick<UnitState, K>>;
  /** A unit's state now and after each change. It errors, and never completes. */
  watch<K extends UnitProperty>(unit: string, properties: readonly K[]): Observable<Pick<UnitState, K>>;
  /** Units in memory whose name matches a glob, e.g. `process-monitor-*.service`. */
  list(pattern: string): Promise<readonly ListedUnit[]>;

  /** Restarts a unit by its own name, no alias, and waits for the end of the job (R17). */
  restart(unit: string, wait: JobWait): Promise<JobOutcome>;
  /** Stops a unit and waits for the end of the job. */
  stop(unit: string, wait: JobWait): Promise<JobOutcome>;
  /** Starts a unit that has no file, and waits for the end of the job: of a simple service, until it was forked. */
  startTransient(unit: TransientUnit, wait: JobWait): Promise<JobOutcome>;

  /** Forgets failure and start limit. A unit that has not failed, or is not there, is none to be told of. */
  resetFailed(unit: string): Promise<void>;
  /** Sends every process of a unit a signal. A unit without any is none to be told of. */
  kill(unit: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Lets the connection go. */
  close(): void;
}

/** What only looks. */
export type UnitReader = Pick<SystemdClient, 'show'>;

export interface ListedUnit {
  readonly id: string;
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
}

/** How long a job is waited for. systemd goes on with it when we stop waiting. */
export interface JobWait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What became of a job of systemd. */
export type JobOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly result: string; readonly reason: string }
  /** systemd made no job of it. */
  | { readonly outcome: 'refused'; readonly error: RestartError }
  /** We stopped waiting, and systemd still works on it: nobody else may touch the unit now. */
  | { readonly outcome: 'unfinished'; readonly reason: string }
  /** It ended, or never began, while systemd could not be reached: the state of the unit has to tell. */
  | { readonly outcome: 'untold' };

/** A service unit of its own for one program. */
export interface TransientUnit {
  readonly name: string;
  readonly description: string;
  /** The program, by its absolute path, and its arguments. Nothing in them is replaced. */
  readonly argv: readonly [string, ...string[]];
  /** What the program is told as its own name; systemd-run cannot do it. Default: its path. */
  readonly argv0?: string;
  /** Every user of the host may read it: no secrets (R24). */
  readonly environment?: Readonly<Record<string, string>>;
  readonly properties: readonly TransientProperty[];
}

/** One setting: its name on the bus, its type there, its value, and the same as a line of a unit file (or nothing). */
export interface TransientProperty {
  readonly name: string;
  readonly signature: 's' | 'b' | 't' | 'u' | 'i' | 'as' | 'ay' | 'a(sb)';
  readonly value: unknown;
  readonly assignment: string;
}
