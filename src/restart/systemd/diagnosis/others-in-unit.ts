import { isDead } from '../../processes/process-info.js';
import { readStat } from '../../processes/procfs.js';
import type { UnitReader } from '../systemd-client.js';
import { pidsInCgroup } from './pids-in-cgroup.js';

const MAX_NAMES = 8;

/**
 * The names of the programs that a restart of this unit also restarts, besides those with these pids (R19): for a
 * supervisor, itself and everything that it runs. For messages; empty if they cannot be found out.
 */
export async function othersInUnit(
  unit: string,
  pids: ReadonlySet<number>,
  systemd: UnitReader,
): Promise<readonly string[]> {
  try {
    const { controlGroup } = await systemd.show(unit, ['controlGroup']);
    const names = new Set<string>();
    for (const pid of await pidsInCgroup(controlGroup)) {
      const stat = pids.has(pid) ? undefined : readStat(pid);
      if (stat && !isDead(stat)) names.add(stat.comm);
    }
    return [...names].sort();
  } catch {
    return [];
  }
}

/** `with it: svd, beta`; empty if the unit has no other programs. */
export function describeOthers(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `with it: ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
