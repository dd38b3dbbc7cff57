import { userInfo } from 'node:os';

/**
 * Variables that systemd sets for one service only. A child that inherits them could act in our name: NOTIFY_SOCKET
 * lets it report readiness, LISTEN_FDS makes it use descriptors that it does not have.
 */
const OF_ONE_SERVICE = new Set([
  'NOTIFY_SOCKET',
  'WATCHDOG_USEC',
  'WATCHDOG_PID',
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_FDNAMES',
  'INVOCATION_ID',
  'JOURNAL_STREAM',
  'SYSTEMD_EXEC_PID',
  'MAINPID',
  'MEMORY_PRESSURE_WATCH',
  'MEMORY_PRESSURE_WRITE',
  'CREDENTIALS_DIRECTORY',
  'RUNTIME_DIRECTORY',
  'STATE_DIRECTORY',
  'CACHE_DIRECTORY',
  'LOGS_DIRECTORY',
  'CONFIGURATION_DIRECTORY',
]);

/** Settings of the Node.js that runs this service. A Node daemon that we start must not inherit them. */
const OF_THIS_SERVICE = new Set(['NODE_OPTIONS', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']);

/** The environment for a child of this service: our own, without what is meant for us only (R16). */
export function childEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  return keep(own, (name) => !OF_THIS_SERVICE.has(name) && !name.startsWith('MONITOR_'));
}

/**
 * The environment for a command of the configuration: that of a child, with the user variables that cron sets.
 * systemd sets none of these for a service, so the result is the same under systemd and in a session.
 */
export function commandEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  return { ...childEnvironment(own), ...loginVariables() };
}

/** The user variables that cron(8) sets, for the user of this service. Read once, because they do not change. */
export function loginVariables(): Readonly<Record<string, string>> {
  login ??= readLogin();
  return login;
}

let login: Readonly<Record<string, string>> | undefined;

function readLogin(): Readonly<Record<string, string>> {
  const shell = { SHELL: '/bin/sh' };
  try {
    const { username, homedir } = userInfo();
    return { ...shell, HOME: homedir, USER: username, LOGNAME: username };
  } catch {
    // A user without an entry in passwd keeps what it was given.
    return shell;
  }
}

/** The environment of a running process, without what systemd set for that one run of it. */
export function capturedEnvironment(captured: Readonly<Record<string, string>>): Record<string, string> {
  return keep(captured, () => true);
}

function keep(environment: NodeJS.ProcessEnv, wanted: (name: string) => boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !OF_ONE_SERVICE.has(name) && wanted(name)) kept[name] = value;
  }
  return kept;
}
