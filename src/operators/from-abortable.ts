import { Observable } from 'rxjs';

/**
 * Runs an effect that returns a Promise on subscription, emits its result and completes. Unsubscribing before the
 * result aborts the signal that the effect was given, and a later result is ignored. After the result the signal is
 * never aborted: the effect may have left something running on purpose, such as a started process.
 */
export function fromAbortable<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const controller = new AbortController();
    let answered = false;
    subscriber.add(() => {
      if (!answered) controller.abort();
    });
    effect(controller.signal).then(
      (value) => {
        answered = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        answered = true;
        subscriber.error(error);
      },
    );
  });
}
