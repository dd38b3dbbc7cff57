import type { Run } from '../scene/recorded-fleet.js';
import type { CommittedAlarm } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { Finding } from './excuse.js';
import { endedBetween, pausedBetween } from './paused-between.js';
import { isHealthy } from './process-runs.js';

/**
 * How long after a clear the check may begin that answers an alarm which the clear has overwritten (R12), ms: the answer
 * to the clear may be late, and its echo is waited for. Time in which the service could not run comes on top.
 */
export const FOLLOW_UP_MS = 20_000;
/** `date` in a script and the server's clock are read one after the other. */
const CLOCK_TOLERANCE_MS = 1;

/**
 * Whether an alarm that the service cleared had been answered: the last command before the clear was a check that began
 * after the raise, and found the process healthy. Or the clear has overwritten the raise: that check began before it, and
 * the first command after the clear is a check again. A restart there would be the answer to another alarm, by luck.
 */
export function howAnswered(
  { raisedAt }: CommittedAlarm,
  clearedAt: number,
  runs: readonly Run[],
  { pauses }: Pick<Evidence, 'pauses'>,
): Finding {
  const place = runs.findLastIndex(({ begin }) => begin <= clearedAt);
  const verified = runs[place];
  const isVerified = verified && isHealthy(verified) && (verified.end ?? 0) <= clearedAt + CLOCK_TOLERANCE_MS;
  // Nothing but a healthy process is a reason to clear, whatever was overwritten by it.
  if (!isVerified) return 'violation';
  if (verified.begin >= raisedAt) return undefined;
  const latest = (at: number) => clearedAt + FOLLOW_UP_MS + pausedBetween(pauses, clearedAt, at);
  const next = runs[place + 1];
  if (next?.what === 'check') {
    return next.begin <= latest(next.begin) ? 'checked after the clear that overwrote it' : 'violation';
  }
  // The next run of the service restarts first what stands again by then.
  const check = runs.slice(place + 1).find(({ what }) => what === 'check');
  if (!check || check.begin > latest(check.begin)) return 'violation';
  return endedBetween(pauses, clearedAt, next?.begin ?? check.begin)
    ? 'checked after the clear and an end of the service'
    : 'violation';
}
