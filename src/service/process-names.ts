import { displayName } from '../domain/alarm.js';

/** The names under which processes were last met. */
export class ProcessNames {
  readonly #names = new Map<number, string>();

  nameOf(processId: number): string {
    return this.#names.get(processId) ?? displayName(processId, undefined);
  }

  learn(processId: number, processName: string | null): void {
    this.#names.set(processId, displayName(processId, processName));
  }
}
