import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Daemon } from './daemon.js';
import type { DemoServer } from './server.js';
import type { WebPage } from './web-page.js';

export const CHECK_INTERVAL_S = 3;

interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Writes the config.ini of the demo, and the password beside it. */
export function writeConfigFile(
  folder: string,
  { server, password }: DemoServer,
  daemon: Daemon,
  broken: string,
  page: WebPage | undefined,
): ConfigFile {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const text = `[database]
host = ${server.host}
port = ${server.port}
user = monitor_service
password_file = ${passwordFile}

[monitor]
; Far shorter than usual, so that the demo is short.
check_interval = ${CHECK_INTERVAL_S}
fallback_interval = 0.5
max_restart_failures = 2
circuit_reset_time = 3
; One process is raised again and again here; usually that is flapping.
max_restarts = 0
state_file = ${join(folder, 'state.json')}
control_socket = ${join(folder, 'control.sock')}
history_file = ${join(folder, 'history.jsonl')}

${page === undefined ? '' : `${page.section}\n`}[logging]
file = ${join(folder, 'log', 'monitor_service.log')}
format = json

[process.${daemon.name}]
${restartOf(daemon)}

[process.${broken}]
; Succeeds and starts nothing that stays: this process can never become healthy.
restart_command = sleep 0.05
max_attempts = 1
health_check_timeout = 0.5
`;
  const path = join(folder, 'config.ini');
  writeFileSync(path, text, { mode: 0o600 });
  return { path, text };
}

/** Under systemd the strategy starts a daemon in a unit of its own, which only root may. */
function restartOf({ path }: Daemon): string {
  return process.getuid?.() === 0 || !existsSync('/run/systemd/system')
    ? `restart_strategy = process\nstart_command = ${path} &`
    : `restart_strategy = custom\nrestart_command = ${path} > /dev/null 2>&1 &`;
}
