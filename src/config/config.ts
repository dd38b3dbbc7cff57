import type { ProcessSettings } from '../domain/cycle/process-settings.js';
import type { NotificationEvent } from '../domain/notification/notification.js';

/** The validated, frozen configuration. Times are milliseconds, whatever unit the file uses. */
export interface Config {
  /** Absolute path of the file it was read from. */
  readonly file: string;
  readonly database: DatabaseConfig;
  readonly monitor: MonitorConfig;
  readonly binlog: BinlogConfig;
  readonly logging: LoggingConfig;
  readonly metrics: MetricsConfig;
  readonly notify: NotifyConfig;
  readonly processes: ProcessesConfig;
}

export interface DatabaseConfig {
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly user: string;
  /** From `password` or read from `password_file`; empty for none. Never logged (R24). */
  readonly password: string;
  /** Where the password was read from, if not from the configuration file itself. */
  readonly passwordFile?: string;
  readonly database: string;
  readonly sslMode: 'disabled' | 'preferred' | 'required' | 'verify_identity';
  readonly sslCa?: string;
}

export interface MonitorConfig {
  readonly checkIntervalMs: number;
  readonly fallbackIntervalMs: number;
  readonly maxRestartFailures: number;
  readonly circuitResetTimeMs: number;
  readonly maxParallelRestarts: number;
  /** `none`: the service only reads the table. */
  readonly acknowledge: 'clear' | 'none';
  /** Process names (as in the database) that are never handled. */
  readonly exclude: readonly string[];
  /** Only rows with this host_id, where the column exists. */
  readonly hostId?: string;
  readonly shutdownTimeoutMs: number;
  readonly stateFile: string;
  /** Absolute path, short enough for a Unix socket. */
  readonly controlSocket: string;
  readonly historyFile: string;
  readonly historySizeKb: number;
}

export interface BinlogConfig {
  readonly enabled: boolean;
  /** `auto`: derived at start so that two installations do not clash. */
  readonly serverId: number | 'auto';
  readonly heartbeatMs: number;
}

export interface LoggingConfig {
  readonly file: string;
  readonly level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
  readonly format: 'text' | 'json';
  readonly maxLogSizeKb: number;
  readonly logFilesToKeep: number;
}

export interface MetricsConfig {
  /** Where they are read over HTTP; absent: nowhere but on the control socket. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Absolute path that ends in .prom. */
  readonly textfile?: string;
  readonly textfileIntervalMs: number;
}

export interface NotifyConfig {
  readonly command?: string;
  /** May hold a token. Never logged (R24). */
  readonly webhook?: string;
  readonly events: readonly NotificationEvent[];
  readonly timeoutMs: number;
  readonly repeatAfterMs: number;
  readonly maxPerMinute: number;
}

export interface ProcessesConfig {
  readonly defaults: ProcessSettings;
  /** Keyed by the NAME of `[process.NAME]`, already merged with the defaults. */
  readonly byName: ReadonlyMap<string, ProcessSettings>;
}
