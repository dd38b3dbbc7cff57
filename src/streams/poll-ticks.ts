import {
  distinctUntilChanged,
  interval,
  map,
  merge,
  NEVER,
  type Observable,
  type SchedulerLike,
  switchMap,
} from 'rxjs';

interface PollTicksOptions {
  readonly checkIntervalMs: number;
  readonly fallbackIntervalMs: number;
  /** Whether the binlog stream is up; emits its current state on subscription. */
  readonly isStreaming: Observable<boolean>;
  readonly scheduler: SchedulerLike;
}

/** Emits `check` at every check interval, and `fallback` at every fallback interval while the stream is down (R5). */
export function pollTicks(options: PollTicksOptions): Observable<'check' | 'fallback'> {
  const { checkIntervalMs, fallbackIntervalMs, isStreaming, scheduler } = options;
  const check = interval(checkIntervalMs, scheduler).pipe(map(() => 'check' as const));
  const fallback = isStreaming.pipe(
    distinctUntilChanged(),
    switchMap((up) => (up ? NEVER : interval(fallbackIntervalMs, scheduler))),
    map(() => 'fallback' as const),
  );
  return merge(check, fallback);
}
