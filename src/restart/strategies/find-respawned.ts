import { setTimeout as delay } from 'node:timers/promises';
import { findProcesses, type ProcessInstance } from '../processes/find-processes.js';
import { isSameProcess } from '../processes/process-info.js';
import { readCgroups } from '../processes/procfs.js';
import { isRestartableOwner, unitOfCgroups } from '../systemd/cgroup-unit.js';

/**
 * How long to wait for a supervisor (runit, supervisord, systemd with Restart=), in ms. It starts a process again
 * within about a second.
 */
const SUPERVISOR_MS = 1500;
const LOOK_AGAIN_MS = 100;

/** Whether a supervisor may start these processes again when they end. Ask while they still run. */
export async function mayHaveSupervisor(instances: readonly ProcessInstance[]): Promise<boolean> {
  const answers = await Promise.all(
    instances.map(async ({ root }) => {
      if (root.ppid === process.pid) return false;
      if (root.ppid !== 1) return true;
      // Orphans are children of pid 1 too, but not the processes of its services.
      const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
      return unit !== undefined && isRestartableOwner(unit, undefined);
    }),
  );
  return answers.includes(true);
}

/** Finds instances that somebody else has started since. Our own start would duplicate them. */
export async function findRespawned(
  systemName: string,
  before: readonly ProcessInstance[],
  supervised: boolean,
): Promise<readonly ProcessInstance[]> {
  const deadline = performance.now() + (supervised ? SUPERVISOR_MS : 0);
  for (;;) {
    const { instances } = await findProcesses(systemName);
    const successors = instances.filter(({ root }) => !before.some((old) => isSameProcess(old.root, root)));
    if (successors.length > 0 || performance.now() >= deadline) return successors;
    await delay(LOOK_AGAIN_MS);
  }
}
