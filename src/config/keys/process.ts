import * as z from 'zod';
import { type ProcessSettings, RESTART_STRATEGIES } from '../../domain/cycle/process-settings.js';
import { optionalHealthUrl, optionalPortOrAddress } from './address-keys.js';
import { oneOf } from './enum-keys.js';
import { DAY_S, integer, optionalInteger, optionalSeconds, seconds } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { command, optionalText, processNames, systemName } from './text-keys.js';

/** `[process.default]` and `[process.NAME]`. */
export const PROCESS_KEYS = z.object({
  restart_strategy: oneOf(RESTART_STRATEGIES, {
    default: 'auto',
    why: 'service: systemctl restart; process: stop and start the process; auto: whichever fits; custom: restart_command.',
  }),
  system_name: systemName({
    why: 'Name of the unit or program, if it differs from the name in PROCESE. Only in [process.NAME].',
  }),
  process_user: optionalText({
    why: 'User that the process runs as, by name or number. A program of the same name but another user does not count.',
  }),
  pre_restart_command: command({
    why: 'Runs before the restart, for example to test the configuration of the process. Commands run in /bin/sh, and %s in them is replaced by the system name.',
  }),
  restart_command: command({ why: 'Replaces the restart of any strategy.' }),
  start_command: command({
    why: 'Strategy process starts the process with it after the stop. Without it, the process is started as it ran when it was last seen; a process that was never seen needs it. %s alone starts the first program of that name on PATH.',
  }),
  health_check_command: command({
    default: 'pgrep %s',
    builtIn: true,
    why: 'Exit code 0 means healthy. Without this key a built-in check does the same, and also finds names with more than 15 characters, which pgrep never does.',
  }),
  health_check_url: optionalHealthUrl({
    why: 'A web server must answer with a status from 200 to 399. Redirects are not followed. This replaces the built-in check. If health_check_command or health_check_port is set too, all of them must succeed.',
  }),
  health_check_status: optionalInteger({
    min: 100,
    max: 599,
    why: 'The one status that health_check_url must have.',
  }),
  health_check_port: optionalPortOrAddress({
    why: 'A TCP port of this host, or HOST:PORT, that must accept a connection; like health_check_url.',
  }),
  health_check_timeout: seconds({
    default: '5',
    max: 3600,
    why: 'The check is repeated every second until it succeeds or this time is over.',
  }),
  stable_for: optionalSeconds({
    default: '0.5',
    min: 0,
    max: 3600,
    why: 'A restart is a success only if the process then runs this long without ending. If this is longer than 1 s, its health is checked again at the end. Without this key: 0 for units that themselves report when they are ready or done (Type=notify, notify-reload, dbus, forking or oneshot), 0.5 for everything else.',
  }),
  restart_delay: seconds({
    default: '2',
    min: 0,
    max: 3600,
    why: 'Pause between two attempts of a cycle.',
  }),
  restart_delay_max: optionalSeconds({
    default: '2',
    min: 0,
    max: 3600,
    why: 'If a cycle has more than two attempts, the pause doubles with each failed one up to this time, less a random part. Without this key it stays the same.',
  }),
  max_attempts: integer({ default: '2', min: 1, max: 100, why: 'How many attempts one cycle has.' }),
  restart_timeout: seconds({
    default: '90',
    max: DAY_S,
    why: 'A pre-restart, restart or start command that takes longer is killed; a unit that takes longer is waited for by the next attempt.',
  }),
  stop_timeout: seconds({
    default: '10',
    max: 3600,
    why: 'Strategy process: time from SIGTERM to SIGKILL.',
  }),
  escalation_command: command({
    why: 'Runs once each time the circuit breaker of the process opens, by failures or by flapping, with the variables and the JSON of the [notify] command and the deadline restart_timeout.',
  }),
  max_instances: integer({
    default: '20',
    min: 1,
    max: 1000,
    why: 'If more processes of the name run than this, none is stopped: they may be programs of somebody else.',
  }),
  after: processNames({
    why: 'Processes that are restarted first if their alarms are raised too. If that fails, this one is tried all the same. Only in [process.NAME]; each name needs a section of its own.',
  }),
  requires: processNames({
    why: 'Like after, but this one waits until they are healthy again or their alarms are gone, also if they are paused or their circuit breaker is open.',
  }),
  restart_with: processNames({
    why: 'Processes whose successful restart restarts this one as well, with or without an alarm of its own.',
  }),
});

/**
 * The settings are declared in the domain, because restarts and cycles read them and must not depend on the file.
 * `satisfies` makes the compiler report a setting that is missing here or there.
 */
export function buildProcess(keys: z.output<typeof PROCESS_KEYS>): ProcessSettings {
  return omitAbsent({
    restartStrategy: keys.restart_strategy,
    systemName: keys.system_name,
    processUser: keys.process_user,
    preRestartCommand: keys.pre_restart_command,
    restartCommand: keys.restart_command,
    startCommand: keys.start_command,
    healthCheckCommand: keys.health_check_command,
    healthCheckUrl: keys.health_check_url,
    healthCheckStatus: keys.health_check_status,
    healthCheckPort: keys.health_check_port,
    healthCheckTimeoutMs: keys.health_check_timeout,
    stableForMs: keys.stable_for,
    restartDelayMs: keys.restart_delay,
    restartDelayMaxMs: keys.restart_delay_max,
    maxAttempts: keys.max_attempts,
    restartTimeoutMs: keys.restart_timeout,
    stopTimeoutMs: keys.stop_timeout,
    escalationCommand: keys.escalation_command,
    maxInstances: keys.max_instances,
    after: keys.after,
    requires: keys.requires,
    restartWith: keys.restart_with,
  } satisfies { [K in keyof ProcessSettings]-?: ProcessSettings[K] | undefined });
}
