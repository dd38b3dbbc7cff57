import { isDeepStrictEqual } from 'node:util';
import { BehaviorSubject, distinctUntilChanged, map, type Observable, Subject } from 'rxjs';
import type { Config } from '../../config/config.js';

/**
 * The current configuration. A reload replaces all of it; each part subscribes to the settings that it depends on
 * (R22).
 */
export class LiveConfig {
  readonly #configs: BehaviorSubject<Config>;
  readonly #reloaded = new Subject<void>();

  constructor(initial: Config) {
    this.#configs = new BehaviorSubject(initial);
  }

  get current(): Config {
    return this.#configs.value;
  }

  /** Emits after each reload, once every subscriber of `changes` has been told. */
  get reloaded(): Observable<void> {
    return this.#reloaded;
  }

  /**
   * Emits the selected settings: the current ones on subscription, then each different value that a reload brings.
   * Subscribers are called in the order of their subscription.
   */
  changes<T>(select: (config: Config) => T): Observable<T> {
    return this.#configs.pipe(map(select), distinctUntilChanged<T>(isDeepStrictEqual));
  }

  /** Puts a new configuration into force and tells the subscribers. */
  replace(next: Config): void {
    this.#configs.next(next);
    this.#reloaded.next();
  }

  /** The service ends: later reloads reach nobody. */
  close(): void {
    this.#configs.complete();
    this.#reloaded.complete();
  }
}
