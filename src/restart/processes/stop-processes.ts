import { setTimeout as delay } from 'node:timers/promises';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { hasCode } from '../../lib/has-code.js';
import type { ProcessIdentity, ProcessStat } from './process-info.js';
import { readIfAlive } from './procfs.js';

/** How long to wait after SIGKILL, in ms. It works at once, except on a process that waits in the kernel. */
const KILL_WAIT_MS = 5000;
/** The rest of the stop timeout if the service itself must end, in ms. */
const HURRY_MS = 2000;
const LOOK_AGAIN_MS = 20;

/**
 * Stops the processes (R18): SIGTERM, and after `timeoutMs` SIGKILL for those that are left. Checks the start time of
 * each before each signal, because its pid may have been reused. On abort it waits less but does not give up: a
 * half-stopped program is worse than a restarted one. Throws RestartError if a process may not be stopped or
 * survives.
 */
export async function stopProcesses(
  processes: readonly ProcessIdentity[],
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  let living = signalLiving(processes, 'SIGTERM');
  // A stopped process handles SIGTERM only after SIGCONT.
  living = signalLiving(living, 'SIGCONT');
  let deadline = performance.now() + options.timeoutMs;
  while (living.length > 0 && performance.now() < deadline) {
    await delay(LOOK_AGAIN_MS);
    living = stillLiving(living);
    if (options.signal.aborted) deadline = Math.min(deadline, performance.now() + HURRY_MS);
  }
  if (living.length === 0) return;
  living = signalLiving(living, 'SIGKILL');
  const giveUp = performance.now() + KILL_WAIT_MS;
  while (living.length > 0 && performance.now() < giveUp) {
    await delay(LOOK_AGAIN_MS);
    living = stillLiving(living);
  }
  if (living.length > 0) throw new RestartError(describeSurvivors(living), true);
}

function stillLiving(processes: readonly ProcessIdentity[]): ProcessStat[] {
  return processes.map(readIfAlive).filter((stat) => stat !== undefined);
}

function signalLiving(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): ProcessStat[] {
  return processes.flatMap((identity) => {
    const living = readIfAlive(identity);
    return living && send(living, signal) ? [living] : [];
  });
}

function send({ pid, comm }: ProcessStat, signal: NodeJS.Signals): boolean {
  if (pid <= 1 || pid === process.pid) throw new RestartError(`pid ${pid} is never stopped`, false);
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw new RestartError(`not permitted to stop pid ${pid} (${comm})`, false, {
      remedy: 'run this service as root',
      cause: error,
    });
  }
}

function describeSurvivors(survivors: readonly ProcessStat[]): string {
  const each = survivors.map(
    ({ pid, state }) => `pid ${pid}${state === 'D' ? ' (waits in the kernel, state D)' : ''}`,
  );
  return `${each.join(', ')} still there ${KILL_WAIT_MS / 1000} s after SIGKILL`;
}
