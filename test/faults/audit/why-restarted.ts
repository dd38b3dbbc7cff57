import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';
import type { CommittedAlarm } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { ExcuseKind, Finding } from './excuse.js';
import { FOLLOW_UP_MS } from './how-answered.js';
import { timesInLog } from './log-lines.js';
import { pausedBetween } from './paused-between.js';
import { isBad } from './process-runs.js';

/**
 * How long a restart may come after somebody has taken its alarm back, ms: what is older than 2 s is asked for again
 * before an attempt, and a command takes a moment to begin.
 */
export const STALE_MS = 2500;
/** The same where something was in the way: that question is given up after 3 s. The time in the way comes on top. */
export const NEWS_MS = 5000;
/** A clear of a service that was killed may be carried out after the next one has read the table. */
const LATE_CLEAR_MS = 3000;
/** For so long after a clear its row change is waited for, and those before it. */
const LATE_CHANGE_MS = 2000;
/** No fault lasts that long. Spares the look at all pauses for each alarm of long ago. */
const LONGEST_PAUSE_MS = 180_000;

interface OfProcess {
  readonly member: Member;
  readonly alarms: readonly CommittedAlarm[];
  readonly runs: readonly Run[];
}

/** Whether a restart began for an alarm that stood, or for one that the service could not know to be gone. */
export function whyRestarted(restart: Run, { member, alarms, runs }: OfProcess, evidence: Evidence): Finding {
  const { begin } = restart;
  const begun = alarms.filter(({ raisedAt }) => raisedAt <= begin);
  if (begun.some((alarm) => stands(alarm, begin))) return undefined;
  const check = badCheckBefore(restart, runs);
  if (check && ledTo(check, restart, member, evidence) && isReason(check.begin, { alarms, runs }, evidence))
    return 'restart by a bad check after the alarm';
  // A cycle whose first attempt had its excuse makes all its attempts.
  const earlier = attemptBefore(restart, { member, runs }, evidence);
  if (earlier) {
    const finding = whyRestarted(earlier, { member, alarms, runs }, evidence);
    if (finding !== undefined && finding !== 'violation') return finding;
  }
  // The latest alarm has the nearest reason.
  const [believed] = begun.toReversed().flatMap((alarm) => whyBelieved(alarm, begin, runs, evidence) ?? []);
  return believed ?? 'violation';
}

/** Whether a check that began then was for an alarm. */
function isReason(
  at: number,
  { alarms, runs }: Pick<OfProcess, 'alarms' | 'runs'>,
  evidence: Evidence,
): boolean {
  return alarms.some(
    (alarm) =>
      alarm.raisedAt <= at &&
      (stands(alarm, at) || isFollowUp(alarm, at, evidence) || whyBelieved(alarm, at, runs, evidence)),
  );
}

function stands({ end }: CommittedAlarm, at: number): boolean {
  return !end || at <= (end.isConfirmed ? end.to : end.from);
}

/** Why the service may still have believed in an alarm that was gone. */
function whyBelieved(
  { end }: CommittedAlarm,
  at: number,
  runs: readonly Run[],
  { pauses }: Pick<Evidence, 'pauses'>,
): ExcuseKind | undefined {
  if (!end || at > end.to + LONGEST_PAUSE_MS) return undefined;
  if (at <= end.to) return 'end of the alarm was never confirmed';
  if (end.by === 'lab' && at <= end.to + STALE_MS) return 'alarm taken back just before the restart';
  if (end.by === 'us') {
    const since = runs.filter(({ begin }) => begin > end.from && begin < at);
    return isUnknownClear(end.from, at, since, pauses) ? 'own clear, the service was interrupted' : undefined;
  }
  const paused = pausedBetween(pauses, end.from, at);
  return paused > 0 && at <= end.to + NEWS_MS + paused
    ? 'alarm taken back, the service could not hear'
    : undefined;
}

/**
 * The service knows what it has cleared, unless it was an earlier run of it that did so, killed meanwhile; or the row
 * changes were held up for so long that the one of the raise came as news. Then it has checked once more before that.
 */
function isUnknownClear(
  clearedAt: number,
  at: number,
  since: readonly Run[],
  pauses: Evidence['pauses'],
): boolean {
  const isChecked = since.length > 0 && since.every(({ what }) => what === 'check');
  return pauses.some(({ what, from, to }) => {
    if (what === 'killed' || what === 'stopped')
      return (
        since.length === 0 &&
        from <= clearedAt &&
        clearedAt <= to + LATE_CLEAR_MS &&
        at <= Math.max(to, clearedAt) + STALE_MS
      );
    return isChecked && to - from > LATE_CHANGE_MS && from <= at && to > clearedAt && at <= to + STALE_MS;
  });
}

/** What the service has cleared itself it may look at once more, and has to restart should it be ill (R12). */
function isFollowUp({ end }: CommittedAlarm, at: number, { pauses }: Evidence): boolean {
  if (end?.by !== 'us' || at > end.to + FOLLOW_UP_MS + LONGEST_PAUSE_MS) return false;
  return at <= end.to + FOLLOW_UP_MS + pausedBetween(pauses, end.to, at);
}

/** The restart of the attempt before in the same cycle: bad checks alone since, and the log says that it failed. */
function attemptBefore(
  restart: Run,
  { member, runs }: Pick<OfProcess, 'member' | 'runs'>,
  evidence: Evidence,
): Run | undefined {
  const before = runs.slice(0, runs.indexOf(restart));
  const place = before.findLastIndex((run) => run.what === 'restart' || !isBad(run));
  const earlier = before[place];
  if (earlier?.what !== 'restart') return undefined;
  const hasFailed = timesInLog(evidence, member, /^attempt \d+\/\d+ failed, /).some(
    (at) => at >= earlier.begin && at <= restart.begin,
  );
  return hasFailed ? earlier : undefined;
}

/** The check that came just before this restart, where it was bad. */
function badCheckBefore(restart: Run, runs: readonly Run[]): Run | undefined {
  const before = runs[runs.indexOf(restart) - 1];
  return before?.what === 'check' && isBad(before) ? before : undefined;
}

/** The log says that this check decided about a restart, which may have had to wait for its slot. */
function ledTo(check: Run, restart: Run, member: Member, evidence: Evidence): boolean {
  const ended = check.end ?? check.begin;
  if (restart.begin > ended + FOLLOW_UP_MS + pausedBetween(evidence.pauses, ended, restart.begin))
    return false;
  return timesInLog(evidence, member, /: not healthy, /).some(
    (at) => at >= Math.floor(check.begin) && at <= restart.begin,
  );
}
