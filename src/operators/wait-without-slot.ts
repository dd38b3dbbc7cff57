import type { Slot } from './restart-slots.js';

/**
 * Waits for the promise without a slot, because nothing runs meanwhile (R8), and acquires the slot again when the
 * promise has settled. Rejects if `signal` is aborted: a cycle that was left must not acquire another slot.
 */
export async function waitWithoutSlot<T>(slot: Slot, signal: AbortSignal, waiting: Promise<T>): Promise<T> {
  // Nobody else listens to it. If it fails after the cycle was left, its error must not end this process (R13).
  waiting.catch(() => {});
  signal.throwIfAborted();
  slot.release();
  await Promise.allSettled([waiting]);
  await holdAgain(slot, signal);
  return waiting;
}

function holdAgain(slot: Slot, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const subscription = slot.acquire().subscribe(() => resolve());
    const onAbort = (): void => {
      subscription.unsubscribe();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
