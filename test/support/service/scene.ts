import { access } from 'node:fs/promises';
import { onTestFailed, onTestFinished } from 'vitest';
import { type Daemon, startDaemon } from '../daemon.js';
import type { PrivateServer } from '../private-server.js';
import { createWorkspace, type Workspace } from '../restart/workspace.js';
import { type AlarmDatabase, type AlarmDatabaseOptions, createAlarmDatabase } from './alarm-database.js';
import { untilCalm } from './calm.js';
import { type Commands, commandsOf } from './commands-of.js';
import { type ConfigSections, mergeSections, writeConfigFile } from './config-file.js';
import { createFleet, type Fleet, type JournalEntry } from './fleet.js';
import type { SeenLine } from './line-watch.js';

/** All that one test of the running service needs. */
export interface Scene extends Commands {
  readonly database: AlarmDatabase;
  readonly fleet: Fleet;
  readonly workspace: Workspace;
  /** A file beside the configuration. */
  path(name: string): string;
  exists(name: string): Promise<boolean>;
  /** What the daemon is given: `config` over the sections of this scene. */
  configure(config?: ConfigSections): ConfigSections;
  /** Writes that to the file of the daemon without starting one; returns its path. */
  writeConfig(config?: ConfigSections): Promise<string>;
  /** Starts the daemon; does not wait for anything. */
  launch(config?: ConfigSections, env?: NodeJS.ProcessEnv): Promise<SceneDaemon>;
  /**
   * Starts the daemon and waits until it watches the binlog. A raise that follows at once may be found by a reconcile
   * before its row change comes, and then gets one more health check.
   */
  watch(config?: ConfigSections): Promise<SceneDaemon>;
  /** The same, and what is raised then is seen through the binlog alone. */
  watchCalmly(config?: ConfigSections): Promise<SceneDaemon>;
  /** Raises the alarm of this process, and waits until its restart has begun; it lasts until `fleet.release`. */
  raiseAndHold(name: string): Promise<JournalEntry>;
  /** All that the daemons wrote to stdout so far. */
  written(): string;
  /** Ends the daemons and removes everything. */
  close(): Promise<void>;
}

export interface SceneDaemon extends Daemon {
  /** Gives it this over the sections of the scene, sends SIGHUP and waits until it has been read. */
  reload(config?: ConfigSections): Promise<SeenLine>;
}

export interface SceneOptions extends AlarmDatabaseOptions {
  /** Names of the processes 1, 2, … */
  readonly processes?: readonly string[];
  /** See `startDaemon`. */
  readonly through?: readonly string[];
}

/** Long for a server that waits for no disk and no replica. Some two hundred daemons wait so long before they are calm. */
const SOON_CALM = { visible_within: 0.4 };

export async function openScene(server: PrivateServer, options: SceneOptions = {}): Promise<Scene> {
  const workspace = await createWorkspace();
  const { fleet, database } = await furnish(server, workspace, options).catch(async (error: unknown) => {
    await workspace.remove();
    throw error;
  });
  const daemons: SceneDaemon[] = [];

  const configFile = workspace.path('config.ini');
  const configure = (config: ConfigSections = {}): ConfigSections =>
    mergeSections(
      { database: database.section, binlog: SOON_CALM, 'process.default': fleet.commands },
      config,
    );
  const launch = async (config?: ConfigSections, env?: NodeJS.ProcessEnv): Promise<SceneDaemon> => {
    const started = await startDaemon({
      directory: workspace.directory,
      config: configure(config),
      ...(env && { env }),
      ...(options.through && { through: options.through }),
    });
    const daemon: SceneDaemon = {
      ...started,
      async reload(changed) {
        const from = started.lines().length;
        await started.rewriteConfig(configure(changed));
        started.signal('SIGHUP');
        return await started.waitForLine(/configuration reloaded/, { from });
      },
    };
    daemons.push(daemon);
    return daemon;
  };
  return {
    database,
    fleet,
    workspace,
    path: workspace.path,
    exists: (name) =>
      access(workspace.path(name)).then(
        () => true,
        () => false,
      ),
    configure,
    ...commandsOf(configFile),
    async writeConfig(config) {
      await writeConfigFile(configFile, workspace.directory, configure(config));
      return configFile;
    },
    async raiseAndHold(name) {
      await fleet.hold(name);
      await database.raise(name);
      return await fleet.begun(name);
    },
    launch,
    async watch(config) {
      const daemon = await launch(config);
      await daemon.waitForLine(/watching the binlog/);
      return daemon;
    },
    written: () => daemons.map((daemon) => daemon.lines().join('\n')).join('\n--\n'),
    async watchCalmly(config) {
      const daemon = await launch(config);
      await untilCalm(daemon, await daemon.waitForLine(/watching the binlog/));
      return daemon;
    },
    async close() {
      try {
        for (const daemon of daemons) daemon.signal('SIGTERM');
        for (const daemon of daemons) await daemon.stop();
      } finally {
        await workspace.remove();
        await database.drop();
      }
    },
  };
}

async function furnish(server: PrivateServer, workspace: Workspace, options: SceneOptions) {
  const fleet = await createFleet(workspace);
  const database = await createAlarmDatabase(server, options);
  if (options.processes?.length) await database.addProcesses(...options.processes);
  return { fleet, database };
}

/** A scene that is closed when the test has finished; what its daemons wrote is shown when it has failed. */
export async function openSceneOfTest(server: PrivateServer, options?: SceneOptions): Promise<Scene> {
  const scene = await openScene(server, options);
  onTestFinished(() => scene.close());
  onTestFailed(() => void process.stderr.write(`\n${scene.written()}\n`));
  return scene;
}
