import { map, merge, of, race, take, timer } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { LazySteps } from '../../operators/concat-steps.js';
import { consume } from '../../operators/consume.js';
import type { CycleEffects } from './effects.js';

/** How long the look-up may delay a restart, in ms, if the primary gives no answer. It then counts as raised. */
const LOOK_LIMIT_MS = 3000;

/**
 * Answers a raise that a relay has told only if it is still raised on the primary (R38): it may be told after a reading of
 * the table has found it and a cycle has answered it. A row that is not visible yet is waited for (R3). Nothing is asked
 * without a relay, or if a health check decides anyway.
 */
export function confirmRaise(
  { processId, raised }: Alarm,
  beginsWithCheck: boolean,
  { findRaised, scheduler, slots }: CycleEffects,
  tell: (data: CycleEventData) => CycleEvent,
  answer: () => LazySteps<CycleEvent>,
): LazySteps<CycleEvent> {
  const found = raised && !beginsWithCheck ? findRaised(processId) : undefined;
  if (!found) return answer();
  let isRaised = true;
  const noAnswer = merge(timer(LOOK_LIMIT_MS, scheduler), slots.closed).pipe(map(() => true));
  return [
    () =>
      race(found, noAnswer).pipe(
        take(1),
        consume((result) => {
          isRaised = result;
        }),
      ),
    () => (isRaised ? answer() : [() => of(tell({ type: 'told-late' }))]),
  ];
}
