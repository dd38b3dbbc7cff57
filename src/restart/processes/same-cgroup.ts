import type { ProcessInstance } from './find-processes.js';
import type { ProcessStat } from './process-info.js';
import { readCgroups } from './procfs.js';

/**
 * The processes that go with an instance: those below it, without what has moved to a cgroup of its own. The login
 * sessions below an sshd are such, and stopping sshd must not end them.
 */
export async function processesInSameCgroup({ root, below }: ProcessInstance): Promise<ProcessStat[]> {
  const home = await readCgroups(root.pid);
  const kept = await Promise.all(
    below.map(async (stat) => ((await readCgroups(stat.pid)) === home ? [stat] : [])),
  );
  return [root, ...kept.flat()];
}
