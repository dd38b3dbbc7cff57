import { displayName } from '../../domain/alarm/alarm.js';
import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { withTimeout } from '../../lib/with-timeout.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { LiveDatabase } from './live-database.js';

/** How long a look-up of names may take, in ms. They are only for display. */
const FOUND_WITHIN_MS = 500;
/** Bounds the memory: there may be very many rows, and they come and go. */
const MAX_NAMES = 10_000;

/** The last known name of each process, for display. The names that reactions use are in `KnownNames`. */
export class DisplayNames implements ServiceObserver {
  readonly #names = new BoundedMap<number, string>(MAX_NAMES);

  /** `onFound` is called with each name that was looked up in PROCESE. */
  constructor(
    private readonly database: Pick<LiveDatabase, 'current'>,
    private readonly onFound: (processId: number, processName: string) => void = () => {},
  ) {}

  /** The name, or a text with the id if the name is not known. */
  nameOf(processId: number): string {
    return this.#names.get(processId) ?? displayName(processId, undefined);
  }

  learn(processId: number, processName: string | null): void {
    this.#names.set(processId, displayName(processId, processName));
  }

  onEvent({ processId, processName }: CycleEvent): void {
    // An event has the text with the id where the name was not known: it must still be looked up.
    if (processName !== displayName(processId, undefined)) this.learn(processId, processName);
  }

  /**
   * Asks the database for names that are not known yet, such as those of processes in the state file. Never rejects:
   * a process whose name cannot be read in time is shown by its id.
   */
  async lookUp(processIds: readonly number[]): Promise<void> {
    const unknown = processIds.filter((processId) => !this.#names.has(processId));
    if (unknown.length === 0) return;
    try {
      const found = await withTimeout(FOUND_WITHIN_MS, this.database.current.table.readNames(unknown));
      for (const [processId, { name }] of found) {
        // An event or a reading has told it meanwhile, and may know a later one.
        if (this.#names.has(processId)) continue;
        this.learn(processId, name);
        this.onFound(processId, name);
      }
    } catch {
      // The next reading of the table reports the problem.
    }
  }
}
