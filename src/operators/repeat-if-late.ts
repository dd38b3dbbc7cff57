import {
  defer,
  finalize,
  interval,
  type MonoTypeOperatorFunction,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
} from 'rxjs';

const TICK_MS = 100;
/** A tick that is this late, in ms, shows that our own event loop was busy or the process was stopped. */
const LATE_MS = 250;
/** Even a service that is always late must reach a verdict. */
const MAX_REPETITIONS = 3;

/**
 * For a source that emits one value. Subscribes to it again if the value is bad and our own event loop was late: a
 * deadline may have fired before an answer that arrived in time was read. A value that `isGood` is always passed on.
 */
export function repeatIfLate<T>(
  isGood: (value: T) => boolean,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  return (source) => tryOnce(source, isGood, scheduler, MAX_REPETITIONS);
}

function tryOnce<T>(
  source: Observable<T>,
  isGood: (value: T) => boolean,
  scheduler: SchedulerLike,
  repetitions: number,
): Observable<T> {
  return defer(() => {
    const punctuality = watchPunctuality(scheduler);
    return source.pipe(
      mergeMap((value) => {
        const wasLate = punctuality.stop();
        if (!wasLate || isGood(value) || repetitions === 0) return of(value);
        return tryOnce(source, isGood, scheduler, repetitions - 1);
      }),
      finalize(() => punctuality.stop()),
    );
  });
}

/** `stop` tells whether a tick was late. A wall clock that is set forward looks the same, and costs a repetition. */
function watchPunctuality(scheduler: SchedulerLike): { stop(): boolean } {
  let last = scheduler.now();
  let wasLate = false;
  const look = (): void => {
    const now = scheduler.now();
    wasLate ||= now - last > TICK_MS + LATE_MS;
    last = now;
  };
  const ticking = interval(TICK_MS, scheduler).subscribe(look);
  return {
    stop() {
      look();
      ticking.unsubscribe();
      return wasLate;
    },
  };
}
