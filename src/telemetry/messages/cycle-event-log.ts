import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { Log } from '../log/log.js';
import { describeCycleEvent } from './describe-cycle-event.js';
import { OncePerName } from './once-per-name.js';

const TELL_FULL_EVERY_MS = 3_600_000;
const TOO_MANY_WAIT =
  'too many cycles wait for other processes (after, requires): further alarms that have to wait stay raised and are met again at every check_interval';

/** Writes each cycle event that an admin cares about as one line, in the words of the documentation. */
export function createCycleEventLog(log: Log): (event: CycleEvent) => void {
  const saidOpen = new Set<number>();
  const postponed = new Set<number>();
  let toldFullAt = Number.NEGATIVE_INFINITY;
  const heldBack = new OncePerName();
  return (event) => {
    const line = describeCycleEvent(event);
    if (event.type === 'refused' || event.type === 'excluded') {
      const worth = heldBack.judge(event.processName, line.message, event.at);
      if (worth.kind === 'too-many' && worth.count !== undefined) {
        log.warn(
          'monitor_service',
          `${worth.count} more ${worth.count === 1 ? 'alarm was' : 'alarms were'} refused or excluded; the log shows only the first 1000 names, notes and history have the others`,
        );
      }
      log[worth.kind === 'new' ? line.level : 'debug'](event.processName, line.message, line.fields);
      return;
    }
    // An alarm that stays raised while its breaker is open is seen at every check; one line is enough.
    const isHeld = saidOpen.has(event.processId) || postponed.has(event.processId);
    const isRepeated = isHeld && isMetAtEveryCheck(event);
    if (event.type === 'postponed') {
      postponed.add(event.processId);
      if (event.at - toldFullAt >= TELL_FULL_EVERY_MS) {
        toldFullAt = event.at;
        log.warn('monitor_service', TOO_MANY_WAIT);
      }
    }
    if (event.type === 'waiting' || event.type === 'attempt-started') postponed.delete(event.processId);
    if (event.type === 'skipped-open' || event.type === 'flapping') saidOpen.add(event.processId);
    if (event.type === 'opened' || event.type === 'closed') saidOpen.delete(event.processId);
    log[isRepeated ? 'debug' : line.level](event.processName, line.message, line.fields);
  };
}

function isMetAtEveryCheck(event: CycleEvent): boolean {
  return event.type === 'skipped-open' || (event.type === 'detected' && event.alarm.trigger === 'poll');
}
