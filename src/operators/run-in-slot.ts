import { defer, finalize, Observable, tap } from 'rxjs';
import type { RestartSlots, Slot } from './restart-slots.js';

/**
 * Runs `cycle` when a slot is free and no other cycle runs for `key` (R8). The cycle holds the slot until it releases
 * it or ends, and the key until it ends or is unsubscribed. Completes without a value if the slots are closed
 * before its turn.
 */
export function runInSlot<T>(
  slots: RestartSlots,
  key: string,
  cycle: (slot: Slot) => Observable<T>,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const start = (slot: Slot, end: () => void): void => {
      // `end` comes before the completion goes downstream, so that what follows the cycle does not run inside its
      // slot. It also comes only after the cycle was unsubscribed, so that two cycles of one key never overlap.
      defer(() => cycle(slot))
        .pipe(tap({ error: end, complete: end }), finalize(end))
        .subscribe(subscriber);
    };
    subscriber.add(slots.request({ key, start, onClosed: () => subscriber.complete() }));
  });
}
