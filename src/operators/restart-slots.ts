import { Observable, of, ReplaySubject } from 'rxjs';

/** A slot, as the cycle that has it sees it. */
export interface Slot {
  /** Emits once when the slot is held: at once if it still is, otherwise before every cycle that has not begun. */
  acquire(): Observable<void>;
  /** Gives the slot to others until `acquire`, because the cycle only waits. The cycle keeps its key. */
  release(): void;
}

interface SlotRequest {
  /** The resource that only one cycle at a time may use. */
  readonly key: string;
  /**
   * Called when the cycle gets its slot, which it holds until it releases it; it holds the key until it calls `end`.
   * Must not throw.
   */
  readonly start: (slot: Slot, end: () => void) => void;
  readonly onClosed: () => void;
}

/** How many cycles per slot may be between their first step and their verdict. */
export const BEGUN_PER_SLOT = 64;

/**
 * The slots of the service: at most `max` are held at once, and only one cycle per key runs (R8). A cycle that has
 * begun goes before every cycle that has not; otherwise the order is that of arrival. A cycle that waits for its key
 * does not block the ones behind it.
 *
 * Two cycles of one `process_id` never overlap either; that is the task of `oneCyclePerProcess`.
 */
export class RestartSlots {
  /** Cycles that have not begun, each with its number in order of arrival. */
  readonly #waiting = new Map<SlotRequest, number>();
  /**
   * Cycles that have begun, by key. Their number is bounded: otherwise thousands would be restarted and none
   * verified.
   */
  readonly #begun = new Map<string, Lease>();
  /** Those of them that wait for a slot again. */
  readonly #queued = new Set<Lease>();
  readonly #closed = new ReplaySubject<void>(1);
  #isClosed = false;
  #arrivals = 0;
  #max: number;
  #held = 0;
  #giving = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many slots are held now. */
  get held(): number {
    return this.#held;
  }

  /** How many cycles are between their first step and their verdict. */
  get begun(): number {
    return this.#begun.size;
  }

  /** How many cycles have not begun. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Emits when no cycle may begin any more; on subscription if that is so already. */
  get closed(): Observable<void> {
    return this.#closed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Changes the number of slots. A cycle that holds a slot keeps it. */
  resize(max: number): void {
    this.#max = max;
    this.#give();
  }

  /** Lets no further cycle begin and tells the waiting ones. Cycles that have begun get their slots as before (R22). */
  close(): void {
    this.#isClosed = true;
    const waiting = [...this.#waiting.keys()];
    this.#waiting.clear();
    for (const request of waiting) request.onClosed();
    this.#closed.next();
  }

  /** Starts the request when it is its turn, possibly at once. Returns a function that leaves the queue. */
  request(request: SlotRequest): () => void {
    if (this.#isClosed) {
      request.onClosed();
      return () => {};
    }
    this.#arrivals += 1;
    this.#waiting.set(request, this.#arrivals);
    this.#give();
    return () => this.#waiting.delete(request);
  }

  // `start` may end at once and call this again. Then the outer loop goes on, so that the stack does not grow with
  // the queue.
  #give(): void {
    if (this.#giving) return;
    this.#giving = true;
    for (let start = this.#next(); start; start = this.#next()) start();
    this.#giving = false;
  }

  #next(): (() => void) | undefined {
    if (this.#held >= this.#max) return undefined;
    const lease = this.#firstQueued();
    if (lease) return () => this.#resume(lease);
    if (this.#begun.size >= this.#max * BEGUN_PER_SLOT) return undefined;
    for (const [request, arrival] of this.#waiting) {
      if (!this.#begun.has(request.key)) return () => this.#begin(request, arrival);
    }
    return undefined;
  }

  #firstQueued(): Lease | undefined {
    let first: Lease | undefined;
    for (const lease of this.#queued) if (!first || lease.arrival < first.arrival) first = lease;
    return first;
  }

  #begin(request: SlotRequest, arrival: number): void {
    this.#waiting.delete(request);
    const lease: Lease = { arrival, holds: true, resume: () => {} };
    this.#begun.set(request.key, lease);
    this.#held += 1;
    const slot = { acquire: () => this.#acquire(lease), release: () => this.#release(lease) };
    request.start(slot, () => {
      if (this.#begun.get(request.key) !== lease) return;
      this.#begun.delete(request.key);
      this.#release(lease);
      // The key is free now, even if the slot was released before.
      this.#give();
    });
  }

  #resume(lease: Lease): void {
    this.#queued.delete(lease);
    lease.holds = true;
    this.#held += 1;
    lease.resume();
  }

  #acquire(lease: Lease): Observable<void> {
    if (lease.holds) return of(undefined);
    return new Observable((subscriber) => {
      lease.resume = () => {
        subscriber.next();
        subscriber.complete();
      };
      this.#queued.add(lease);
      subscriber.add(() => this.#queued.delete(lease));
      this.#give();
    });
  }

  #release(lease: Lease): void {
    if (!lease.holds) return;
    lease.holds = false;
    this.#held -= 1;
    this.#give();
  }
}

/** A cycle that has begun. */
interface Lease {
  readonly arrival: number;
  holds: boolean;
  /** Called when the cycle holds a slot again. */
  resume: () => void;
}
