import type { Writable } from 'node:stream';
import type { LoggingConfig } from '../../config/config.js';

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line. The subject is the process name, or `monitor_service` for the service itself. */
export type LogMethod = (subject: string, message: string, fields?: LogFields) => void;

/**
 * The log for all other parts. A call writes exactly one line, whatever its arguments are: control characters are made
 * visible, long texts are cut, secrets are masked (R24). It never throws and never waits (R13).
 */
export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

export interface LogHandle extends Log {
  /** Closes the log file. Later lines go to stdout only. */
  close(): Promise<void>;
  /** SIGHUP: applies level, format, file and sizes. No line is lost between the old file and the new one. */
  reconfigure(config: LoggingConfig): Promise<void>;
}

export interface LogOptions {
  /** Also gets every line. It may fail or block: the service goes on without it. */
  readonly stdout: Writable;
  /** Lines for the journal: priority `<N>` first, no time. */
  readonly underSystemd: boolean;
  /** Lines for a terminal: colours and a short time. */
  readonly colour: boolean;
  /** Texts that must never appear in a line (R24). Read for each line, so that a reload takes effect at once. */
  readonly secrets: () => readonly string[];
  /** How long to wait before a failed log file is tried again, ms. Default 5000. */
  readonly reopenAfterMs?: number;
}
