import { waitFor } from '../restart/wait-for.js';
import type { Host } from './host.js';
import { showUnit } from './unit-run.js';

const PASSWORD = 'correct-horse-7';

export type Sections = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/**
 * Short waits where the default is for people, and no limit of restarts, since the tests of a file share their units;
 * everything else is as shipped.
 */
const TEST_SECTIONS: Sections = {
  monitor: { fallback_interval: 1, max_restarts: 0 },
  'process.default': { restart_delay: 0.2, health_check_timeout: 5, stop_timeout: 3 },
};

/** Installs the service as docs/install.md says, and starts it. */
export async function installService(host: Host, sections: Sections = {}): Promise<void> {
  await copyFiles(host);
  await prepareDatabase(host);
  await writeConfig(host, sections);
  const { exitCode } = await host.exec(['systemctl', 'enable', '--now', 'monitor_service']);
  if (exitCode !== 0) throw new Error(`the service does not start:\n${await journal(host)}`);
  await untilStreaming(host);
}

/** Restarts the service and waits until it sees alarms at once again. */
export async function restartService(host: Host): Promise<void> {
  await host.run('systemctl', 'restart', 'monitor_service');
  await untilStreaming(host);
}

/** What `systemctl status` tells an administrator who waits for it. */
export async function untilStreaming(host: Host): Promise<void> {
  await waitFor('the service to watch the binlog', async () =>
    /^streaming/.test((await showUnit(host, 'monitor_service.service')).statusText),
  );
}

/** What the service said to the journal, with all that was on its way there. */
export async function journal(host: Host, ...options: readonly string[]): Promise<string> {
  await host.run('journalctl', '--sync');
  return host.run('journalctl', '--unit=monitor_service', '--no-pager', '--output=cat', ...options);
}

/** `make install`; the tree was built by `npm run build` before. */
export async function copyFiles(host: Host, ...options: readonly string[]): Promise<string> {
  return host.run('make', '-C', '/src', 'install', ...options);
}

/** The settings, tables and grants of docs/install.md. */
export async function prepareDatabase(host: Host): Promise<void> {
  const settings = '[mariadbd]\nlog_bin\nserver_id = 1\nbinlog_format = ROW\n';
  await host.write('/etc/mysql/mariadb.conf.d/90-monitor_service.cnf', settings);
  await host.run('systemctl', 'restart', 'mariadb');
  await host.sh(`
    mariadb </opt/monitor_service/sql/setup.sql
    sed "s/PUT_A_PASSWORD_HERE/'${PASSWORD}'/" /opt/monitor_service/sql/grants.sql | mariadb`);
}

/** Writes config.ini as an administrator would who needs these settings. Nobody is told to read it. */
export async function writeConfig(host: Host, sections: Sections): Promise<void> {
  const names = new Set([...Object.keys(TEST_SECTIONS), ...Object.keys(sections)]);
  const lines = ['[database]', 'user = monitor_service', `password = ${PASSWORD}`];
  for (const [key, value] of Object.entries(sections.database ?? {})) lines.push(`${key} = ${value}`);
  for (const name of names) {
    if (name === 'database') continue;
    lines.push(`[${name}]`);
    for (const [key, value] of Object.entries({ ...TEST_SECTIONS[name], ...sections[name] })) {
      lines.push(`${key} = ${value}`);
    }
  }
  await host.write('/opt/monitor_service/config.ini', `${lines.join('\n')}\n`, '0600');
}
