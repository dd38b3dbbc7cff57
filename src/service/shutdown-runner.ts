import { describeError } from '../domain/errors.js';
import { withTimeout } from '../lib/with-timeout.js';
import type { Log } from '../telemetry/log/log.js';

/** What is ended, with its name for the log, and how. */
type ShutdownStep = readonly [name: string, end: () => unknown];

export interface ShutdownSteps {
  /** At the first signal, in this order: no new cycles, running ones may finish. These steps do not wait. */
  readonly stop: readonly ShutdownStep[];
  /** At a second signal or after `shutdown_timeout`: ends what runs. These steps do not wait. */
  readonly abort: readonly ShutdownStep[];
  /** After the last cycle, one after the other. */
  readonly close: readonly ShutdownStep[];
}

/**
 * A step of `close` is given up after this time, in ms. Commands are killed 2 s after SIGTERM; everything else is
 * faster.
 */
const STEP_LIMIT_MS = 10_000;
/** After `shutdown_timeout`, or a second signal, everything has ended within this time, whatever hangs, in ms. */
const END_LIMIT_MS = 4500;
/** The part of the remaining time that one step may take, so that some is always left for the next one. */
const MAX_PART_OF_REST = 0.6;
/** Aborted cycles usually end at once. Those that still run after this time, in ms, are left behind. */
const CYCLES_LIMIT_MS = 1000;

/** How the service ends (R22). The log names each step. A step that fails or hangs does not prevent the next one. */
export class ShutdownRunner {
  /** Resolves when the last step is done. Never rejects. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  /** When everything must have ended, by the monotonic clock. */
  #endBy = Number.POSITIVE_INFINITY;

  constructor(
    private readonly log: Log,
    private readonly steps: ShutdownSteps,
  ) {
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Runs the `stop` steps. Cycles that still run after `limitMs` are aborted. */
  stop(limitMs: number): void {
    this.#limitTo(limitMs + END_LIMIT_MS);
    this.#runAtOnce('stop', this.steps.stop);
    this.#timer = setTimeout(() => {
      const seconds = limitMs / 1000;
      this.log.warn(
        'monitor_service',
        `running cycles did not end within ${seconds} s (shutdown_timeout in [monitor]) and are aborted now`,
      );
      this.abort();
    }, limitMs);
  }

  /** Runs the `abort` steps, at once. Closes even if a cycle does not end. */
  abort(): void {
    this.#limitTo(END_LIMIT_MS);
    this.#runAtOnce('abort', this.steps.abort);
    if (this.#isClosing) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.log.error('monitor_service', 'shutdown: running cycles do not end and are left behind');
      void this.close();
    }, CYCLES_LIMIT_MS);
  }

  /** Runs the `close` steps. Call it when the last cycle has ended. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#timer);
    for (const [name, end] of this.steps.close) {
      this.#tell('close', name);
      try {
        await withTimeout(this.#stepLimit(), Promise.resolve(end()));
      } catch (error) {
        this.#fail('close', name, error);
      }
    }
    this.#resolveEnded();
  }

  #limitTo(limitMs: number): void {
    this.#endBy = Math.min(this.#endBy, performance.now() + limitMs);
  }

  #stepLimit(): number {
    const leftMs = Math.max(this.#endBy - performance.now(), 0);
    return Math.round(Math.min(STEP_LIMIT_MS, leftMs * MAX_PART_OF_REST));
  }

  #runAtOnce(phase: 'stop' | 'abort', steps: readonly ShutdownStep[]): void {
    for (const [name, end] of steps) {
      this.#tell(phase, name);
      try {
        end();
      } catch (error) {
        this.#fail(phase, name, error);
      }
    }
  }

  #tell(phase: keyof ShutdownSteps, name: string): void {
    this.log.debug('monitor_service', `shutdown, ${phase}: ${name}`);
  }

  #fail(phase: keyof ShutdownSteps, name: string, error: unknown): void {
    this.log.error(
      'monitor_service',
      `shutdown, ${phase}: ${name} failed: ${describeError(error)}; the shutdown goes on`,
    );
  }
}
