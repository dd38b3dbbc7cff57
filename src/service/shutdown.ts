import type { Observable, Subject } from 'rxjs';
import type { KeyedSemaphore } from '../operators/limit-concurrency.js';
import type { Log } from '../telemetry/log/log.js';
import type { SystemdNotifier } from '../telemetry/systemd/systemd-notifier.js';
import type { RunningCommands } from './alarms/running-commands.js';

export interface ShutdownOptions {
  readonly log: Log;
  readonly notifier: SystemdNotifier;
  readonly places: KeyedSemaphore;
  readonly running: RunningCommands;
  /** Told when no new cycle may begin; what it ends completes by itself. */
  readonly stopping: Subject<void>;
  /** Everything that needs an end of its own when nothing runs any more. */
  readonly close: () => Promise<void>;
}

/** How the service ends (R22): the cycles first, then their commands, then what they needed. */
export class Shutdown {
  /** Resolves when the service has ended. */
  readonly ended: Promise<void>;
  #resolve: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #leave: () => void = () => {};
  #isStopping = false;
  #isEnding = false;

  constructor(private readonly options: ShutdownOptions) {
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** No new cycles are begun. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Starts the pipeline; when it completes the service ends. */
  follow(pipeline: Observable<unknown>): void {
    const subscription = pipeline.subscribe({ complete: () => this.#end() });
    this.#leave = () => subscription.unsubscribe();
  }

  /** No new cycles; running ones may finish within this time. */
  stop(limitMs: number): void {
    const { log, notifier, places, stopping } = this.options;
    this.#isStopping = true;
    stopping.next();
    places.close();
    notifier.stopping(limitMs + ENDING_MS);
    this.#timer = setTimeout(() => {
      log.warn(
        'monitor_service',
        `running cycles did not end within ${limitMs / 1000} s, they are ended now`,
      );
      this.abort();
    }, limitMs);
  }

  /** Ends everything now. */
  abort(): void {
    // First: a place that an aborted cycle gives back must not start the next one.
    this.options.places.close();
    this.#leave();
    this.#end();
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearTimeout(this.#timer);
    const { running, close } = this.options;
    running.allEnded().subscribe(() => void close().then(this.#resolve));
  }
}

/** After the shutdown timeout: killing commands, the last write of the state, closing the connections. */
const ENDING_MS = 15_000;
