import { asapScheduler, filter, map, merge, type Observable, observeOn, share, take, takeUntil } from 'rxjs';
import type { RestartLine } from '../../control/replies.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeCycleEvent, describeFailedCycle } from '../../telemetry/messages/describe-cycle-event.js';

/** What to type where a process is held back. */
export const REMEDY = {
  paused: (processName: string | undefined) =>
    `monitor_service resume${processName === undefined ? '' : ` ${processName}`}`,
  open: (processName: string) => `monitor_service reset ${processName}`,
};

/** The events of one process as the lines that answer a restart: up to the one that ends the restarting, told as how it ended. */
export function restartLines(events: Observable<CycleEvent>): Observable<RestartLine> {
  const shared = events.pipe(share());
  const verdict = shared.pipe(
    filter(({ type }) => type in IS_VERIFIED),
    take(1),
    // What follows in the same turn, such as the opening of the breaker, still belongs to it. What the database answers
    // does not, and comes after this: a timer would be late on a busy machine.
    observeOn(asapScheduler),
  );
  return merge(shared.pipe(takeUntil(verdict), map(toLine)), verdict.pipe(map(toOutcome)));
}

/** The events that end the restarting, and whether they end it well. */
const IS_VERIFIED: Partial<Record<CycleEvent['type'], boolean>> = {
  verified: true,
  exhausted: false,
  refused: false,
  excluded: false,
  paused: false,
  'skipped-open': false,
  withdrawn: false,
  faulted: false,
};

function toLine(event: CycleEvent): RestartLine {
  const { level, message } = describeCycleEvent(event);
  return { at: event.at, type: event.type, level, message };
}

function toOutcome(event: CycleEvent): RestartLine {
  // There may be no alarm that could stay raised.
  const message = event.type === 'exhausted' ? describeFailedCycle(event) : describeCycleEvent(event).message;
  const remedy =
    event.type === 'paused'
      ? REMEDY.paused(event.pause.processName)
      : event.type === 'skipped-open'
        ? REMEDY.open(event.processName)
        : undefined;
  return { verified: IS_VERIFIED[event.type] === true, message, ...(remedy === undefined ? {} : { remedy }) };
}
