import { isDead, type ProcessStat } from '../processes/process-info.js';
import { readStat } from '../processes/procfs.js';
import { pidsInCgroup } from '../systemd/diagnosis/pids-in-cgroup.js';
import type { SystemdClient, UnitReader } from '../systemd/systemd-client.js';
import { daemonPrefix, isDaemonUnitOf } from '../systemd/transient-name.js';

/**
 * Finds processes that earlier starts for this name left running in units of ours, whatever they are called. A start
 * command may start a program of another name, which no look by name finds, and each attempt would add one (R31).
 */
export async function findLeftovers(
  systemName: string,
  systemd: UnitReader & Pick<SystemdClient, 'list'>,
): Promise<readonly ProcessStat[]> {
  // A name has no characters with a meaning in a glob.
  const units = await systemd.list(`${daemonPrefix(systemName).replaceAll('\\', '\\\\')}*`);
  const left: ProcessStat[] = [];
  for (const { id } of units.filter((unit) => isDaemonUnitOf(unit.id, systemName))) {
    const { controlGroup } = await systemd.show(id, ['controlGroup']);
    for (const pid of await pidsInCgroup(controlGroup)) {
      const stat = readStat(pid);
      if (stat && !isDead(stat)) left.push(stat);
    }
  }
  return left;
}
