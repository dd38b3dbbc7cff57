import type { ProcessInstance } from '../processes/find-processes.js';
import { isDead, type ProcessIdentity } from '../processes/process-info.js';
import { readCgroups, readIfAlive, readStat } from '../processes/procfs.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { isRestartableOwner, unitOfCgroups } from '../systemd/unit-of-cgroups.js';

/** What may start processes again when they end: their parents and their units, one entry for each process that has one. */
export interface Supervisors {
  readonly parents: readonly ProcessIdentity[];
  readonly units: readonly string[];
}

/** Finds the supervisors. Call it while the processes still run. */
export async function findSupervisors(instances: readonly ProcessInstance[]): Promise<Supervisors> {
  const parents: ProcessIdentity[] = [];
  const units: string[] = [];
  for (const { root } of instances) {
    if (root.ppid === process.pid) continue;
    if (root.ppid === 1) {
      // Orphans are children of pid 1 too, but not the processes of its services.
      const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
      if (unit !== undefined && isRestartableOwner(unit, undefined)) units.push(unit);
      continue;
    }
    const parent = readStat(root.ppid);
    // A shell on a terminal has started it by hand and starts nothing again.
    if (parent && !isDead(parent) && parent.terminal === 0) parents.push(parent);
  }
  return { parents, units };
}

export function hasAny({ parents, units }: Supervisors): boolean {
  return parents.length + units.length > 0;
}

/** Parents that keep running when their child has ended: a loop, runit, supervisord. A wrapper ends with its child. */
export function livingParents({ parents }: Supervisors): ProcessIdentity[] {
  return parents.filter((parent) => readIfAlive(parent) !== undefined);
}

/** How many of the processes may come back by themselves. */
export function countSupervised(supervisors: Supervisors): number {
  return livingParents(supervisors).length + supervisors.units.length;
}

/** Whether a supervisor may still start it again. A unit that systemd has given up does not. */
export async function maySupervise(
  supervisors: Supervisors,
  systemd: UnitReader | undefined,
): Promise<boolean> {
  if (livingParents(supervisors).length > 0) return true;
  for (const unit of new Set(supervisors.units)) {
    const state = await systemd?.show(unit, ['activeState']);
    if (state?.activeState !== 'inactive' && state?.activeState !== 'failed') return true;
  }
  return false;
}
