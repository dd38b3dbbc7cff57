import type { Maintenance } from '../domain/cycle/maintenance.js';
import type { ProcessSettings } from '../domain/cycle/process-settings.js';
import type { BinlogConfig } from './keys/binlog.js';
import type { DatabaseConfig } from './keys/database.js';
import type { LoggingConfig } from './keys/logging.js';
import type { MetricsConfig } from './keys/metrics.js';
import type { MonitorConfig } from './keys/monitor.js';
import type { NotifyConfig } from './keys/notify.js';
import type { WebConfig } from './keys/web.js';
import type { ConfigIssue } from './reading/config-error.js';

/** The validated, frozen configuration. Times are milliseconds, whatever unit the file uses. */
export interface Config {
  /** Absolute path of the configuration file. */
  readonly file: string;
  readonly database: DatabaseConfig;
  readonly monitor: MonitorConfig;
  readonly binlog: BinlogConfig;
  readonly logging: LoggingConfig;
  readonly metrics: MetricsConfig;
  readonly web: WebConfig;
  readonly notify: NotifyConfig;
  /** In the order of the file. */
  readonly maintenance: readonly Maintenance[];
  readonly processes: ProcessesConfig;
  /** The faults of the file that make only their own section unusable. */
  readonly issues: readonly ConfigIssue[];
}

/** Each section's type follows from its file in `keys/`, which holds its keys, their defaults and its builder. */
export type {
  BinlogConfig,
  DatabaseConfig,
  LoggingConfig,
  MetricsConfig,
  MonitorConfig,
  NotifyConfig,
  WebConfig,
};

export interface ProcessesConfig {
  readonly defaults: ProcessSettings;
  /** Keyed by the NAME of `[process.NAME]`, already merged with the defaults. */
  readonly byName: ReadonlyMap<string, ProcessSettings>;
  /** Why the processes of a section are refused, by NAME; `default`: those without a section. */
  readonly unusable: ReadonlyMap<string, string>;
}
