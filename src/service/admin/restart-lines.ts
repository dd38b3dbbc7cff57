import {
  asapScheduler,
  defaultIfEmpty,
  filter,
  map,
  merge,
  type Observable,
  observeOn,
  share,
  take,
  takeUntil,
} from 'rxjs';
import type { RestartLine } from '../../control/replies.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { shellWord } from '../../lib/shell-word.js';
import { describeCycleEvent, describeFailedCycle } from '../../telemetry/messages/describe-cycle-event.js';

/** The commands that end what holds a process back. */
export const REMEDY = {
  paused: (processName: string | undefined) =>
    `monitor_service resume${processName === undefined ? '' : ` ${shellWord(processName)}`}`,
  open: (processName: string) => `monitor_service reset ${shellWord(processName)}`,
};

/**
 * Turns the events of one cycle into the lines of the reply to a restart request. Ends with a line that says how the restart
 * ended, also if the cycle ends without an event that says it.
 */
export function restartLines(events: Observable<CycleEvent>): Observable<RestartLine> {
  const shared = events.pipe(share());
  const verdict = shared.pipe(
    filter(endsRestart),
    take(1),
    map(toOutcome),
    defaultIfEmpty(NOT_DONE),
    // Events of the same turn, such as the opening of the breaker, still belong to the cycle. What happens after the
    // database has answered does not. A timer would be too late on a busy machine.
    observeOn(asapScheduler),
  );
  return merge(shared.pipe(takeUntil(verdict), map(toLine)), verdict);
}

/** What was asked for by a name is not done to the process of another one. */
const NOT_DONE: RestartLine = {
  verified: false,
  message: 'not restarted: while it waited, its row got another name in PROCESE, or the service was stopped',
  remedy: 'monitor_service status shows what is known of it',
};

/** A cycle may begin with a health check, and then restarts only what is not healthy. */
function endsRestart(event: CycleEvent): boolean {
  return event.type === 'rechecked' ? event.healthy : event.type in IS_VERIFIED;
}

/** The events that end the restart. The value says whether it succeeded. */
const IS_VERIFIED: Partial<Record<CycleEvent['type'], boolean>> = {
  verified: true,
  exhausted: false,
  refused: false,
  excluded: false,
  paused: false,
  'skipped-open': false,
  flapping: false,
  withdrawn: false,
  'told-late': false,
  faulted: false,
};

function toLine(event: CycleEvent): RestartLine {
  const { level, message } = describeCycleEvent(event);
  return { at: event.at, type: event.type, level, message };
}

function toOutcome(event: CycleEvent): RestartLine {
  // A manual restart may have no alarm, so the text must not say that the alarm stays raised.
  const message =
    event.type === 'exhausted'
      ? describeFailedCycle(event)
      : event.type === 'rechecked'
        ? `healthy, not restarted (${event.detail})`
        : describeCycleEvent(event).message;
  const remedy =
    event.type === 'paused'
      ? REMEDY.paused(event.pause.processName)
      : event.type === 'skipped-open'
        ? REMEDY.open(event.processName)
        : undefined;
  return { verified: IS_VERIFIED[event.type] === true, message, ...(remedy === undefined ? {} : { remedy }) };
}
