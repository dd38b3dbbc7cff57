import { isDeepStrictEqual } from 'node:util';
import type { ProgramStart } from './start-plan.js';

/**
 * How programs ran when they were last seen running, by system name. When a start fails after the stop, or a program has
 * crashed, there is nothing left to look at: this is what a later attempt starts. Environments hold secrets: it is in no
 * log (R24).
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

  /** Told of every change; there is one listener. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  snapshot(): ReadonlyMap<string, readonly ProgramStart[]> {
    return new Map(this.#starts);
  }
}
