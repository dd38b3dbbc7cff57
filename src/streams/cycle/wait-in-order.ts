import { distinctUntilChanged, map, type Observable, takeUntil } from 'rxjs';
import { type Alarm, displayName } from '../../domain/alarm/alarm.js';
import type { CycleEvent, CycleEventData, WaitedFor } from '../../domain/cycle/cycle-event.js';
import { describePause } from '../../domain/cycle/pause.js';
import type { RestartOrder, RowState } from '../../domain/cycle/restart-order.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { CycleEffects } from './effects.js';

/** What was known of a process when its wait for others began. */
export interface Waited {
  readonly since: number;
  readonly name: string | null | undefined;
}

/**
 * Completes when the processes that go before this one are answered (R35), the alarm that it is for is gone, or the service
 * stops. Says for whom it waits, and again when that has changed. Where too many wait it does not wait: `postponed`.
 */
export function waitInOrder(
  { processName }: RestartTarget,
  effects: CycleEffects,
  alarm: Alarm,
  inbox: CycleInbox,
  tell: (data: CycleEventData) => CycleEvent,
  mayBePostponed: boolean,
): Observable<CycleEvent> {
  const orderNow = (): RestartOrder => {
    const admission = effects.admit(processName);
    return admission.kind === 'accepted' ? admission.target.settings : {};
  };
  return effects.order.wait(orderNow, alarm, inbox, mayBePostponed).pipe(
    map(({ rows, isPostponed }) => ({
      type: isPostponed ? ('postponed' as const) : ('waiting' as const),
      waitsFor: describeAwaited(rows, effects),
    })),
    distinctUntilChanged((before, now) => JSON.stringify(before) === JSON.stringify(now)),
    map(tell),
    takeUntil(effects.slots.closed),
  );
}

/** Rows of one name are one process. */
function describeAwaited(rows: readonly RowState[], effects: CycleEffects): readonly WaitedFor[] {
  const byName = new Map<string, WaitedFor>();
  for (const row of rows) {
    const processName = displayName(row.processId, row.processName);
    const reason = row.verdictsDue > 0 ? undefined : whyUnanswered(row, effects);
    byName.set(processName, { processName, ...(reason === undefined ? {} : { reason }) });
  }
  return [...byName.values()];
}

function whyUnanswered({ processId, processName }: RowState, effects: CycleEffects): string {
  if (!processName) return 'PROCESE has no row for it';
  const { kind } = effects.admit(processName);
  if (kind !== 'accepted') return kind;
  const pause = effects.pauseOf(processName, processId);
  if (pause) return describePause(pause);
  return effects.breaker.isOpen(processId) ? 'its circuit breaker is open' : 'its last cycle failed';
}
