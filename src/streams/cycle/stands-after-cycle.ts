import { catchError, defer, map, type Observable, of, switchMap, timer } from 'rxjs';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS, RAISED_VISIBLE_AFTER_MS } from '../../domain/alarm/row-visibility.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { CycleEffects } from './effects.js';

/** For this long after the binlog has shown the last change, there is none that it has not shown, ms. */
const SHOWN_FOR_MS = 2000;

/**
 * Tells whether the alarm that a cycle has handled still stands, where the service does not write to the table
 * (`acknowledge = none`). An alarm that somebody has taken back meanwhile must not be remembered as one that is handled:
 * the next alarm of its process would be taken for it. Emits once and never errors: a row that cannot be read is as it
 * was.
 */
export function standsAfterCycle(
  alarm: Alarm,
  inbox: CycleInbox,
  effects: CycleEffects,
): Observable<boolean> {
  const { scheduler } = effects;
  const look = defer(() => effects.isStillRaised(alarm.processId));
  const lookWithPatience = look.pipe(
    switchMap((raised) => {
      // A reading soon after a raise may not see it yet (R3).
      const raisedAt = Math.max(alarm.raised ? alarm.steadyAt : Number.NEGATIVE_INFINITY, inbox.raisedAt);
      const doubtedForMs = raisedAt + RAISED_VISIBLE_AFTER_MS - scheduler.now();
      if (raised || inbox.withdrawn || doubtedForMs <= 0) return of(raised);
      // The clock may have been set meanwhile, so the wait has a bound.
      return timer(Math.min(doubtedForMs, RAISED_VISIBLE_AFTER_MS), scheduler).pipe(switchMap(() => look));
    }),
  );
  return defer(() => {
    if (inbox.withdrawn) return of(false);
    if (isLoweringShown(alarm, effects)) return of(true);
    return lookWithPatience.pipe(
      // Nobody need have raised an alarm for a cycle that was asked for.
      catchError(() => of(!isOnRequest(alarm))),
      map((raised) => raised && !inbox.withdrawn),
    );
  });
}

/** Whether the binlog would have shown that the alarm was taken back. Then it need not be read. */
function isLoweringShown(alarm: Alarm, { changesShown, scheduler }: CycleEffects): boolean {
  const shown = changesShown(alarm.processId);
  if (!shown || isOnRequest(alarm)) return false;
  // A reading soon after a hidden change may have found the alarm that it has lowered (R3).
  const doubtedForMs = alarm.raised ? 0 : LOWERED_VISIBLE_AFTER_MS;
  return shown.since + doubtedForMs <= alarm.steadyAt && scheduler.now() - shown.upTo < SHOWN_FOR_MS;
}
