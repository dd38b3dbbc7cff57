import { asyncScheduler, distinctUntilChanged, map, type Observable, switchMap } from 'rxjs';
import type { Config } from '../../config/config.js';
import { pollTicks } from '../../streams/poll-ticks.js';

/** The ticks of the present configuration; a reload that leaves the intervals as they are does not begin them anew. */
export function pollTicksFor(
  config: Observable<Config>,
  isStreaming: Observable<boolean>,
): Observable<'check' | 'fallback'> {
  return config.pipe(
    map(({ monitor: { checkIntervalMs, fallbackIntervalMs } }) => ({ checkIntervalMs, fallbackIntervalMs })),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    switchMap((intervals) => pollTicks({ ...intervals, isStreaming, scheduler: asyncScheduler })),
  );
}
