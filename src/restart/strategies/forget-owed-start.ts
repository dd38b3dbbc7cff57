import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { FindProcesses } from '../processes/find-processes.js';
import { isSameProcess } from '../processes/process-info.js';
import type { StartMemory } from '../start/start-memory.js';
import { findOfTarget } from './find-of-target.js';

/**
 * Forgets the start that an earlier run of the service owes to a process (R11), if as many instances of it run as are owed:
 * otherwise it could be started from nothing long after (R25). The very process that was to be stopped may be ending still,
 * and counts once its stop must be over. `sinceMs`: how long ago this run of the service began. What this run has touched
 * meanwhile is left alone. Never rejects: what cannot be told now is looked at the next time.
 */
export async function forgetOwedStart(
  target: RestartTarget,
  memory: StartMemory,
  find: FindProcesses,
  sinceMs: number,
): Promise<void> {
  const { systemName, settings } = target;
  const owed = memory.get(systemName) ?? [];
  const stopped = owed.flatMap(({ seenAs }) => seenAs ?? []);
  const isStopOver = sinceMs > settings.stopTimeoutMs;
  try {
    const { instances } = await findOfTarget(target, memory, find)(systemName);
    const running = instances.filter(
      ({ root }) => isStopOver || !stopped.some((before) => isSameProcess(before, root)),
    );
    const isPaid = running.length >= Math.max(owed.length, 1);
    if (isPaid && memory.left.has(systemName)) memory.forget(systemName);
  } catch {
    // It cannot be told (R27).
  }
}
