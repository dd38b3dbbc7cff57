import { map, type Observable } from 'rxjs';
import type { AlarmSignal, LogicalClock } from '../../domain/alarm/alarm.js';

/**
 * What an earlier run of the service cleared without coming to its end: a raise may have been cleared with it that nobody
 * answered. To the pipeline each is an alarm that was verified already, which begins with a health check.
 */
export function recheckAfterRestart(
  needsHealthCheck: Observable<number>,
  order: LogicalClock,
): Observable<AlarmSignal> {
  return needsHealthCheck.pipe(
    map((processId): AlarmSignal => {
      const place = order.next();
      const seen = { raised: false, seenAt: Date.now(), causeSeq: place, readSeq: place };
      return { kind: 'alarm', alarm: { processId, notes: null, trigger: 'reconnect', ...seen } };
    }),
  );
}
