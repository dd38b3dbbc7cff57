import { map, merge, of, race, take, timer } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { LazySteps } from '../../operators/concat-steps.js';
import { consume } from '../../operators/consume.js';
import type { CycleEffects } from './effects.js';

/**
 * How long the look-up may delay a restart, in ms. Then the last answer of the primary decides; without one it is
 * raised.
 */
const LOOK_LIMIT_MS = 3000;

/**
 * Answers a raise that a relay has told only if it is still raised on the primary (R38): it may be told after a reading of
 * the table has found it and a cycle has answered it. A row that is not visible yet is waited for (R3). Nothing is asked
 * without a relay, if a health check decides anyway, or if nothing is acknowledged: then any server is asked, which may be
 * behind the relay.
 */
export function confirmRaise(
  { processId, raised }: Alarm,
  beginsWithCheck: boolean,
  { findRaised, acknowledges, scheduler, slots }: CycleEffects,
  tell: (data: CycleEventData) => CycleEvent,
  answer: () => LazySteps<CycleEvent>,
): LazySteps<CycleEvent> {
  let isRaised = true;
  const onMiss = (): void => {
    isRaised = false;
  };
  const found = raised && !beginsWithCheck && acknowledges() ? findRaised(processId, onMiss) : undefined;
  if (!found) return answer();
  const limit = merge(timer(LOOK_LIMIT_MS, scheduler), slots.closed).pipe(map(() => isRaised));
  return [
    () =>
      race(found, limit).pipe(
        take(1),
        consume((result) => {
          isRaised = result;
        }),
      ),
    () => (isRaised ? answer() : [() => of(tell({ type: 'told-late' }))]),
  ];
}
