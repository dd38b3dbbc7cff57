import { dirname, resolve } from 'node:path';
import type { ProcessSettings } from '../domain/cycle/process-settings.js';
import { isDefault } from './checking/check-process-sections.js';
import { type Section, textsOf } from './checking/check-sections.js';
import type { DatabasePassword } from './checking/read-password.js';
import type {
  Config,
  DatabaseConfig,
  LoggingConfig,
  MetricsConfig,
  MonitorConfig,
  NotifyConfig,
} from './config.js';
import { CONFIG_KEYS, SECTIONS, type SectionKind } from './keys/config-keys.js';

/**
 * The Config of sections without a fault. A key absent in `[process.NAME]` comes from `[process.default]`, then from
 * the built-in default; the merge is done on the text, before anything is read from it.
 * Relative paths count from the folder of the file.
 */
export function buildConfig(file: string, sections: readonly Section[], secret: DatabasePassword): Config {
  const folder = dirname(file);
  const defaults = textsOf(sections.find(isDefault));
  const named = sections.flatMap((section) =>
    section.processName === undefined || isDefault(section)
      ? []
      : [[section.processName, buildProcess({ ...defaults, ...textsOf(section) })] as const],
  );
  const { enabled, server_id, heartbeat } = SECTIONS.binlog.parse(withDefaults('binlog', sections));
  return {
    file,
    database: buildDatabase(withDefaults('database', sections), folder, secret),
    monitor: buildMonitor(withDefaults('monitor', sections), folder),
    binlog: { enabled, serverId: server_id, heartbeatMs: heartbeat },
    logging: buildLogging(withDefaults('logging', sections), folder),
    metrics: buildMetrics(withDefaults('metrics', sections), folder),
    notify: buildNotify(withDefaults('notify', sections)),
    processes: { defaults: buildProcess(defaults), byName: new Map(named) },
  };
}

type Texts = Readonly<Record<string, string>>;

function withDefaults(kind: SectionKind, sections: readonly Section[]): Texts {
  return { ...defaultsOf(kind), ...textsOf(sections.find((section) => section.kind === kind)) };
}

/** Empty is none; so is a built-in default, which is more than its text (R21). */
function defaultsOf(kind: SectionKind): Texts {
  return Object.fromEntries(
    CONFIG_KEYS.filter(({ section }) => section === kind).map((configKey) => [
      configKey.key,
      configKey.builtIn ? '' : (configKey.default ?? ''),
    ]),
  );
}

function buildDatabase(texts: Texts, folder: string, secret: DatabasePassword): DatabaseConfig {
  const { host, port, socket, user, database, ssl_mode, ssl_ca } = SECTIONS.database.parse(texts);
  return {
    host,
    port,
    user,
    ...secret,
    database,
    sslMode: ssl_mode,
    ...(socket === undefined ? {} : { socket: resolve(folder, socket) }),
    ...(ssl_ca === undefined ? {} : { sslCa: resolve(folder, ssl_ca) }),
  };
}

function buildMonitor(texts: Texts, folder: string): MonitorConfig {
  const monitor = SECTIONS.monitor.parse(texts);
  return {
    checkIntervalMs: monitor.check_interval,
    fallbackIntervalMs: monitor.fallback_interval,
    maxRestartFailures: monitor.max_restart_failures,
    circuitResetTimeMs: monitor.circuit_reset_time,
    maxParallelRestarts: monitor.max_parallel_restarts,
    acknowledge: monitor.acknowledge,
    exclude: monitor.exclude,
    shutdownTimeoutMs: monitor.shutdown_timeout,
    stateFile: resolve(folder, monitor.state_file),
    controlSocket: resolve(folder, monitor.control_socket),
    historyFile: resolve(folder, monitor.history_file),
    historySizeKb: monitor.history_size,
    ...(monitor.host_id === undefined ? {} : { hostId: monitor.host_id }),
  };
}

function buildLogging(texts: Texts, folder: string): LoggingConfig {
  const { file, level, format, max_log_size, log_files_to_keep } = SECTIONS.logging.parse(texts);
  return {
    file: resolve(folder, file),
    level,
    format,
    maxLogSizeKb: max_log_size,
    logFilesToKeep: log_files_to_keep,
  };
}

function buildMetrics(texts: Texts, folder: string): MetricsConfig {
  const { listen, textfile, textfile_interval } = SECTIONS.metrics.parse(texts);
  return {
    textfileIntervalMs: textfile_interval,
    ...(listen === undefined ? {} : { listen }),
    ...(textfile === undefined ? {} : { textfile: resolve(folder, textfile) }),
  };
}

function buildNotify(texts: Texts): NotifyConfig {
  const { command, webhook, events, timeout, repeat_after, max_per_minute } = SECTIONS.notify.parse(texts);
  return {
    events,
    timeoutMs: timeout,
    repeatAfterMs: repeat_after,
    maxPerMinute: max_per_minute,
    ...(command === undefined ? {} : { command }),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

function buildProcess(texts: Texts): ProcessSettings {
  const process = SECTIONS.process.parse({ ...defaultsOf('process'), ...texts });
  const { system_name, pre_restart_command, restart_command, start_command, health_check_command } = process;
  return {
    restartStrategy: process.restart_strategy,
    healthCheckTimeoutMs: process.health_check_timeout,
    restartDelayMs: process.restart_delay,
    maxAttempts: process.max_attempts,
    restartTimeoutMs: process.restart_timeout,
    stopTimeoutMs: process.stop_timeout,
    ...(system_name === undefined ? {} : { systemName: system_name }),
    ...(pre_restart_command === undefined ? {} : { preRestartCommand: pre_restart_command }),
    ...(restart_command === undefined ? {} : { restartCommand: restart_command }),
    ...(start_command === undefined ? {} : { startCommand: start_command }),
    ...(health_check_command === undefined ? {} : { healthCheckCommand: health_check_command }),
  };
}
