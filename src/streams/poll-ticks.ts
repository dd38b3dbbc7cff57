import {
  defer,
  distinctUntilChanged,
  map,
  merge,
  NEVER,
  type Observable,
  repeat,
  type SchedulerLike,
  switchMap,
  timer,
} from 'rxjs';
import { jittered } from '../domain/jitter.js';

interface PollTicksOptions {
  readonly checkIntervalMs: number;
  readonly fallbackIntervalMs: number;
  /** Whether the binlog stream is up; emits its current state on subscription. */
  readonly isStreaming: Observable<boolean>;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/**
 * Emits `check` at every check interval, and `fallback` at every fallback interval while the stream is down (R5). Each
 * is up to a tenth shorter at random.
 */
export function pollTicks(options: PollTicksOptions): Observable<'check' | 'fallback'> {
  const { checkIntervalMs, fallbackIntervalMs, isStreaming, scheduler, random } = options;
  const every = (ms: number): Observable<unknown> =>
    defer(() => timer(jittered(ms, random), scheduler)).pipe(repeat());
  const check = every(checkIntervalMs).pipe(map(() => 'check' as const));
  const fallback = isStreaming.pipe(
    distinctUntilChanged(),
    switchMap((up) => (up ? NEVER : every(fallbackIntervalMs))),
    map(() => 'fallback' as const),
  );
  return merge(check, fallback);
}
