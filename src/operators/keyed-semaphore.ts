import { Observable, of, ReplaySubject } from 'rxjs';

/** A place, seen from the cycle that has it. */
export interface Slot {
  /** Emits once when the place is held: at once where it still is, else before every cycle that has not begun. */
  acquire(): Observable<void>;
  /** Gives the place to others until `acquire`, because the cycle only waits. Its key stays owned. */
  release(): void;
}

interface SlotRequest {
  /** What only one cycle at a time may touch. */
  readonly key: string;
  /** Called when it is this cycle's turn: it holds a place, and the key until `end`. Must not throw. */
  readonly start: (slot: Slot, end: () => void) => void;
  readonly onClosed: () => void;
}

/** So many cycles for each place may be between their first step and their verdict. */
const BEGUN_PER_PLACE = 64;

/**
 * The places for what runs, at most `max` at once over all cycles, and one cycle for each key (R8). A cycle that has
 * begun goes before every one that has not; among equals the order is that of arrival. Who waits for its key holds back
 * nobody behind it.
 */
export class KeyedSemaphore {
  /** Cycles that have not begun, each with its number in the order of arrival. */
  readonly #waiting = new Map<SlotRequest, number>();
  /** By key. The number of those that may have begun is bounded: thousands would else be restarted and none verified. */
  readonly #begun = new Map<string, Lease>();
  /** Of those: who waits for a place again. */
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

  /** Places that are held now. */
  get held(): number {
    return this.#held;
  }

  /** Cycles between their first step and their verdict. */
  get begun(): number {
    return this.#begun.size;
  }

  /** Cycles that have not begun. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Emits when no cycle may begin any more; at once where that is so already. */
  get closed(): Observable<void> {
    return this.#closed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Changes the number of places; who holds one already keeps it. */
  resize(max: number): void {
    this.#max = max;
    this.#give();
  }

  /** Lets no cycle begin any more; who waits to begin is told so, who has begun gets its places as before (R22). */
  close(): void {
    this.#isClosed = true;
    const waiting = [...this.#waiting.keys()];
    this.#waiting.clear();
    for (const request of waiting) request.onClosed();
    this.#closed.next();
  }

  /** Starts the request when it is its turn, at once if it can be. Returns the function that leaves the queue. */
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

  // A start may end at once and come back here; the outer loop then goes on, so that the stack does not grow with the
  // length of the queue.
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
    if (this.#begun.size >= this.#max * BEGUN_PER_PLACE) return undefined;
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
      // Its key is free, also where its place was already.
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
  /** What goes on when it holds a place again. */
  resume: () => void;
}
