import { isDeepStrictEqual } from 'node:util';
import { BehaviorSubject, distinctUntilChanged, map, type Observable, Subject } from 'rxjs';
import type { Config } from '../../config/config.js';

/** The configuration in force. A reload replaces all of it; whoever depends on a part subscribes to that part (R22). */
export class LiveConfig {
  readonly #configs: BehaviorSubject<Config>;
  readonly #reloaded = new Subject<void>();

  constructor(initial: Config) {
    this.#configs = new BehaviorSubject(initial);
  }

  get current(): Config {
    return this.#configs.value;
  }

  /** Emits after each reload, when every subscriber of `changes` has taken it over. */
  get reloaded(): Observable<void> {
    return this.#reloaded;
  }

  /**
   * Emits what `select` takes from the configuration: the present value first, then each different one that a reload
   * brings. Subscribers are told in the order in which they subscribed.
   */
  changes<T>(select: (config: Config) => T): Observable<T> {
    return this.#configs.pipe(map(select), distinctUntilChanged<T>(isDeepStrictEqual));
  }

  replace(next: Config): void {
    this.#configs.next(next);
    this.#reloaded.next();
  }

  /** The service ends: no reload reaches anybody any more. */
  close(): void {
    this.#configs.complete();
    this.#reloaded.complete();
  }
}
