import { asyncScheduler, map, type Observable, switchMap } from 'rxjs';
import type { AlarmSignal } from '../../domain/alarm/alarm.js';
import type { LogicalClock } from '../../domain/logical-clock.js';
import { msSinceBoot } from '../../lib/boot-clock.js';
import { pollTicks } from '../../streams/poll-ticks.js';
import type { LiveConfig } from '../shared/live-config.js';

/** Emits the poll ticks of the current configuration. A reload that keeps the intervals does not restart them. */
export function pollTicksFor(
  settings: LiveConfig,
  isStreaming: Observable<boolean>,
): Observable<'check' | 'fallback'> {
  return settings
    .changes(({ monitor: { checkIntervalMs, fallbackIntervalMs } }) => ({
      checkIntervalMs,
      fallbackIntervalMs,
    }))
    .pipe(
      switchMap((intervals) =>
        pollTicks({ ...intervals, isStreaming, scheduler: asyncScheduler, random: Math.random }),
      ),
    );
}

/**
 * Emits an alarm for each clear that an earlier run may have written without its final health check. Such a clear may
 * have overwritten a raise that no cycle handled. The cycle of such an alarm begins with a health check, because the
 * alarm counts as verified.
 */
export function recheckAfterRestart(
  needsHealthCheck: Observable<number>,
  clock: LogicalClock,
): Observable<AlarmSignal> {
  return needsHealthCheck.pipe(
    map((processId): AlarmSignal => {
      const seq = clock.next();
      const seen = {
        raised: false,
        seenAt: Date.now(),
        steadyAt: msSinceBoot(),
        causeSeq: seq,
        readSeq: seq,
      };
      return { kind: 'alarm', alarm: { processId, notes: null, trigger: 'reconnect', ...seen } };
    }),
  );
}
