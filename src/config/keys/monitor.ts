import { hostname } from 'node:os';
import { resolve } from 'node:path';
import * as z from 'zod';
import { oneOf, yesNo } from './enum-keys.js';
import { DAY_S, integer, seconds, WEEK_S } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { list, optionalText, path } from './text-keys.js';

/** The longest whole number of days that a timer of Node can wait: 2^31 - 1 ms are 24.8 days. */
const MAX_TIMER_S = 24 * DAY_S;

export const MONITOR_KEYS = z.object({
  check_interval: seconds({
    default: '300',
    max: WEEK_S,
    why: 'How often the table is read for raised alarms, and failed cycles are tried again.',
  }),
  fallback_interval: seconds({
    default: '5',
    max: WEEK_S,
    why: 'How often the table is read while the binlog stream is down or disabled. Failed cycles wait for check_interval.',
  }),
  max_restart_failures: integer({
    default: '3',
    min: 1,
    max: 1000,
    why: 'Failed cycles in a row that open the circuit breaker of a process.',
  }),
  circuit_reset_time: seconds({
    default: '1800',
    max: MAX_TIMER_S,
    why: 'After this time an open circuit breaker lets one cycle try again.',
  }),
  circuit_reset_max: seconds({
    default: '14400',
    max: MAX_TIMER_S,
    why: 'Each further opening makes circuit_reset_time half as long again, up to this time. After a restart_window without a restart it starts from circuit_reset_time again. Never shorter than circuit_reset_time.',
  }),
  max_restarts: integer({
    default: '10',
    min: 0,
    max: 1000,
    why: 'This many restarts of a process within restart_window, successful or not, open its circuit breaker at the next alarm; 0 allows any number.',
  }),
  restart_window: seconds({
    default: '600',
    max: WEEK_S,
    why: 'The time in which restarts are counted for max_restarts.',
  }),
  max_parallel_restarts: integer({
    default: '4',
    min: 1,
    max: 1000,
    why: 'How many restarts, commands and health checks may run at once, over all processes.',
  }),
  acknowledge: oneOf(['clear', 'none'], {
    default: 'clear',
    why: 'clear: when a process is healthy again, its alarm is cleared and a note written; none: the table is only read.',
  }),
  exclude: list({
    why: 'Processes that are never restarted: names in PROCESE, or of units or programs, separated by commas.',
  }),
  only_listed: yesNo({
    default: 'no',
    why: 'yes: only processes with a section [process.NAME] are restarted, all others are refused. no: for the others, only a unit or program that runs or has run is restarted.',
  }),
  host_id: optionalText({
    why: 'Where several hosts share the tables (sql/fleet.sql): only rows with this host_id are handled. auto: the name of this host; *: the rows of every host.',
  }),
  shutdown_timeout: seconds({
    default: '30',
    min: 0,
    max: 3600,
    why: 'When the service is stopped, running cycles may take this long to finish.',
  }),
  state_file: path({
    default: '/var/lib/monitor_service/state.json',
    why: 'Keeps circuit breakers and pauses over a restart of the service.',
  }),
  control_socket: path({
    default: '/run/monitor_service/control.sock',
    why: 'Unix socket for root only. The commands status, pause, restart and so on reach the service through it.',
  }),
  history_file: path({
    default: '/var/lib/monitor_service/history.jsonl',
    why: 'Past cycles, one a line, for monitor_service history; /dev/null keeps none.',
  }),
  history_size: integer({
    default: '5120',
    min: 64,
    max: 4_194_304,
    unit: 'KB',
    why: 'Size in KB at which that file is renamed to history.jsonl.1, replacing the one before (5 MB).',
  }),
});

export type MonitorConfig = ReturnType<typeof buildMonitor>;

export function buildMonitor(keys: z.output<typeof MONITOR_KEYS>, folder: string) {
  return omitAbsent({
    checkIntervalMs: keys.check_interval,
    fallbackIntervalMs: keys.fallback_interval,
    maxRestartFailures: keys.max_restart_failures,
    circuitResetTimeMs: keys.circuit_reset_time,
    circuitResetMaxMs: keys.circuit_reset_max,
    maxRestarts: keys.max_restarts,
    restartWindowMs: keys.restart_window,
    maxParallelRestarts: keys.max_parallel_restarts,
    /** `none`: the service only reads the table. */
    acknowledge: keys.acknowledge,
    /** Process names (as in the database) that are never handled. */
    exclude: keys.exclude,
    /** Whether a process without its own section is refused (R25). */
    onlyListed: keys.only_listed,
    /** Only rows with this host_id; absent: none is set, or it is `*`. */
    hostId: keys.host_id === 'auto' ? hostname() : keys.host_id === '*' ? undefined : keys.host_id,
    /** `host_id = *`: the rows of every host, on purpose. */
    isEveryHost: keys.host_id === '*',
    shutdownTimeoutMs: keys.shutdown_timeout,
    stateFile: resolve(folder, keys.state_file),
    /** Absolute path, short enough for a Unix socket. */
    controlSocket: resolve(folder, keys.control_socket),
    historyFile: resolve(folder, keys.history_file),
    historySizeKb: keys.history_size,
  });
}
