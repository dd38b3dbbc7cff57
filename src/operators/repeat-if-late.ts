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
/** A tick that comes so much too late shows that our own event loop was busy, or that we stood still, ms. */
const LATE_MS = 250;
/** A service that is always late must come to a verdict too. */
const MAX_REPETITIONS = 3;

/**
 * Subscribes again to a source whose one value is bad news, and comes after our own event loop was late: a deadline may
 * have passed before the good news that had arrived in time was seen. `isGood`: the value is believed at once.
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
