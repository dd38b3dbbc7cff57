import { MonitorError } from '../errors.js';
import type { ProcessSettings } from './process-settings.js';

/** The thing to be restarted: the name has passed R14, the settings are merged. */
export interface RestartTarget {
  /** As in the database; for log lines only. */
  readonly processName: string;
  /** Unit or executable name; keeps the alphabet of R14. The only name that reaches a command. */
  readonly systemName: string;
  readonly settings: ProcessSettings;
  /** False: the name is only the database's word, and nothing is started for it that has not run (R25). */
  readonly hasSection: boolean;
}

/** One run of a unit (R30): systemd gives each a new InvocationID, and counts those that it began by itself. */
export interface UnitRun {
  readonly unit: string;
  readonly invocationId: string;
  readonly nRestarts: number;
}

/** The processes that were found after a restart (R30): a pid alone may have been given to another one meanwhile. */
export interface ProcessRun {
  readonly systemName: string;
  readonly processes: readonly { readonly pid: number; readonly startTime: number }[];
}

/** What is known of the run that a restart began (R30). */
export interface RunInfo {
  /** Absent: which run it is cannot be told. */
  readonly run?: UnitRun | ProcessRun;
  /** A unit that says itself when it is ready or done: there is nothing to wait for. */
  readonly isSelfReporting: boolean;
}

/** What a successful restart did. */
export interface RestartReport {
  readonly strategy: 'service' | 'process' | 'custom';
  /** The systemd unit that was restarted, for strategy `service`. */
  readonly unit?: string;
  /** The run of that unit which the restart began. */
  readonly run?: UnitRun;
  /** That unit says itself when it is ready or done. */
  readonly isSelfReporting?: boolean;
  /** One line for the log: what was done, e.g. `stopped pid 812, started pid 955`. */
  readonly detail: string;
}

/** A restart, a pre-restart command or a start command failed; the message is fit for log and notes. */
export class RestartError extends MonitorError {
  constructor(
    message: string,
    readonly retryable: boolean,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** The verdict of one health check. */
export type HealthVerdict =
  | { readonly healthy: true; readonly detail: string }
  | { readonly healthy: false; readonly reason: string };
