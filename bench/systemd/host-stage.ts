import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { bootHost, type Host } from '../../test/support/acceptance/host.js';
import { HOSTS, makeHostTree, readHostName } from '../../test/support/acceptance/host-tree.js';
import {
  installService,
  restartService,
  type Sections,
  writeConfig,
} from '../../test/support/acceptance/install-service.js';
import { DEFAULT_CONFIG } from '../../test/support/default-config.js';
import { createWorkspace } from '../../test/support/restart/workspace.js';
import { mergeSections } from '../../test/support/service/config-file.js';
import type { BenchContext } from '../support/bench.js';
import { type CommandClock, openCommandClock } from '../support/command-clock.js';
import type { Measured } from '../support/result.js';
import { type ClearClock, openClearClock } from './clear-clock.js';
import { type BareCalls, startBareCalls } from './start-bare-calls.js';

/** A booted host with the service as its unit and a MariaDB. Closed with the context. */
export interface HostStage {
  readonly host: Host;
  /** Of root. */
  readonly connection: Connection;
  /** Heard from commands and units of the host. */
  readonly clock: CommandClock;
  readonly clears: ClearClock;
  readonly bare: BareCalls;
  /** What a result says of it. */
  readonly facts: NonNullable<Measured['host']>;
  /** Starts the service anew, with this configuration; waits until the reconciles that follow are over. */
  restart(sections: Sections): Promise<void>;
}

interface HostStageOptions {
  /** Units by name; `SAY` in them becomes a command for /bin/sh that tells the clock its argument. */
  readonly units: Readonly<Record<string, string>>;
  /** In the table, with process_id 1, 2, … */
  readonly processes: readonly string[];
}

/** As for the servers outside: how long a disk takes is no property of the service. */
const NO_FSYNC = '[mariadbd]\nsync_binlog = 0\ninnodb_flush_log_at_trx_commit = 2\n';
const PASSWORD = 'bench';
const SOME_MORE_MS = 200;
/** What the acceptance tests shorten is as shipped again, but for the limit of restarts: one unit is restarted all the time. */
const AS_SHIPPED: Sections = {
  monitor: { fallback_interval: 5, max_restarts: 0 },
  'process.default': { restart_delay: 2, stop_timeout: 10 },
};

/** Where a host can be booted: `findObstacle`. */
export async function openHostStage(
  { closers, say }: BenchContext,
  { units, processes }: HostStageOptions,
): Promise<HostStage> {
  const name = readHostName();
  const tree = makeHostTree(name);
  const workspace = await createWorkspace();
  closers.add(() => workspace.remove());
  const clock = openCommandClock(workspace.path('said'), '/shared/said');
  closers.add(() => clock.close());
  say(`booting ${name}: ${HOSTS[name]}`);
  const host = await bootHost({ tree, shared: workspace.directory });
  closers.add(() => host.stop());
  await host.write('/etc/mysql/mariadb.conf.d/91-bench.cnf', NO_FSYNC);
  await startUnits(host, units, clock);
  await installService(host, AS_SHIPPED);
  const connection = await connect(host);
  closers.add(() => connection.end());
  await addProcesses(connection, processes);
  return {
    ...{ host, connection, clock },
    clears: await openClearClock(connection),
    bare: await startBareCalls(host, closers),
    facts: await readFacts(host, connection),
    async restart(sections) {
      await writeConfig(host, mergeSections(AS_SHIPPED, sections));
      await restartService(host);
      await delay(DEFAULT_CONFIG.binlog.visibleWithinMs + SOME_MORE_MS);
    },
  };
}

async function startUnits(host: Host, units: HostStageOptions['units'], clock: CommandClock): Promise<void> {
  // In one go: there may be hundreds.
  const files = Object.entries(units).map(
    ([unit, text]) =>
      `cat >/etc/systemd/system/${unit} <<'EOF'\n${text.replaceAll(/SAY\(([^)]*)\)/g, (_, word) => clock.command(word))}\nEOF\n`,
  );
  await host.sh(`${files.join('')}systemctl daemon-reload`);
  const names = Object.keys(units);
  if (names.length > 0) await host.run('systemctl', 'start', ...names);
}

async function connect(host: Host): Promise<Connection> {
  await host.run(
    'mariadb',
    '-e',
    `CREATE USER bench@localhost IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO bench@localhost`,
  );
  return createConnection({
    socketPath: host.outside('/run/mysqld/mysqld.sock'),
    user: 'bench',
    password: PASSWORD,
    database: 'v_process_monitor',
  });
}

async function addProcesses(connection: Connection, names: readonly string[]): Promise<void> {
  await connection.query('INSERT INTO PROCESE (process_id, process_name) VALUES ?', [
    names.map((name, index) => [index + 1, name]),
  ]);
  await connection.query('INSERT INTO STATUS_PROCESS (process_id) VALUES ?', [
    names.map((_, index) => [index + 1]),
  ]);
}

async function readFacts(host: Host, connection: Connection): Promise<HostStage['facts']> {
  const [rows] = await connection.query('SELECT VERSION() AS version');
  const [row] = rows as { version: string }[];
  const version = await host.run('systemctl', '--version');
  return {
    systemd: /^systemd (\d+)/.exec(version)?.[1] ?? 'unknown',
    serverVersion: /^[\d.]+/.exec(row?.version ?? '')?.[0] ?? 'unknown',
  };
}
