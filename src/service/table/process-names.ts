import { displayName } from '../../domain/alarm/alarm.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { DataSource } from './data-source.js';

/** Names are worth a moment's wait, not more, ms. */
const FOUND_WITHIN_MS = 1000;

/** The names under which processes were last met. */
export class ProcessNames {
  readonly #names = new Map<number, string>();

  nameOf(processId: number): string {
    return this.#names.get(processId) ?? displayName(processId, undefined);
  }

  learn(processId: number, processName: string | null): void {
    this.#names.set(processId, displayName(processId, processName));
  }

  /**
   * Asks the database for those that have not been met, such as the ones of the state file. Never rejects: what cannot
   * be found out soon goes by its id.
   */
  async lookUp(processIds: readonly number[], { table }: DataSource): Promise<void> {
    const unknown = processIds.filter((processId) => !this.#names.has(processId));
    if (unknown.length === 0) return;
    try {
      const found = await withTimeout(FOUND_WITHIN_MS, table.readNames(unknown));
      for (const [processId, { name }] of found) this.learn(processId, name);
    } catch {
      // Who reads the table for more than names tells of it.
    }
  }
}
