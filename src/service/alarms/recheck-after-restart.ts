import { map, type Observable } from 'rxjs';
import type { EventOrder, ProcessSignal } from '../../domain/alarm/alarm.js';

/**
 * What an earlier run of the service cleared without coming to its end: a raise may have been cleared with it that nobody
 * answered. To the pipeline each is an alarm that was verified already, which begins with a health check.
 */
export function unsettledAlarms(overdue: Observable<number>, order: EventOrder): Observable<ProcessSignal> {
  return overdue.pipe(
    map((processId): ProcessSignal => {
      const place = order.next();
      const seen = { raised: false, seenAt: Date.now(), causedBy: place, knownAt: place };
      return { kind: 'alarm', alarm: { processId, notes: null, trigger: 'reconnect', ...seen } };
    }),
  );
}
