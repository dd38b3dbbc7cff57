import { setTimeout as delay } from 'node:timers/promises';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { isSameProcess } from '../processes/process-info.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { countSupervised, maySupervise, type Supervisors } from './supervisors.js';

const LOOK_AGAIN_MS = 100;

interface RespawnOptions {
  readonly systemName: string;
  readonly find: FindProcesses;
  /** The instances that ran before the stop. */
  readonly before: readonly ProcessInstance[];
  readonly supervisors: Supervisors;
  /** How long to wait for a supervisor, in ms. */
  readonly waitMs: number;
  readonly systemd: UnitReader | undefined;
  readonly signal: AbortSignal;
  /** How many are to run: no more than these are waited for, and no more than have a supervisor. */
  readonly count: number;
}

/** The instances that somebody else has started since the stop. The service starts none in their place. */
export async function findRespawned(options: RespawnOptions): Promise<readonly ProcessInstance[]> {
  const { systemName, find, before, supervisors, waitMs, systemd, signal, count } = options;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const isLast =
      performance.now() >= deadline || signal.aborted || !(await maySupervise(supervisors, systemd));
    const successors = newInstances(before, (await find(systemName)).instances);
    const awaited = Math.min(count, countSupervised(supervisors));
    if (successors.length >= awaited || isLast) return successors;
    await delay(LOOK_AGAIN_MS);
  }
}

/** The instances that run `now` and did not run `before`. */
export function newInstances(
  before: readonly ProcessInstance[],
  now: readonly ProcessInstance[],
): ProcessInstance[] {
  return now.filter(({ root }) => !before.some((old) => isSameProcess(old.root, root)));
}
