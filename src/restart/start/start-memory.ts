import { isDeepStrictEqual } from 'node:util';
import type { ProgramStart } from './start-plan.js';

/**
 * Remembers how programs were running when they were last seen, by system name. When a program has crashed, or its
 * start failed after the stop, there is nothing left to look at; a later attempt starts what is remembered here. The
 * environments hold secrets and are never logged (R24).
 */
export class StartMemory {
  readonly #starts: Map<string, readonly ProgramStart[]>;
  #onChange: () => void = () => {};

  constructor(starts: ReadonlyMap<string, readonly ProgramStart[]> = new Map()) {
    this.#starts = new Map(starts);
  }

  get(systemName: string): readonly ProgramStart[] | undefined {
    return this.#starts.get(systemName);
  }

  set(systemName: string, starts: readonly ProgramStart[]): void {
    if (isDeepStrictEqual(this.#starts.get(systemName), starts)) return;
    this.#starts.set(systemName, starts);
    this.#onChange();
  }

  forget(systemName: string): void {
    if (this.#starts.delete(systemName)) this.#onChange();
  }

  /** Sets the only listener, which is called after every change. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  snapshot(): ReadonlyMap<string, readonly ProgramStart[]> {
    return new Map(this.#starts);
  }
}
