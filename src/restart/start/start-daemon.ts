import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { RestartError } from '../../domain/cycle/restart-target.js';
import type { ProcessInstance } from '../processes/find-processes.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { startDetached } from './start-detached.js';
import type { DaemonState, StartedDaemon, StartPlan } from './start-plan.js';
import { startTransient } from './start-transient.js';

/** A program that still runs this long after its start counts as started, in ms. The health check decides the rest. */
const GRACE_MS = 500;
const LOOK_AGAIN_MS = 50;

interface StartOptions {
  readonly systemName: string;
  /** Finds the instances of the process that were not there before this start. */
  readonly findStarted: () => Promise<readonly ProcessInstance[]>;
  /** Deadline of a start command, in ms (R16). */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Undefined if this host has no systemd. */
  readonly systemd?: SystemdClient | undefined;
  /** Waits for a promise while nothing of this start runs but the daemon (R8). */
  readonly whileIdle: <T>(waiting: Promise<T>) => Promise<T>;
}

/**
 * Starts a daemon so that it outlives this service (R18). Resolves to what was started, for the log. Throws
 * RestartError if it cannot be executed or ends with an error within half a second. A start command may end and leave
 * its daemon in the background, or stay and be the daemon itself. One that has done neither at the deadline is killed
 * (R16). An abort ends only the wait, never what was started.
 */
export async function startDaemon(plan: StartPlan, options: StartOptions): Promise<string> {
  const daemon = options.systemd
    ? await startTransient(plan, options.systemName, options.systemd)
    : await startDetached(plan);
  const follow = new Follow(daemon);
  try {
    return await (plan.kind === 'command'
      ? confirmCommand(daemon, follow, options)
      : confirmProgram(daemon, follow, options));
  } finally {
    follow.stop();
  }
}

/** The last known state of a daemon. Its processes are looked up in /proc, which reports nothing by itself. */
class Follow {
  #state: DaemonState = { state: 'running', pid: 0 };
  #error: unknown;
  #onEnd: () => void = () => {};
  readonly #subscription: Subscription;

  constructor(daemon: StartedDaemon) {
    this.#subscription = daemon.states.subscribe({
      next: (state) => {
        this.#state = state;
        if (state.state !== 'running') this.#onEnd();
      },
      error: (error) => {
        this.#error = error ?? new Error('its state is unknown');
        this.#onEnd();
      },
    });
  }

  /** The last known state. Throws RestartError if systemd cannot be reached (R27). */
  get state(): DaemonState {
    if (this.#error !== undefined) throw this.#error;
    return this.#state;
  }

  /** Resolves when it no longer runs, or its state is unknown, and at the latest after this time. */
  async endedWithin(ms: number): Promise<void> {
    if (this.#error !== undefined || this.#state.state !== 'running') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#onEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

async function confirmProgram(daemon: StartedDaemon, follow: Follow, options: StartOptions): Promise<string> {
  const graceEnds = performance.now() + GRACE_MS;
  await options.whileIdle(follow.endedWithin(GRACE_MS));
  for (;;) {
    const seen = follow.state;
    if (seen.state === 'failed')
      throw new RestartError(`${options.systemName} ended at once: ${seen.reason}`, true);
    if (seen.state === 'running' && performance.now() >= graceEnds) return describe(daemon.name, seen.pid);
    if (seen.state === 'done') {
      // Looks more than once: a daemon that forks twice can be missed while /proc is read.
      const pids = await startedPids(options);
      if (pids.length > 0) return `pid ${pids.join(', ')}`;
      if (performance.now() >= graceEnds)
        throw new RestartError(`${options.systemName} ended at once (exit code 0)`, true);
    }
    await options.whileIdle(delay(LOOK_AGAIN_MS));
  }
}

async function confirmCommand(daemon: StartedDaemon, follow: Follow, options: StartOptions): Promise<string> {
  const { systemName, timeoutMs, signal } = options;
  const startedAt = performance.now();
  for (;;) {
    const seen = follow.state;
    if (seen.state === 'failed') throw new RestartError(`start_command: ${seen.reason}`, true);
    const passed = performance.now() - startedAt;
    if (seen.state === 'done' || passed >= GRACE_MS) {
      const pids = await startedPids(options);
      if (pids.length > 0) return `pid ${pids.join(', ')} by start_command`;
      // It may run under another name. The health check will tell.
      if (seen.state === 'done') return 'by start_command';
    }
    // The old process is stopped already, and this may be the new one: a stop of the service must not take it away.
    if (signal.aborted) throw new RestartError('start_command: aborted, it goes on by itself', true);
    if (passed >= timeoutMs) {
      await daemon.stop();
      const why = `no end within ${timeoutMs / 1000} s and no process ${systemName}`;
      throw new RestartError(`start_command: ${why}, killed`, true);
    }
    await delay(LOOK_AGAIN_MS);
  }
}

async function startedPids({ findStarted }: StartOptions): Promise<number[]> {
  return (await findStarted()).map(({ root }) => root.pid);
}

function describe(name: string, pid: number): string {
  return name === `pid ${pid}` || pid === 0 ? name : `pid ${pid} in ${name}`;
}
