import { MonitorError } from '../errors.js';
import type { ProcessSettings } from './process-settings.js';

/** The thing to be restarted: the name has passed R14, the settings are merged. */
export interface RestartTarget {
  /** The name in the database; only for log lines. */
  readonly processName: string;
  /** Name of the unit or executable, in the alphabet of R14. The only name that reaches a command. */
  readonly systemName: string;
  readonly settings: ProcessSettings;
  /** Whether the name has its own section. If not, nothing is started for it that has not run before (R25). */
  readonly hasSection: boolean;
  /** Names that are never restarted: a unit may have one of them as another name. Absent: none. */
  readonly exclude?: readonly string[];
}

/**
 * One run of a unit (R30). systemd gives each run a new InvocationID and counts the restarts that it makes by itself.
 */
export interface UnitRun {
  readonly unit: string;
  readonly invocationId: string;
  readonly nRestarts: number;
}

/**
 * The processes that were found after a restart (R30), with their start times: a pid alone may belong to another
 * process by now.
 */
export interface ProcessRun {
  readonly target: RestartTarget;
  readonly processes: readonly { readonly pid: number; readonly startTime: number }[];
}

/** What is known of the run that a restart began (R30). */
export interface RunInfo {
  /** Absent if it is not known which run it is. */
  readonly run?: UnitRun | ProcessRun;
  /** Whether the unit itself reports when it is ready or done, so that there is nothing to wait for. */
  readonly isSelfReporting: boolean;
}

/** What a successful restart did. */
export interface RestartReport {
  readonly strategy: 'service' | 'process' | 'custom';
  /** The systemd unit that was restarted, for strategy `service`. */
  readonly unit?: string;
  /** The run of that unit which the restart began. */
  readonly run?: UnitRun;
  /** Whether that unit itself reports when it is ready or done. */
  readonly isSelfReporting?: boolean;
  /**
   * If that unit was up at the end of the restart: its state for people, and when that was, in ms of the monotonic
   * clock.
   */
  readonly seen?: { readonly state: string; readonly at: number };
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

/** A question about the host that has no answer now (R27): it may have one later. */
export class CannotTellError extends RestartError {
  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, true, options);
  }
}

/** The verdict of one health check. */
export type HealthVerdict =
  | { readonly healthy: true; readonly detail: string }
  | {
      readonly healthy: false;
      readonly reason: string;
      /** The check could not tell (R27): no reason to restart anything. */
      readonly isUnknown?: true;
    };
