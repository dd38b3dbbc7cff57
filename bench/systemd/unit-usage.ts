import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../test/support/acceptance/host.js';
import { readUsage } from '../support/process-usage.js';

/** What units of the host have used, all their processes together, those that have ended as well. */
export interface UnitUsage {
  readonly cpuSeconds: number;
  /** Resident memory of all that run now, MB. Shared pages count for each of them. */
  readonly residentMb: number;
  /** The most that one of them ever had, MB. */
  readonly peakMb: number;
  /** Of all threads of those that run now. */
  readonly contextSwitches: number;
  readonly processes: number;
}

/** Where cgroup2 is: beside the older hierarchies, or alone. */
const HIERARCHIES = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

/** @throws Error where there is no unit whose name matches. */
export async function readUnitUsage(host: Host, names: RegExp): Promise<UnitUsage> {
  const slice = join(await findHierarchy(host), 'system.slice');
  const units = (await readdir(slice)).filter((name) => names.test(name)).map((name) => join(slice, name));
  if (units.length === 0) throw new Error(`no unit of the host is called ${names}`);
  const all = await Promise.all(units.map(readCgroup));
  const total = (of: keyof UnitUsage): number => all.reduce((sum, usage) => sum + usage[of], 0);
  return {
    cpuSeconds: total('cpuSeconds'),
    residentMb: total('residentMb'),
    peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
    contextSwitches: total('contextSwitches'),
    processes: total('processes'),
  };
}

async function findHierarchy(host: Host): Promise<string> {
  for (const path of HIERARCHIES.map((inside) => host.outside(inside))) {
    const isThere = await access(join(path, 'cgroup.controllers')).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error('the host has no cgroup2');
}

async function readCgroup(directory: string): Promise<UnitUsage> {
  // cgroup2 counts the time also where it has no controller.
  const time = /^usage_usec (\d+)$/m.exec(await readFile(join(directory, 'cpu.stat'), 'latin1'));
  // Whoever reads gets the pids that he knows the processes by: ours.
  const pids = (await readFile(join(directory, 'cgroup.procs'), 'latin1')).split('\n').filter(Boolean);
  const usages = await Promise.all(pids.map((pid) => readUsage(Number(pid))));
  return {
    cpuSeconds: Number(time?.[1]) / 1e6,
    residentMb: usages.reduce((sum, { residentMb }) => sum + residentMb, 0),
    peakMb: Math.max(0, ...usages.map(({ peakMb }) => peakMb)),
    contextSwitches: usages.reduce((sum, { contextSwitches }) => sum + contextSwitches, 0),
    processes: pids.length,
  };
}
