import { type Observable, Subject } from 'rxjs';
import { BoundedMap } from '../domain/bounded-map.js';

/** A table may have very many rows. If the name of a process_id is forgotten, any name fits. */
const MAX_NAMES = 50_000;

/** A process_id whose name has changed: everything known about it belongs to another process. */
export interface ChangedIdentity {
  readonly processId: number;
  readonly before: string;
  readonly now: string;
}

/**
 * Knows the name of the process behind each process_id. What is stored under a process_id belongs to that process
 * alone: a row that gets another name inherits no breaker, no handled alarm and no unconfirmed clear.
 */
export class ProcessIdentities {
  readonly #names = new BoundedMap<number, string>(MAX_NAMES);
  readonly #renamed = new Subject<ChangedIdentity>();

  /** `saved`: the names to which the state of an earlier run belongs. If a name is missing, any name fits. */
  constructor(saved: ReadonlyMap<number, string> = new Map()) {
    for (const [processId, name] of saved) this.#names.set(processId, name);
  }

  /** Emits before anything is done for the new name. */
  get renamed(): Observable<ChangedIdentity> {
    return this.#renamed;
  }

  /** The name that PROCESE has now for this process_id. */
  meet(processId: number, now: string): void {
    const before = this.#names.get(processId);
    if (before === now) return;
    this.#names.set(processId, now);
    if (before !== undefined) this.#renamed.next({ processId, before, now });
  }

  /** The known names of these process_ids. */
  namesOf(processIds: Iterable<number>): ReadonlyMap<number, string> {
    const names = new Map<number, string>();
    for (const processId of processIds) {
      const name = this.#names.get(processId);
      if (name !== undefined) names.set(processId, name);
    }
    return names;
  }
}
