import { asyncScheduler, map, type Observable, switchMap } from 'rxjs';
import type { AlarmSignal, LogicalClock } from '../../domain/alarm/alarm.js';
import { pollTicks } from '../../streams/poll-ticks.js';
import type { LiveConfig } from '../shared/live-config.js';

/** The ticks of the configuration in force; a reload that leaves the intervals as they are does not begin them anew. */
export function pollTicksFor(
  settings: LiveConfig,
  isStreaming: Observable<boolean>,
): Observable<'check' | 'fallback'> {
  return settings
    .changes(({ monitor: { checkIntervalMs, fallbackIntervalMs } }) => ({
      checkIntervalMs,
      fallbackIntervalMs,
    }))
    .pipe(switchMap((intervals) => pollTicks({ ...intervals, isStreaming, scheduler: asyncScheduler })));
}

/**
 * What an earlier run of the service cleared without coming to its end: a raise may have been cleared with it that nobody
 * answered. To the pipeline each is an alarm that was verified already, which begins with a health check.
 */
export function recheckAfterRestart(
  needsHealthCheck: Observable<number>,
  clock: LogicalClock,
): Observable<AlarmSignal> {
  return needsHealthCheck.pipe(
    map((processId): AlarmSignal => {
      const seq = clock.next();
      const seen = { raised: false, seenAt: Date.now(), causeSeq: seq, readSeq: seq };
      return { kind: 'alarm', alarm: { processId, notes: null, trigger: 'reconnect', ...seen } };
    }),
  );
}
