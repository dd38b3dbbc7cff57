import { isOnRequest } from '../../domain/alarm/alarm.js';
import { isOwnNote } from '../../domain/alarm/format-note.js';
import { describeOpening } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent, WaitedFor } from '../../domain/cycle/cycle-event.js';
import { describePause, type Pause } from '../../domain/cycle/pause.js';
import { formatLocalTime } from '../../domain/local-time.js';
import { shellWord } from '../../lib/shell-word.js';
import type { Log, LogFields } from '../log/log.js';

interface EventLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields?: LogFields;
}

/** The log line of a cycle event, in the words of the documentation, and its level. */
export function describeCycleEvent(event: CycleEvent): EventLine {
  switch (event.type) {
    case 'detected': {
      const { trigger, notes, by } = event.alarm;
      if (trigger === 'manual') return { level: 'info', message: `restart requested by ${by}` };
      if (trigger === 'restart-with')
        return { level: 'info', message: `to be restarted: ${by} was restarted (restart_with)` };
      const fields = { process_id: event.processId, ...(notes && !isOwnNote(notes) ? { notes } : {}) };
      return { level: 'info', message: `alarm seen (${trigger})`, fields };
    }
    case 'refused': {
      const fields = { process_id: event.processId };
      const remedy = event.remedy === undefined ? '' : `; ${event.remedy}`;
      return { level: 'error', message: `refused, nothing is restarted: ${event.reason}${remedy}`, fields };
    }
    case 'excluded':
      return {
        level: 'info',
        message: `${isOnRequest(event.alarm) ? 'not restarted:' : 'alarm seen, but'} the process is excluded by exclude in [monitor]; take it out there, or clear the alarm`,
      };
    case 'paused': {
      const what = isOnRequest(event.alarm) ? 'not restarted' : 'alarm seen';
      return { level: 'info', message: `${what}, ${describePause(event.pause)}; ${endOf(event.pause)}` };
    }
    case 'skipped-open':
      return {
        level: 'warn',
        message: `not restarted: circuit breaker open until ${formatLocalTime(event.retryAt)}`,
      };
    case 'flapping':
      return {
        level: 'error',
        message: `${describeOpening(0, event)}; circuit breaker opened, no restart until ${formatLocalTime(event.retryAt)}; ${afterRepair(event)}`,
      };
    case 'waiting':
      return { level: 'info', message: describeWait(event.waitsFor) };
    case 'postponed':
      return {
        level: 'debug',
        message: `${describeWait(event.waitsFor)}, but too many cycles wait; ${HELD}`,
      };
    case 'pre-restart-started':
      return { level: 'debug', message: 'pre-restart command started' };
    case 'attempt-started':
      return { level: 'debug', message: `attempt ${event.attempt}/${event.maxAttempts} started` };
    case 'restart-begun':
      return { level: 'debug', message: `restart of attempt ${event.attempt} runs` };
    case 'restarted': {
      const { strategy, detail } = event.report;
      return { level: 'info', message: `restarted by ${strategy} in ${event.tookMs} ms: ${detail}` };
    }
    case 'attempt-failed':
      return {
        level: 'warn',
        message: `attempt ${event.attempt}/${event.maxAttempts} failed, ${STEP[event.step]}: ${event.reason}`,
      };
    case 'verified':
      return {
        level: 'info',
        message: `verified healthy (${event.detail}), attempt ${event.attempt}, ${event.tookMs} ms after it began`,
      };
    case 'unproven':
      return {
        level: 'info',
        message:
          'restarted, not proven: the service stops before stable_for is over, and checks its health first when it starts again',
      };
    case 'rechecked':
      return describeRecheck(event);
    case 'exhausted':
      return {
        level: 'error',
        message: `${describeFailedCycle(event)}; ${event.isManual ? UNASKED : HELD}`,
      };
    case 'withdrawn':
      return { level: 'info', message: 'alarm was withdrawn: no further restart' };
    case 'told-late':
      return {
        level: 'info',
        message: 'the relay told an alarm late: it is no longer raised on the primary, no restart',
      };
    case 'opened':
      return {
        level: 'error',
        message: `circuit breaker opened ${describeOpening(event.failures, undefined)}, no restart until ${formatLocalTime(event.retryAt)}; ${afterRepair(event)}`,
      };
    case 'escalated':
      return event.reason === undefined
        ? { level: 'info', message: `escalated: escalation_command ended after ${event.tookMs} ms` }
        : { level: 'error', message: `not escalated: escalation_command: ${event.reason}` };
    case 'half-opened':
      return { level: 'info', message: 'circuit breaker half-open: one cycle may run' };
    case 'closed':
      return {
        level: 'info',
        message: `circuit breaker closed${event.by === undefined ? '' : ` by ${event.by}`}`,
      };
    case 'answered':
      return { level: 'info', message: 'alarm handled; the row is not changed (acknowledge = none)' };
    case 'cleared':
      if (event.changed) return { level: 'info', message: `alarm cleared in ${event.tookMs} ms` };
      // Follows a warning that the clear cannot be written, so its end is news.
      return event.retried
        ? {
            level: 'info',
            message: `alarm cleared within ${event.tookMs} ms, by an earlier try whose answer was lost or by somebody else`,
          }
        : { level: 'debug', message: 'nothing to clear: the alarm was already cleared' };
    case 'noted':
      return event.changed
        ? { level: 'debug', message: `note written: ${event.notes}` }
        : { level: 'debug', message: 'no note written: the alarm was already cleared' };
    case 'write-failed':
      // Only the first failure is news.
      return {
        level: event.attempt === 1 ? 'warn' : 'debug',
        message: `cannot write the ${event.what}, retrying${event.what === 'clear' ? ' until it succeeds' : ''}: ${event.reason}`,
      };
    case 'faulted':
      return {
        level: 'error',
        message: `a defect of the service ended the cycle, the alarm stays raised: ${event.reason}; please report it with the log at level = DEBUG`,
      };
  }
}

/** The command that ends this pause, and no other. */
function endOf({ maintenance, processName }: Pause): string {
  const resume = 'it ends with: monitor_service resume';
  if (maintenance !== undefined) return `${resume} --maintenance ${shellWord(maintenance)}`;
  return processName === undefined ? resume : `${resume} ${shellWord(processName)}`;
}

function afterRepair({ processName }: CycleEvent): string {
  return `after the repair: monitor_service reset ${shellWord(processName)}`;
}

function describeRecheck(event: Extract<CycleEvent, { type: 'rechecked' }>): EventLine {
  const { alarm, healthy, detail, isRestarted = false } = event;
  // A reconcile may have read the old alarm or a new one. Then the check is a precaution, and only an unhealthy process
  // is news.
  const why = isRestarted
    ? 'its unit was started after the alarm was raised'
    : alarm.raised
      ? 'alarm raised again meanwhile'
      : 'checked once more before the alarm is cleared';
  if (!healthy) return { level: 'warn', message: `${why}: not healthy, ${detail}` };
  return {
    level: alarm.raised || isRestarted ? 'info' : 'debug',
    message: `${why}: healthy (${detail}), no restart`,
  };
}

/** `waits for db, cache`, or with the reason why one of them is not answered now. */
export function describeWait(waitsFor: readonly WaitedFor[]): string {
  const shown = waitsFor.map(({ processName, reason }) =>
    reason === undefined ? processName : `${processName} (${reason})`,
  );
  return `waits for ${shown.join(', ')}`;
}

const HELD = 'the alarm stays raised and is tried again at the next check_interval';
const UNASKED = 'no automatic retry, unless its alarm is raised';

const STEP = {
  'pre-restart': 'pre-restart command',
  restart: 'restart',
  verify: 'health check',
} as const;

/** Why a cycle failed, without what happens to its alarm. */
export function describeFailedCycle(event: Extract<CycleEvent, { type: 'exhausted' }>): string {
  if (event.step === 'pre-restart')
    return `pre-restart command failed, nothing was restarted: ${event.reason}`;
  if (event.attempts === 0) return `not restarted: cannot tell whether it is healthy: ${event.reason}`;
  const attempts = `${event.attempts} attempt${event.attempts === 1 ? '' : 's'}`;
  return `not restarted: ${attempts} failed, last in ${STEP[event.step]}: ${event.reason}`;
}
