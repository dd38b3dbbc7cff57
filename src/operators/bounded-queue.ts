import { defer, Observable, type ObservableInput, type OperatorFunction, type Subscription } from 'rxjs';

interface BoundedQueueOptions<T extends object, R> {
  /** How many may wait. */
  readonly size: number;
  /** `lost`: how many that waited before it were given up since the last one that was worked on. */
  readonly project: (value: T, lost: number) => ObservableInput<R>;
}

/**
 * Works on one value at a time, in order of arrival; the others wait. Where too many wait the oldest is given up: the
 * latest is what somebody should know. An error of `project` ends the result; a project that may fail deals with it.
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

      // A loop, not a call at each end: a project that ends at once must not make the stack grow with the queue.
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
