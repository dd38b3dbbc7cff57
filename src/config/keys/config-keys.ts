import * as z from 'zod';
import { RESTART_STRATEGIES } from '../../domain/cycle/process-settings.js';
import { oneOf, yesNo } from './enum-keys.js';
import { type KeyInfo, keyInfo } from './key-info.js';
import { METRICS_KEYS } from './metrics-keys.js';
import { NOTIFY_KEYS } from './notify-keys.js';
import { integer, seconds, serverId } from './number-keys.js';
import { command, list, optionalPath, optionalText, path, secret, systemName, text } from './text-keys.js';

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
/** The longest whole number of days that a timer of Node can wait: 2^31 - 1 ms are 24.8 days. */
const LONGEST_TIMER_S = 24 * DAY_S;

/** Every section and key that `config.ini` may hold, `process` standing for `[process.default]` and `[process.NAME]`. */
export const SECTIONS = {
  database: z.object({
    host: text({ default: 'localhost', why: 'Where the MySQL or MariaDB server is.' }),
    port: integer({ default: '3306', min: 1, max: 65_535, why: 'Its TCP port.' }),
    socket: optionalPath({ why: 'Unix socket of the server; used in place of host and port.' }),
    user: text({ required: true, why: 'Account of the service; its grants are in sql/grants.sql.' }),
    password: secret({ why: 'Password of that account; the file must then be mode 0600.' }),
    password_file: optionalPath({
      why: 'File that holds the password, in place of it; may begin with $CREDENTIALS_DIRECTORY.',
    }),
    database: text({
      default: 'v_process_monitor',
      why: 'Database with the tables PROCESE and STATUS_PROCESS.',
    }),
    ssl_mode: oneOf(['disabled', 'preferred', 'required', 'verify_identity'], {
      default: 'preferred',
      why: 'Encryption of the connection; only verify_identity proves who the server is.',
    }),
    ssl_ca: optionalPath({ why: "Certificates (PEM) that vouch for the server, where the system's do not." }),
  }),
  monitor: z.object({
    check_interval: seconds({
      default: '300',
      max: WEEK_S,
      why: 'The table is read for standing alarms this often, and failed cycles are tried again.',
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
      max: LONGEST_TIMER_S,
      why: 'An open circuit breaker lets one cycle try again after this time.',
    }),
    max_parallel_restarts: integer({
      default: '4',
      min: 1,
      max: 1000,
      why: 'Cycles that may run at once, over all processes.',
    }),
    acknowledge: oneOf(['clear', 'none'], {
      default: 'clear',
      why: 'clear: an answered alarm is cleared and noted in the row; none: the table is only read.',
    }),
    exclude: list({ why: 'Processes (names as in PROCESE, parted by commas) that are never handled.' }),
    host_id: optionalText({
      why: 'Handle only the rows with this host_id, where the table has that column.',
    }),
    shutdown_timeout: seconds({
      default: '30',
      min: 0,
      max: 3600,
      why: 'Running cycles may finish within this time when the service is stopped.',
    }),
    state_file: path({
      default: '/var/lib/monitor_service/state.json',
      why: 'Where circuit breakers and pauses survive a restart of the service.',
    }),
    control_socket: path({
      default: '/run/monitor_service/control.sock',
      why: 'Unix socket on which the commands of the administrator reach the running service.',
    }),
    history_file: path({
      default: '/var/lib/monitor_service/history.jsonl',
      why: 'Record of the cycles of the past, one a line, for monitor_service history.',
    }),
    history_size: integer({
      default: '5120',
      min: 64,
      max: 4_194_304,
      unit: 'KB',
      why: 'Size at which that file is put aside, as FILE.1 in place of the one before.',
    }),
  }),
  binlog: z.object({
    enabled: yesNo({ default: 'yes', why: 'See alarms within milliseconds; no: polling alone.' }),
    server_id: serverId({
      default: 'auto',
      why: 'Replica id; must differ from that of every other replica. auto derives one at start.',
    }),
    heartbeat: seconds({
      default: '5',
      max: 3600,
      why: 'The server shows this often that the stream is alive; a stream without them is dead and built anew.',
    }),
  }),
  logging: z.object({
    file: path({
      default: '/var/log/monitor_service/monitor_service.log',
      why: 'Log file; it is rotated by size.',
    }),
    level: oneOf(['DEBUG', 'INFO', 'WARNING', 'ERROR'], {
      default: 'INFO',
      aliases: { warn: 'WARNING' },
      why: 'The least important lines that are logged.',
    }),
    format: oneOf(['text', 'json'], { default: 'text', why: 'Lines for people or for log collectors.' }),
    max_log_size: integer({
      default: '5120',
      min: 1,
      max: 4_194_304,
      unit: 'KB',
      why: 'Size at which the log is rotated.',
    }),
    log_files_to_keep: integer({ default: '5', min: 1, max: 1000, why: 'Log files that are kept.' }),
  }),
  metrics: METRICS_KEYS,
  notify: NOTIFY_KEYS,
  process: z.object({
    restart_strategy: oneOf(RESTART_STRATEGIES, {
      default: 'auto',
      why: 'service: systemctl; process: stop and start it; auto: the first that fits; custom: restart_command.',
    }),
    system_name: systemName({
      why: 'Unit or executable where it differs from the name in PROCESE; only in [process.NAME].',
    }),
    pre_restart_command: command({
      why: 'Runs before the restart, e.g. a test of the configuration of the process.',
    }),
    restart_command: command({ why: 'Replaces the restart of any strategy.' }),
    start_command: command({
      why: 'Starts what strategy process stopped; without it, what was found running.',
    }),
    health_check_command: command({
      default: 'pgrep %s',
      builtIn: true,
      why: 'Exit code 0 is healthy; %s becomes the system name. Without it, a check that knows long names too.',
    }),
    health_check_timeout: seconds({
      default: '5',
      max: 3600,
      why: 'The check is repeated every second until it is healthy or this time is over.',
    }),
    restart_delay: seconds({
      default: '2',
      min: 0,
      max: 3600,
      why: 'Pause between two attempts of a cycle.',
    }),
    max_attempts: integer({ default: '2', min: 1, max: 100, why: 'Attempts of one cycle.' }),
    restart_timeout: seconds({
      default: '90',
      max: DAY_S,
      why: 'Deadline of a pre-restart, restart or start command.',
    }),
    stop_timeout: seconds({
      default: '10',
      max: 3600,
      why: 'Strategy process: time between SIGTERM and SIGKILL.',
    }),
  }),
} as const;

export type SectionKind = keyof typeof SECTIONS;

export interface ConfigKey extends KeyInfo {
  readonly section: SectionKind;
  readonly key: string;
  /** From the text in the file to the value in the Config; its issues are fit for a fault. */
  readonly schema: z.ZodType<unknown, string>;
}

/** The same as one flat table, in the order of the file: what config.ini and the documents are checked against. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  ...keysOf('database'),
  ...keysOf('monitor'),
  ...keysOf('binlog'),
  ...keysOf('logging'),
  ...keysOf('metrics'),
  ...keysOf('notify'),
  ...keysOf('process'),
];

function keysOf(section: SectionKind): ConfigKey[] {
  return Object.entries<z.ZodType<unknown, string>>(SECTIONS[section].shape).map(([key, schema]) => {
    const info = keyInfo.get(schema);
    if (info === undefined) throw new Error(`${section}.${key} is not described`);
    return { ...info, section, key, schema };
  });
}
