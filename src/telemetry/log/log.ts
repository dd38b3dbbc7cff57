import type { Writable } from 'node:stream';
import type { LoggingConfig } from '../../config/config.js';

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line. The subject is the process name, or `monitor_service` for the service itself. */
export type LogMethod = (subject: string, message: string, fields?: LogFields) => void;

/**
 * The log as everybody else sees it. A call writes exactly one line, whatever is in its arguments: control
 * characters are shown, long texts are cut, secrets are masked (R24). It never throws and never waits (R13).
 */
export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

export interface LogHandle extends Log {
  /** Closes the log file. Lines that come later go to stdout only. */
  close(): Promise<void>;
  /** SIGHUP: takes over level, format, file and sizes. No line is lost between the old file and the new one. */
  reconfigure(config: LoggingConfig): Promise<void>;
}

export interface LogOptions {
  /** Gets every line as well. It may break or stand still: the service goes on without it. */
  readonly stdout: Writable;
  /** Lines for the journal: `<N>` priority first, no time. */
  readonly underSystemd: boolean;
  /** Lines for a terminal: colours and a short time. */
  readonly colour: boolean;
  /** What must never appear in a line (R24). Asked for each line, so that a reload is seen at once. */
  readonly secrets: () => readonly string[];
  /** How long a log file that failed is left alone before it is tried again, in ms. Default 5000. */
  readonly reopenAfterMs?: number;
}
