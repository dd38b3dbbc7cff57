import { setTimeout as delay } from 'node:timers/promises';
import { type Daemon, startDaemon } from '../../test/support/daemon.js';
import { DEFAULT_CONFIG } from '../../test/support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../../test/support/private-server.js';
import { createWorkspace, type Workspace } from '../../test/support/restart/workspace.js';
import { type AlarmDatabase, createAlarmDatabase } from '../../test/support/service/alarm-database.js';
import { type ConfigSections, mergeSections } from '../../test/support/service/config-file.js';
import type { BenchContext } from './bench.js';
import { type CommandClock, openCommandClock } from './command-clock.js';

/** A server, a database, processes that are commands, and a service to be started. Closed with the context. */
export interface Stage {
  readonly workspace: Workspace;
  readonly server: PrivateServer;
  readonly database: AlarmDatabase;
  readonly clock: CommandClock;
  /** The configuration, `config` over the stage's own. */
  configure(config?: ConfigSections): ConfigSections;
  /** Starts the service; waits for nothing. Ended at the latest with the stage. */
  launch(config?: ConfigSections, env?: NodeJS.ProcessEnv): Promise<Daemon>;
  /** The same; waits until it watches the binlog and the reconciles that follow are over. */
  watch(config?: ConfigSections, env?: NodeJS.ProcessEnv): Promise<Daemon>;
}

interface StageOptions {
  /** How many processes stand in the table: `p1`, `p2`, … with process_id 1, 2, … */
  readonly processes: number;
  readonly serverArgs?: readonly string[];
}

const SOME_MORE_MS = 200;

/** What the service is given beside the commands are its defaults, as far as they touch what is measured. */
export async function openStage(
  { kind, closers }: BenchContext,
  { processes, serverArgs = [] }: StageOptions,
): Promise<Stage> {
  const workspace = await createWorkspace();
  closers.add(() => workspace.remove());
  const server = await startPrivateServer({ ...kind.options, extraArgs: serverArgs });
  closers.add(() => server.stop());
  const database = await createAlarmDatabase(server);
  await addProcesses(database, processes);
  const clock = openCommandClock(workspace.path('said'));
  closers.add(() => clock.close());

  const configure = (config: ConfigSections = {}): ConfigSections =>
    mergeSections(
      {
        database: database.section,
        monitor: { fallback_interval: 5 },
        logging: { level: 'INFO' },
        'process.default': {
          restart_strategy: 'custom',
          restart_command: clock.command('restart %s'),
          // The cheapest there is: what it costs is the administrator's.
          health_check_command: 'exit 0',
        },
      },
      config,
    );
  const launch = async (config?: ConfigSections, env: NodeJS.ProcessEnv = {}): Promise<Daemon> => {
    const { directory } = workspace;
    const daemon = await startDaemon({ directory, config: configure(config), env });
    closers.add(() => daemon.stop());
    return daemon;
  };
  return {
    ...{ workspace, server, database, clock, configure, launch },
    async watch(config, env) {
      const daemon = await launch(config, env);
      await daemon.waitForLine(/watching the binlog/);
      // At the level that is measured the log does not tell of them.
      await delay(DEFAULT_CONFIG.binlog.visibleWithinMs + SOME_MORE_MS);
      return daemon;
    },
  };
}

/** In pieces: a packet has its limits. */
async function addProcesses(database: AlarmDatabase, count: number): Promise<void> {
  const piece = 5000;
  for (let first = 1; first <= count; first += piece) {
    const ids = Array.from({ length: Math.min(piece, count - first + 1) }, (_, index) => first + index);
    await database.query(
      'INSERT INTO PROCESE (process_id, process_name) VALUES ?; INSERT INTO STATUS_PROCESS (process_id) VALUES ?',
      [ids.map((id) => [id, `p${id}`]), ids.map((id) => [id])],
    );
  }
}
