import type { RestartStrategyName } from '../../domain/cycle/process-settings.js';
import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { msSinceBoot } from '../../lib/boot-clock.js';
import { StartMemory } from '../start/start-memory.js';
import { detectSystemd } from '../systemd/detect-systemd.js';
import { createConfigCommandRunner, type RunConfigCommand } from '../systemd/run-config-command.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { assertNotSelf } from './assert-not-self.js';
import { assertUnitAllowed } from './assert-unit-allowed.js';
import { RecentReadings } from './recent-readings.js';
import { restartAuto } from './restart-auto.js';
import { restartCustom } from './restart-custom.js';
import { restartProcess } from './restart-process.js';
import { restartService } from './restart-service.js';
import { SecondInstanceWatch } from './second-instance-watch.js';
import { shareRestarts } from './shared-restarts.js';
import { noRestartCommandError, type Strategy, type WhileIdle } from './strategy.js';
import { keepUnfinishedRestarts } from './unfinished-restarts.js';

/** Restarts a target. Throws RestartError and nothing else. */
export type Restart = (
  target: RestartTarget,
  signal: AbortSignal,
  hooks?: Partial<RestartHooks>,
) => Promise<RestartReport>;

interface RestartHooks {
  /** Called when the restart has begun: the command runs, systemd has the job, or a process is being stopped. */
  readonly onBegun: () => void;
  /** Default: just waits. */
  readonly whileIdle: WhileIdle;
  /**
   * A restart of the same unit for another target that was begun after this time answers this one too; ms since the boot.
   * Default: now.
   */
  readonly since: number;
}

interface RestartDependencies {
  /** Undefined if this host has no systemd. Default: the systemd of this host, if any. */
  readonly systemd?: SystemdClient | undefined;
  /** What was asked just before a restart. Default: nothing was. */
  readonly readings?: RecentReadings | undefined;
  /** Runs the commands of the configuration. */
  readonly run?: RunConfigCommand;
  /** Default: an empty memory that is not saved. */
  readonly memory?: StartMemory;
  /** Default: a watch that reports to nobody. */
  readonly watch?: SecondInstanceWatch;
  /** How long a restart of a unit that systemd has not finished is remembered, in ms. */
  readonly keepUnfinishedMs?: () => number;
}

const KEEP_UNFINISHED_MS = 600_000;

const STRATEGIES: Readonly<Record<RestartStrategyName, Strategy>> = {
  service: restartService,
  process: restartProcess,
  auto: restartAuto,
  custom: async () => {
    throw noRestartCommandError();
  },
};

/** Creates the function that restarts a target by its strategy (R17–R20). */
export function createRestart(dependencies: RestartDependencies = { systemd: detectSystemd() }): Restart {
  const { memory = new StartMemory(), watch = new SecondInstanceWatch() } = dependencies;
  const unfinished = keepUnfinishedRestarts(dependencies.keepUnfinishedMs ?? (() => KEEP_UNFINISHED_MS));
  const { run = createConfigCommandRunner({ systemd: dependencies.systemd }) } = dependencies;
  const { readings = dependencies.systemd && new RecentReadings(dependencies.systemd) } = dependencies;
  const shared = shareRestarts();
  return async (target, signal, { onBegun = () => {}, whileIdle = justWait, since = msSinceBoot() } = {}) => {
    const { restartCommand, restartStrategy } = target.settings;
    const systemd = readings?.take(target);
    try {
      await watch.end(target.systemName);
      await assertNotSelf(target.systemName, systemd);
      if (restartCommand !== undefined) {
        await assertUnitAllowed(target, unitNameOf(target.systemName), systemd);
        return await restartCustom(target, restartCommand, { signal, onBegun }, run);
      }
      return await STRATEGIES[restartStrategy](target, {
        ...{ signal, onBegun, whileIdle, systemd, memory, watch, unfinished, shared, since },
      });
    } catch (error) {
      if (error instanceof RestartError) throw error;
      throw new RestartError(`restart of ${target.systemName}: ${describeError(error)}`, true, {
        cause: error,
      });
    }
  };
}

function justWait<T>(waiting: Promise<T>): Promise<T> {
  return waiting;
}
