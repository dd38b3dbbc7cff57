import type { ProcessInstance } from '../processes/find-processes.js';
import { isDead, type ProcessIdentity } from '../processes/process-info.js';
import { readCgroups, readIfAlive, readStat } from '../processes/procfs.js';
import { isRestartableOwner, unitOfCgroups } from '../systemd/cgroup-unit.js';
import type { UnitReader } from '../systemd/systemd-client.js';

/** Who may start processes again when they end: their parents, and the units that they belong to. */
export interface Supervisors {
  readonly parents: readonly ProcessIdentity[];
  readonly units: readonly string[];
}

/** To be asked while the processes still run. */
export async function findSupervisors(instances: readonly ProcessInstance[]): Promise<Supervisors> {
  const parents: ProcessIdentity[] = [];
  const units = new Set<string>();
  for (const { root } of instances) {
    if (root.ppid === process.pid) continue;
    if (root.ppid === 1) {
      // Orphans are children of pid 1 as well; those of its services are not orphans.
      const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
      if (unit !== undefined && isRestartableOwner(unit, undefined)) units.add(unit);
      continue;
    }
    const parent = readStat(root.ppid);
    // A shell on a terminal has started it by hand, and starts nothing again.
    if (parent && !isDead(parent) && parent.terminal === 0) parents.push(parent);
  }
  return { parents, units: [...units] };
}

export function hasAny({ parents, units }: Supervisors): boolean {
  return parents.length + units.length > 0;
}

/** Parents that live on when their child has ended: a loop, runit, supervisord; a wrapper ends with it. */
export function livingParents({ parents }: Supervisors): ProcessIdentity[] {
  return parents.filter((parent) => readIfAlive(parent) !== undefined);
}

/** Whether somebody may still start it again. A unit that systemd has given up is nobody. */
export async function maySupervise(
  supervisors: Supervisors,
  systemd: UnitReader | undefined,
): Promise<boolean> {
  if (livingParents(supervisors).length > 0) return true;
  for (const unit of supervisors.units) {
    const state = await systemd?.show(unit, ['activeState']);
    if (state?.activeState !== 'inactive' && state?.activeState !== 'failed') return true;
  }
  return false;
}
