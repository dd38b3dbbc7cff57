import { displayName } from '../../domain/alarm/alarm.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { LiveDatabase } from './live-database.js';

/** Names are worth a moment's wait, not more, ms. */
const FOUND_WITHIN_MS = 1000;

/** The names under which processes were last met. */
export class ProcessNames implements ServiceObserver {
  readonly #names = new Map<number, string>();

  constructor(private readonly database: Pick<LiveDatabase, 'current'>) {}

  nameOf(processId: number): string {
    return this.#names.get(processId) ?? displayName(processId, undefined);
  }

  learn(processId: number, processName: string | null): void {
    this.#names.set(processId, displayName(processId, processName));
  }

  onEvent({ processId, processName }: CycleEvent): void {
    this.learn(processId, processName);
  }

  /**
   * Asks the database for those that have not been met, such as the ones of the state file. Never rejects: what cannot
   * be found out soon goes by its id.
   */
  async lookUp(processIds: readonly number[]): Promise<void> {
    const unknown = processIds.filter((processId) => !this.#names.has(processId));
    if (unknown.length === 0) return;
    try {
      const found = await withTimeout(FOUND_WITHIN_MS, this.database.current.table.readNames(unknown));
      for (const [processId, { name }] of found) this.learn(processId, name);
    } catch {
      // Who reads the table for more than names tells of it.
    }
  }
}
