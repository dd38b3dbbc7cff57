import type { Observable } from 'rxjs';
import { fromAbortable } from '../../operators/from-abortable.js';

/**
 * Keeps track of commands that have been started and have not ended. Unsubscribing from a cycle aborts its command,
 * but killing takes time. The shutdown waits for it here, or a command that ignores SIGTERM would survive the service
 * (R16). SQL statements are not tracked: a frozen database must not keep the service from stopping (R22).
 */
export class RunningCommands {
  readonly #running = new Set<Promise<unknown>>();

  /** Runs the effect on subscription. Unsubscribing aborts its signal. */
  run<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return fromAbortable((signal) => {
      const running = effect(signal);
      this.#running.add(running);
      const forget = (): boolean => this.#running.delete(running);
      running.then(forget, forget);
      return running;
    });
  }

  /** Resolves when every effect that runs now has ended. */
  async allEnded(): Promise<void> {
    await Promise.allSettled([...this.#running]);
  }
}
