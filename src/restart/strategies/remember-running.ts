import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { readStatus } from '../processes/procfs.js';
import { captureProcess } from '../start/capture-process.js';
import type { StartMemory } from '../start/start-memory.js';
import type { ProgramStart } from '../start/start-plan.js';
import { stillOwed } from '../start/still-owed.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { chooseUnits } from './choose-units.js';
import { findOfTarget } from './find-of-target.js';
import { settleAll } from './settle-all.js';

interface HostView {
  /** Undefined if this host has no systemd. */
  readonly systemd: UnitReader | undefined;
  readonly find: FindProcesses;
}

/**
 * Records how a process outside any unit is running (R26), because after its death there is nothing left to look at.
 * A process that could not be started again as it runs now is forgotten, but not those of other users. One that does not
 * run now stays remembered, and beside others one that a restart has stopped (R11). Never rejects.
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
    const { values, errors } = await settleAll(running.map(({ root }) => captureProcess(root)));
    if (errors.some((error) => !(error instanceof RestartError) || error.retryable)) return;
    const known = memory.get(systemName) ?? [];
    if (memory.begun.has(systemName)) {
      memory.set(systemName, [...values, ...stillOwed(known, values)]);
      return;
    }
    const starts = values.length > 0 ? values : ofOtherUsers(known, running);
    if (starts.length > 0) memory.set(systemName, starts);
    else memory.forget(systemName);
  } catch {
    // What cannot be read now is read the next time.
  }
}

/** Processes that could not be started again say nothing of what is remembered of another user's. */
function ofOtherUsers(
  remembered: readonly ProgramStart[],
  running: readonly ProcessInstance[],
): readonly ProgramStart[] {
  const uids = new Set(running.map(({ root }) => readStatus(root.pid)?.credentials.uid));
  return remembered.filter(({ credentials }) => !uids.has(credentials?.uid));
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
