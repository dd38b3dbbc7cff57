import type { ProcessInstance } from './find-processes.js';
import type { ProcessStat } from './process-info.js';
import { readCgroups } from './procfs.js';

/**
 * The processes that belong to an instance: its descendants, except those that moved to another cgroup. The login
 * sessions below an sshd are in other cgroups, and stopping sshd must not end them.
 */
export async function processesInSameCgroup({ root, below }: ProcessInstance): Promise<ProcessStat[]> {
  const home = await readCgroups(root.pid);
  const kept = await Promise.all(
    below.map(async (stat) => ((await readCgroups(stat.pid)) === home ? [stat] : [])),
  );
  return [root, ...kept.flat()];
}
