import { Observable } from 'rxjs';

/**
 * Runs a Promise-returning effect on subscription, emits its result and completes. Leaving aborts the signal that the
 * effect was given; what it answers after that is ignored.
 */
export function fromAbortable<T>(effect: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const controller = new AbortController();
    subscriber.add(() => controller.abort());
    // An async function, so that a synchronous throw becomes an error of the stream as well.
    const run = async (): Promise<T> => effect(controller.signal);
    run().then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}
