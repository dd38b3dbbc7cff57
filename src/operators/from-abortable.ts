import { Observable } from 'rxjs';

/**
 * Runs a Promise-returning effect on subscription, emits its result and completes. Leaving before it has answered
 * aborts the signal that the effect was given; what it answers after that is ignored. After an answer the signal stays
 * as it is: what the effect left behind on purpose, such as a started process, must not be taken for abandoned.
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
