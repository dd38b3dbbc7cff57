import { finalize, type MonoTypeOperatorFunction, Observable, tap } from 'rxjs';

/**
 * Runs the source only while it holds one of the `places` (R8): subscribes to it when a place is free and nothing else
 * runs for `target`, gives the place back when the source ends or the subscriber leaves. Completes without a value
 * where the places are closed before its turn.
 */
export function limitConcurrency<T>(places: KeyedSemaphore, target: string): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      let isWaiting = true;
      const start = (release: () => void): void => {
        isWaiting = false;
        // The place is free before the end is told: what follows the source must not run inside the place. And it is
        // given on only when the source has been left: two of one target must not even overlap there.
        source.pipe(tap({ error: release, complete: release }), finalize(release)).subscribe(subscriber);
      };
      const giveUp = places.claim({ target, start, onClosed: () => subscriber.complete() });
      subscriber.add(() => {
        if (isWaiting) giveUp();
      });
    });
}

interface SlotRequest {
  readonly target: string;
  /** Called when it is this claim's turn. Must not throw. */
  readonly start: (release: () => void) => void;
  readonly onClosed: () => void;
}

type ClaimState = 'waiting' | 'held' | 'released';

/**
 * The places for cycles, given in order of arrival. Two rows can name the same target; the second waits for the first
 * without holding a place, and without holding back whoever stands behind it.
 */
export class KeyedSemaphore {
  readonly #waiting = new Map<SlotRequest, { state: ClaimState; readonly release: () => void }>();
  readonly #busyTargets = new Set<string>();
  #max: number;
  #closed = false;
  #giving = false;

  constructor(max: number) {
    this.#max = max;
  }

  get held(): number {
    return this.#busyTargets.size;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Changes the number of places; who holds one already keeps it. */
  resize(max: number): void {
    this.#max = max;
    this.#give();
  }

  /** Gives no place any more; who waits is told so, who holds one keeps it (R22). */
  close(): void {
    this.#closed = true;
    const waiting = [...this.#waiting.keys()];
    this.#waiting.clear();
    for (const claim of waiting) claim.onClosed();
  }

  /** Starts the claim when it is its turn, at once if it can be. Returns the function that gives its place back. */
  claim(claim: SlotRequest): () => void {
    if (this.#closed) {
      claim.onClosed();
      return () => {};
    }
    const entry = { state: 'waiting' as ClaimState, release: () => {} };
    const release = (): void => {
      const { state } = entry;
      entry.state = 'released';
      if (state === 'waiting') this.#waiting.delete(claim);
      if (state !== 'held') return;
      this.#busyTargets.delete(claim.target);
      this.#give();
    };
    entry.release = release;
    this.#waiting.set(claim, entry);
    this.#give();
    return release;
  }

  // A start may end at once and come back here; the outer loop then goes on, so that the stack does not grow with the
  // length of the queue.
  #give(): void {
    if (this.#giving) return;
    this.#giving = true;
    for (let claim = this.#next(); claim; claim = this.#next()) this.#start(claim);
    this.#giving = false;
  }

  #next(): SlotRequest | undefined {
    if (this.#busyTargets.size >= this.#max) return undefined;
    for (const claim of this.#waiting.keys()) if (!this.#busyTargets.has(claim.target)) return claim;
    return undefined;
  }

  #start(claim: SlotRequest): void {
    const entry = this.#waiting.get(claim);
    this.#waiting.delete(claim);
    if (!entry) return;
    entry.state = 'held';
    this.#busyTargets.add(claim.target);
    claim.start(entry.release);
  }
}
