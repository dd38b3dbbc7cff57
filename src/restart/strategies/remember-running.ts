import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { captureProcess } from '../start/capture-process.js';
import type { StartMemory } from '../start/start-memory.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { chooseUnits } from './choose-units.js';
import { findOfTarget } from './find-of-target.js';

interface HostView {
  /** Undefined if this host has no systemd. */
  readonly systemd: UnitReader | undefined;
  readonly find: FindProcesses;
}

/**
 * Records how a process outside any unit is running (R26), because after its death there is nothing left to look at.
 * A process that could not be started again as it runs now is forgotten. One that does not run now stays remembered.
 * Never rejects: what cannot be read now is read the next time.
 */
export async function rememberRunning(
  target: RestartTarget,
  memory: StartMemory,
  view: HostView,
): Promise<void> {
  const { systemName, settings, hasSection } = target;
  const { restartStrategy, restartCommand, startCommand } = settings;
  const isNeeded =
    hasSection &&
    restartCommand === undefined &&
    startCommand === undefined &&
    (restartStrategy === 'auto' || restartStrategy === 'process');
  if (!isNeeded) return memory.forget(systemName);
  try {
    const running = await runningOutsideUnits(systemName, restartStrategy, {
      ...view,
      find: findOfTarget(target, memory, view.find),
    });
    if (running.length === 0 || running.length > settings.maxInstances) return;
    memory.set(systemName, await Promise.all(running.map(({ root }) => captureProcess(root))));
  } catch (error) {
    if (error instanceof RestartError && !error.retryable) memory.forget(systemName);
  }
}

async function runningOutsideUnits(
  systemName: string,
  strategy: 'auto' | 'process',
  view: HostView,
): Promise<readonly ProcessInstance[]> {
  if (strategy === 'process' || !view.systemd) return (await view.find(systemName)).instances;
  const { systemd, find } = view;
  return (await chooseUnits(systemName, { systemd, find })).unowned;
}
