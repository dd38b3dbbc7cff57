import { setTimeout as delay } from 'node:timers/promises';
import { findProcesses, type ProcessInstance } from '../processes/find-processes.js';
import { isSameProcess } from '../processes/process-info.js';
import { readCgroups } from '../processes/procfs.js';
import { isRestartableOwner, unitOfCgroups } from '../systemd/cgroup-unit.js';

/** A supervisor (runit, supervisord, systemd with Restart=) starts its process anew within about a second. */
const SUPERVISOR_MS = 1500;
const LOOK_AGAIN_MS = 100;

/** Whether somebody may start these processes again when they end. To be asked while they still run. */
export async function mayHaveSupervisor(instances: readonly ProcessInstance[]): Promise<boolean> {
  const answers = await Promise.all(
    instances.map(async ({ root }) => {
      if (root.ppid === process.pid) return false;
      if (root.ppid !== 1) return true;
      // Orphans are children of pid 1 as well; those of its services are not orphans.
      const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
      return unit !== undefined && isRestartableOwner(unit, undefined);
    }),
  );
  return answers.includes(true);
}

/** The instances that somebody else started since: a start of ours would make two of them. */
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
