import { from, type Observable } from 'rxjs';
import { fromAbortable } from '../operators/from-abortable.js';

/**
 * Remembers what has been started and has not ended. A cycle that is left aborts its command, but killing takes time:
 * who ends the process must wait for it, or a command that ignores SIGTERM would live on (R16).
 */
export class RunningEffects {
  readonly #running = new Set<Promise<unknown>>();

  run<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return fromAbortable((signal) => {
      const running = effect(signal);
      this.#running.add(running);
      const forget = (): boolean => this.#running.delete(running);
      running.then(forget, forget);
      return running;
    });
  }

  /** Emits once when everything that runs now has ended. */
  settled(): Observable<unknown> {
    return from(Promise.allSettled([...this.#running]));
  }
}
