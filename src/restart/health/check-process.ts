import type { HealthVerdict } from '../../domain/cycle/restart-target.js';
import { type FindProcesses, findProcesses } from '../processes/find-processes.js';
import { isDead } from '../processes/process-info.js';
import { readAllStats } from '../processes/procfs.js';

/** Whether a process of this name runs: by executable or arguments, or by a comm that holds it, as pgrep would. */
export async function checkProcess(
  systemName: string,
  find: FindProcesses = findProcesses,
): Promise<HealthVerdict> {
  const { instances } = await find(systemName);
  const pids = instances.length > 0 ? instances.map(({ root }) => root.pid) : await findByComm(systemName);
  return pids.length === 0
    ? { healthy: false, reason: `no process ${systemName} runs` }
    : { healthy: true, detail: `pid ${pids.join(', ')}` };
}

async function findByComm(name: string): Promise<number[]> {
  const stats = await readAllStats();
  return stats
    .filter(
      (stat) => stat.pid !== process.pid && !stat.kernelThread && !isDead(stat) && stat.comm.includes(name),
    )
    .map(({ pid }) => pid);
}
