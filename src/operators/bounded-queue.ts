import { defer, Observable, type ObservableInput, type OperatorFunction, type Subscription } from 'rxjs';

interface BoundedQueueOptions<T extends object, R> {
  /** How many values may wait. */
  readonly size: number;
  /** `lost`: how many values were dropped since the last one that was processed. */
  readonly project: (value: T, lost: number) => ObservableInput<R>;
}

/**
 * Processes one value at a time, in order of arrival. If too many wait, the oldest is dropped, because the latest
 * matters most. An error of `project` ends the result, so a `project` that may fail must handle its errors.
 */
export function boundedQueue<T extends object, R>({
  size,
  project,
}: BoundedQueueOptions<T, R>): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      const waiting: T[] = [];
      let lost = 0;
      let isWorking = false;
      let hasEnded = false;

      // A loop, not recursion: if `project` completes at once, the stack must not grow with the queue.
      let isLooping = false;
      const work = (): void => {
        if (isLooping) return;
        isLooping = true;
        while (!isWorking && waiting.length > 0 && !subscriber.closed) {
          const [value] = waiting.splice(0, 1);
          if (value !== undefined) begin(value);
        }
        isLooping = false;
        if (hasEnded && !isWorking && waiting.length === 0) subscriber.complete();
      };
      const begin = (value: T): void => {
        isWorking = true;
        const before = lost;
        lost = 0;
        let inner: Subscription | undefined;
        inner = defer(() => project(value, before)).subscribe({
          next: (result) => subscriber.next(result),
          error: (error: unknown) => subscriber.error(error),
          complete() {
            if (inner) subscriber.remove(inner);
            isWorking = false;
            work();
          },
        });
        subscriber.add(inner);
      };

      subscriber.add(
        source.subscribe({
          next(value) {
            waiting.push(value);
            if (waiting.length > size && isWorking) {
              waiting.shift();
              lost += 1;
            }
            work();
          },
          error: (error: unknown) => subscriber.error(error),
          complete() {
            hasEnded = true;
            work();
          },
        }),
      );
    });
}
