import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../../domain/errors.js';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { processesInSameCgroup } from '../processes/same-cgroup.js';
import { stopProcesses } from '../processes/stop-processes.js';
import { newInstances } from './find-respawned.js';
import { livingParents, type Supervisors } from './supervisors.js';

/** A supervisor (a loop, runit, supervisord) starts its process anew within a few seconds. */
const SUPERVISOR_MS = 5000;
/** A slower one is waited for this long at most, and is watched for this long. */
const MAX_SUPERVISOR_MS = 60_000;
const LOOK_AGAIN_MS = 500;

interface WatchOptions {
  readonly systemName: string;
  readonly find: FindProcesses;
  /** Those that ran before the stop. */
  readonly before: readonly ProcessInstance[];
  readonly supervisors: Supervisors;
  readonly stopTimeoutMs: number;
  /** When the old ones had ended, by `performance.now()`. */
  readonly stoppedAt: number;
}

/**
 * Looks on after a start of ours while the parent of what was stopped lives: if it starts a second instance, the one that
 * we started is ended. The name's next restart waits for this supervisor as long as it took. One watch for each name; it
 * ends with the next restart of the name, since nobody else may touch its processes then.
 */
export class SecondInstanceWatch {
  readonly #running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();
  readonly #tookMs = new Map<string, number>();

  /** `onEnded`: told what was done, for the log. */
  constructor(
    private readonly onEnded: (systemName: string, message: string) => void = () => {},
    private readonly supervisorMs = SUPERVISOR_MS,
  ) {}

  /** How long a supervisor of this name is waited for before we start it ourselves. */
  waitMs(systemName: string): number {
    const tookMs = this.#tookMs.get(systemName);
    if (tookMs === undefined) return this.supervisorMs;
    return Math.min(MAX_SUPERVISOR_MS, tookMs * 1.25 + 1000);
  }

  begin(options: WatchOptions): void {
    if (livingParents(options.supervisors).length === 0) return;
    const { systemName } = options;
    const abort = new AbortController();
    const ended = this.#watch(options, abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted)
          this.onEnded(
            systemName,
            `it cannot be told whether its supervisor started a second instance: ${describeError(error)}`,
          );
      })
      .finally(() => {
        if (this.#running.get(systemName)?.abort === abort) this.#running.delete(systemName);
      });
    this.#running.set(systemName, { abort, ended });
  }

  /** Resolves when nothing is looked at or ended any more for this name. */
  async end(systemName: string): Promise<void> {
    const running = this.#running.get(systemName);
    running?.abort.abort();
    await running?.ended;
  }

  close(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  async #watch(options: WatchOptions, signal: AbortSignal): Promise<void> {
    const { systemName, find, before, supervisors, stopTimeoutMs, stoppedAt } = options;
    const ours = newInstances(before, (await find(systemName)).instances);
    const deadline = performance.now() + MAX_SUPERVISOR_MS;
    while (performance.now() < deadline && ours.length > 0) {
      const parents = new Set(livingParents(supervisors).map(({ pid }) => pid));
      if (parents.size === 0) return;
      await delay(LOOK_AGAIN_MS, undefined, { signal, ref: false });
      const added = newInstances([...before, ...ours], (await find(systemName)).instances);
      // Only who belongs to the supervisor counts: anybody may call a program by this name.
      const theirs = added.filter(({ root }) => parents.has(root.ppid));
      if (signal.aborted || theirs.length === 0) continue;
      this.#tookMs.set(systemName, performance.now() - stoppedAt);
      const stopping = (await Promise.all(ours.map(processesInSameCgroup))).flat();
      await stopProcesses(stopping, { timeoutMs: stopTimeoutMs, signal });
      this.onEnded(
        systemName,
        `its supervisor started pid ${list(theirs)} after ${Math.round((this.#tookMs.get(systemName) ?? 0) / 1000)} s: ` +
          `pid ${list(ours)}, which this service had started meanwhile, was ended`,
      );
      return;
    }
  }
}

function list(instances: readonly ProcessInstance[]): string {
  return instances.map(({ root }) => root.pid).join(', ');
}
