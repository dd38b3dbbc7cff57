import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { readCgroups } from '../processes/procfs.js';
import { isOfSession, unitOfCgroups } from '../systemd/unit-of-cgroups.js';

/**
 * Finds the same processes, but for those in somebody's login session. Where a unit of the name exists, a program that a
 * person has started is not the daemon (R19, R29): it neither stands in for the unit nor proves that it is healthy.
 */
export function outsideSessions(find: FindProcesses): FindProcesses {
  return async (...args) => {
    const found = await find(...args);
    const isInSession = await Promise.all(found.instances.map(isInstanceInSession));
    return { ...found, instances: found.instances.filter((_, index) => !isInSession[index]) };
  };
}

async function isInstanceInSession({ root }: ProcessInstance): Promise<boolean> {
  const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
  return unit !== undefined && isOfSession(unit);
}
