import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../../domain/errors.js';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import { processesInSameCgroup } from '../processes/processes-in-same-cgroup.js';
import { stopProcesses } from '../processes/stop-processes.js';
import { newInstances } from './find-respawned.js';
import { livingParents, type Supervisors } from './supervisors.js';

/**
 * How long to wait for a supervisor (a loop, runit, supervisord), in ms. It usually starts its process again within a
 * few seconds.
 */
const SUPERVISOR_MS = 5000;
/** The longest wait for a slower supervisor, and how long it is watched, in ms. */
const MAX_SUPERVISOR_MS = 60_000;
const LOOK_AGAIN_MS = 500;

interface WatchOptions {
  readonly systemName: string;
  readonly find: FindProcesses;
  /** The instances before the stop. */
  readonly before: readonly ProcessInstance[];
  readonly supervisors: Supervisors;
  readonly stopTimeoutMs: number;
  /** When the old instances had ended, by `performance.now()`. */
  readonly stoppedAt: number;
}

/**
 * Watches after a start of ours while the parent of the stopped process is alive. If the parent starts a second
 * instance, the instance that we started is ended, and the next restart of the name waits for this supervisor as long
 * as it took. One watch per name. It ends with the next restart of the name, because nothing else may touch its
 * processes then.
 */
export class SecondInstanceWatch {
  readonly #running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();
  readonly #tookMs = new Map<string, number>();

  /** `onEnded` gets what was done, for the log. */
  constructor(
    private readonly onEnded: (systemName: string, message: string) => void = () => {},
    private readonly supervisorMs = SUPERVISOR_MS,
  ) {}

  /** How long to wait for a supervisor of this name before we start the process ourselves, in ms. */
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
            `cannot tell whether its supervisor started a second instance: ${describeError(error)}`,
          );
      })
      .finally(() => {
        if (this.#running.get(systemName)?.abort === abort) this.#running.delete(systemName);
      });
    this.#running.set(systemName, { abort, ended });
  }

  /** Ends the watch. Resolves when it no longer looks at or ends processes of this name. */
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
    // Only children of the supervisor count: anybody may run a program of this name.
    const isTheirs = ({ root }: ProcessInstance): boolean =>
      livingParents(supervisors).some(({ pid }) => pid === root.ppid);
    // The supervisor may have started one while our start was confirmed.
    const ours = newInstances(before, (await find(systemName)).instances).filter(
      (instance) => !isTheirs(instance),
    );
    const deadline = performance.now() + MAX_SUPERVISOR_MS;
    while (performance.now() < deadline && ours.length > 0) {
      if (livingParents(supervisors).length === 0) return;
      await delay(LOOK_AGAIN_MS, undefined, { signal, ref: false });
      const added = newInstances([...before, ...ours], (await find(systemName)).instances);
      const theirs = added.filter(isTheirs);
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
