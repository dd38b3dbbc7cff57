import type { Connection } from 'mysql2/promise';
import { bootHost } from '../../support/acceptance/host.js';
import { startTcpProxy, type TcpProxy } from '../../support/faults/tcp-proxy.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';
import { type AlarmDatabase, createAlarmDatabase } from '../../support/service/alarm-database.js';
import type { ConfigSections } from '../../support/service/config-file.js';
import type { ServerKind } from '../../support/service/server-kinds.js';
import { Commits } from '../raisers/commits.js';
import type { Random } from '../random.js';
import { DaemonKeeper } from './daemon-keeper.js';
import { runByHand } from './daemon-runner.js';
import { favour } from './favour.js';
import { furnishDatabase } from './furnish-database.js';
import { membersOf } from './members.js';
import { createRecordedFleet, type RecordedFleet } from './recorded-fleet.js';
import { runAsUnit } from './run-as-unit.js';
import { Traffic } from './traffic.js';

export const MAX_PARALLEL = 6;
/** `health_check_timeout`. */
export const VERIFY_SECONDS = 3;

export interface LabOptions {
  readonly kind: ServerKind;
  readonly random: Random;
  /** Times all that a fault lasts; 1 in the long form. */
  readonly pace: number;
  /** `max_restarts` within 20 s; 0 or absent: any number. */
  readonly maxRestarts?: number | undefined;
  /** Runs the service as the installed unit of a host that is booted from this tree; else as a process of this machine. */
  readonly tree?: string | undefined;
}

/** A database server, a network, a fleet of processes and the service, for faults of every kind. */
export interface Lab extends LabOptions {
  readonly workspace: Workspace;
  readonly server: PrivateServer;
  readonly proxy: TcpProxy;
  readonly database: AlarmDatabase;
  readonly fleet: RecordedFleet;
  readonly keeper: DaemonKeeper;
  readonly commits: Commits;
  /** Whoever changes the table passes here. */
  readonly traffic: Traffic;
  /** Runs as root, straight at the server, on a connection whose statements wait 5 s for a lock at most. */
  asRoot<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** The service is to use this password from its next start or reload on. */
  setPassword(password: string): void;
  /** Changes what the service finds in `[monitor]` at its next start or reload. */
  setMonitor(keys: Readonly<Record<string, string | number>>): void;
  close(): Promise<void>;
}

/** For the fault in which another client reads the binlog under our number. */
export const OUR_SERVER_ID = 4_242_424;

/** The default is 50 s. */
const SHORT_LOCK_WAIT = ['--innodb-lock-wait-timeout=5'];

/** Opens everything but the service, which `keeper.start` starts. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { kind, tree } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const workspace = await createWorkspace();
    closers.push(() => workspace.remove());
    const server = await startPrivateServer({ ...kind.options, extraArgs: SHORT_LOCK_WAIT });
    closers.push(() => server.stop());
    favour(server.pid);
    const proxy = await startTcpProxy(server.port);
    closers.push(() => proxy.close());
    const database = await createAlarmDatabase(server);
    await furnishDatabase(database, kind);
    const fleet = await createRecordedFleet(workspace, tree === undefined ? undefined : '/shared');
    await fleet.setManner('restart', 'dead1', { seconds: 0, exitCode: 3 });
    await fleet.setManner('check', 'dead2', { seconds: 0, exitCode: 1 });

    let { password } = database;
    let monitor: Readonly<Record<string, string | number>> = {};
    const config = (): ConfigSections => ({
      database: { ...database.section, host: proxy.host, port: proxy.port, password },
      monitor: {
        // Names are read anew as often.
        check_interval: 1,
        max_restarts: options.maxRestarts ?? 0,
        restart_window: 20,
        fallback_interval: 0.5,
        max_restart_failures: 3,
        circuit_reset_time: 3,
        // Here breakers open again and again for as long as the lab runs.
        circuit_reset_max: 4,
        max_parallel_restarts: MAX_PARALLEL,
        shutdown_timeout: 2,
        ...monitor,
      },
      binlog: { heartbeat: 1, server_id: OUR_SERVER_ID },
      'process.default': {
        ...fleet.commands,
        restart_strategy: 'custom',
        restart_timeout: 3,
        restart_delay: 0.2,
        health_check_timeout: VERIFY_SECONDS,
      },
    });
    const { directory } = workspace;
    let runner = runByHand(directory);
    if (tree !== undefined) {
      const host = await bootHost({ tree, shared: directory, sharesNetwork: true });
      closers.push(() => host.stop());
      runner = await runAsUnit(host, directory, (close) => closers.push(close));
    }
    const keeper = new DaemonKeeper({
      ...{ directory, runner },
      config,
      onKilled: (pid) => fleet.noteKilled(pid),
    });
    closers.push(() => keeper.abandon());
    return {
      ...options,
      workspace,
      server,
      proxy,
      database,
      fleet,
      keeper,
      commits: new Commits(),
      traffic: new Traffic(),
      asRoot: (work) =>
        database.session(async (connection) => {
          await connection.query('SET SESSION lock_wait_timeout = 5, wait_timeout = 600');
          return work(connection);
        }),
      setPassword(changed) {
        password = changed;
      },
      setMonitor(keys) {
        monitor = keys;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Processes that may stand in alarm when all is over. */
export function mayStand(): ReadonlySet<number> {
  return new Set(membersOf('dead', 'refused').map(({ id }) => id));
}
