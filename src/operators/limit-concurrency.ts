import { defer, finalize, Observable, tap } from 'rxjs';
import type { KeyedSemaphore, Slot } from './keyed-semaphore.js';

/**
 * Runs `cycle` when a place is free and nothing else runs for `key` (R8). It holds the place until it gives it back by
 * its `Slot` or ends, and the key until it ends or is left. Completes without a value where the semaphore is closed
 * before its turn.
 */
export function limitConcurrency<T>(
  semaphore: KeyedSemaphore,
  key: string,
  cycle: (slot: Slot) => Observable<T>,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const start = (slot: Slot, end: () => void): void => {
      // The place is free before the end is told: what follows the cycle must not run inside the place. And it is given
      // on only when the cycle has been left: two of one key must not even overlap there.
      defer(() => cycle(slot))
        .pipe(tap({ error: end, complete: end }), finalize(end))
        .subscribe(subscriber);
    };
    subscriber.add(semaphore.request({ key, start, onClosed: () => subscriber.complete() }));
  });
}
