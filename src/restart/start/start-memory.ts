import { isDeepStrictEqual } from 'node:util';
import type { ProgramStart } from './start-plan.js';

/**
 * Remembers how programs were running when they were last seen, by system name. When a program has crashed, or its
 * start failed after the stop, there is nothing left to look at; a later attempt starts what is remembered here. The
 * environments hold secrets and are never logged (R24).
 */
export class StartMemory {
  readonly #starts: Map<string, readonly ProgramStart[]>;
  readonly #begun: Set<string>;
  /** Those of `#begun` that an earlier run of the service left, and this run has not touched. */
  readonly #left: Set<string>;
  #onChange: () => unknown = () => {};

  /** `begun`: whose restart an earlier run of the service began, without a verdict. */
  constructor(
    starts: ReadonlyMap<string, readonly ProgramStart[]> = new Map(),
    begun: Iterable<string> = [],
  ) {
    this.#starts = new Map(starts);
    this.#begun = new Set(begun);
    this.#left = new Set(this.#begun);
  }

  get(systemName: string): readonly ProgramStart[] | undefined {
    return this.#starts.get(systemName);
  }

  set(systemName: string, starts: readonly ProgramStart[]): void {
    this.#left.delete(systemName);
    if (isDeepStrictEqual(this.#starts.get(systemName), starts)) return;
    this.#starts.set(systemName, starts);
    this.#onChange();
  }

  forget(systemName: string): void {
    this.#left.delete(systemName);
    this.#begun.delete(systemName);
    if (this.#starts.delete(systemName)) this.#onChange();
  }

  /** The process is about to be stopped. Resolves when its start is saved, if it is saved at all. */
  async begin(systemName: string): Promise<void> {
    this.#left.delete(systemName);
    if (this.#begun.has(systemName)) return;
    this.#begun.add(systemName);
    await this.#onChange();
  }

  /** The process runs again. */
  end(systemName: string): void {
    this.#left.delete(systemName);
    if (this.#begun.delete(systemName)) this.#onChange();
  }

  /** Those that were stopped, and for all that is known do not run again. */
  get begun(): ReadonlySet<string> {
    return this.#begun;
  }

  /** Those that an earlier run stopped, and that no restart of this run has touched. */
  get left(): ReadonlySet<string> {
    return this.#left;
  }

  /** Sets the only listener, which is called after every change. `begin` waits for what it returns. */
  onChange(listener: () => unknown): void {
    this.#onChange = listener;
  }

  snapshot(): ReadonlyMap<string, readonly ProgramStart[]> {
    return new Map(this.#starts);
  }
}
