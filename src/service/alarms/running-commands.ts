import type { Observable } from 'rxjs';
import { fromAbortable } from '../../operators/from-abortable.js';

/**
 * Remembers the commands that have been started and have not ended. A cycle that is left aborts its command, but
 * killing takes time: who ends the process must wait for it, or a command that ignores SIGTERM would live on (R16).
 * Statements do not belong here: a database that is frozen must not keep the service from ending (R22).
 */
export class RunningCommands {
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

  /** Resolves when everything that runs now has ended. */
  async allEnded(): Promise<void> {
    await Promise.allSettled([...this.#running]);
  }
}
