import { type Observable, Subject } from 'rxjs';

/** A process_id that had another name before: whatever is known of it is of another process. */
export interface Renaming {
  readonly processId: number;
  readonly before: string;
  readonly now: string;
}

/**
 * Which process, by its name, each process_id stands for. What is kept under a process_id is of that process alone: a row
 * that gets another name inherits no breaker, no alarm that was answered and no clear that is in doubt.
 */
export class ProcessIdentities {
  readonly #names: Map<number, string>;
  readonly #renamed = new Subject<Renaming>();

  /** `saved`: the names to which the state of an earlier run belongs. Unknown where they are missing: then any name fits. */
  constructor(saved: ReadonlyMap<number, string> = new Map()) {
    this.#names = new Map(saved);
  }

  /** Told before anything is done for the new name. */
  get renamed(): Observable<Renaming> {
    return this.#renamed;
  }

  /** PROCESE calls this process_id so now. */
  meet(processId: number, now: string): void {
    const before = this.#names.get(processId);
    if (before === now) return;
    this.#names.set(processId, now);
    if (before !== undefined) this.#renamed.next({ processId, before, now });
  }

  /** Of these, where known. */
  namesOf(processIds: Iterable<number>): ReadonlyMap<number, string> {
    const names = new Map<number, string>();
    for (const processId of processIds) {
      const name = this.#names.get(processId);
      if (name !== undefined) names.set(processId, name);
    }
    return names;
  }
}
