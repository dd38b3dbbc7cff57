import type { RestartStrategyName } from '../../domain/cycle/process-settings.js';
import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { StartMemory } from '../start/start-memory.js';
import { detectSystemd } from '../systemd/detect-systemd.js';
import { createConfigCommandRunner, type RunConfigCommand } from '../systemd/run-config-command.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { assertNotSelf } from './assert-not-self.js';
import { assertUnitAllowed } from './assert-unit-allowed.js';
import { restartAuto } from './restart-auto.js';
import { restartCustom } from './restart-custom.js';
import { restartProcess } from './restart-process.js';
import { restartService } from './restart-service.js';
import type { Strategy } from './strategy.js';

/** `onBegun` is called when it has begun: the command runs, the job was given to systemd, or a process is being stopped. */
export type Restart = (
  target: RestartTarget,
  signal: AbortSignal,
  onBegun?: () => void,
) => Promise<RestartReport>;

interface RestartDependencies {
  /** Absent: there is no systemd here. Default: what this machine has. */
  readonly systemd?: SystemdClient | undefined;
  /** Runs the commands of the configuration. */
  readonly run?: RunConfigCommand;
  /** Default: an empty one, of this run alone. */
  readonly memory?: StartMemory;
}

const STRATEGIES: Readonly<Record<RestartStrategyName, Strategy>> = {
  service: restartService,
  process: restartProcess,
  auto: restartAuto,
  custom: async () => {
    throw new RestartError('strategy custom has no restart_command', false, {
      remedy: 'set restart_command',
    });
  },
};

/** One restart by the strategy of the target (R17–R20). The function throws RestartError and nothing else. */
export function createRestart(dependencies: RestartDependencies = { systemd: detectSystemd() }): Restart {
  const { systemd, memory = new StartMemory() } = dependencies;
  const { run = createConfigCommandRunner({ systemd }) } = dependencies;
  return async (target, signal, onBegun = () => {}) => {
    const { restartCommand, restartStrategy } = target.settings;
    try {
      await assertNotSelf(target.systemName, systemd);
      if (restartCommand !== undefined) {
        await assertUnitAllowed(target, unitNameOf(target.systemName), systemd);
        return await restartCustom(target, restartCommand, { signal, onBegun }, run);
      }
      return await STRATEGIES[restartStrategy](target, { signal, onBegun, systemd, memory });
    } catch (error) {
      if (error instanceof RestartError) throw error;
      throw new RestartError(`restart of ${target.systemName}: ${describeError(error)}`, true, {
        cause: error,
      });
    }
  };
}
