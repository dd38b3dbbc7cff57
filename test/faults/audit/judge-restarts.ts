import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';
import { type CommittedAlarm, findAlarms } from './alarms.js';
import type { Evidence } from './evidence.js';
import { groupBy } from './group-by.js';
import { FOLLOW_UP_MS } from './judge-alarms.js';
import { pausedBetween } from './paused-between.js';
import { timeOfLine } from './time-of-line.js';
import type { Violation } from './violation.js';

/**
 * How long the service may go on to believe in an alarm that is gone: three heartbeats of a stream that has gone
 * silent, the time that an attempt takes to its end, and some more, ms. Time in which it could not run comes on top.
 */
export const NEWS_MS = 5000;
/** Between the end of an attempt, as the log has it, and that of the check which it gives up, ms. */
const GIVING_UP_MS = 100;
/** No fault lasts that long. Spares the look at all pauses for each alarm of long ago. */
const LONGEST_PAUSE_MS = 180_000;
/** How long what is known may take to the disk of a busy machine (R11), ms. */
export const STATE_WRITE_MS = 2000;

/** Looks at every restart: was there an alarm, was another one running, was it needed, were there too many at once? */
export function judgeRestarts(evidence: Evidence): readonly Violation[] {
  const alarms = groupBy(findAlarms(evidence.history, evidence.commits), ({ processId }) => processId);
  const found: Violation[] = [];
  for (const member of evidence.members) {
    const { id, name } = member;
    const runs = evidence.runs.filter((run) => run.name === name).toSorted((a, b) => a.begin - b.begin);
    const restarts = runs.filter(({ what }) => what === 'restart');
    const ofProcess = alarms.get(id) ?? [];
    found.push(...findOverlaps(id, restarts));
    for (const restart of restarts) {
      const badCheck = badCheckBefore(restart, runs);
      const isKnown = ofProcess.some(
        (alarm) =>
          isReason(alarm, restart.begin, NEWS_MS, evidence) ||
          (badCheck && isReason(alarm, badCheck.begin, newsOf(alarm), evidence)),
      );
      if (!isKnown) found.push(noAlarm(id, restart));
    }
    for (const alarm of ofProcess) found.push(...findNeedless(member, alarm, runs, evidence));
  }
  return [...found, ...findTooMany(evidence)];
}

/** The check that led to this restart, where one did. */
function badCheckBefore(restart: Run, runs: readonly Run[]): Run | undefined {
  const before = runs[runs.indexOf(restart) - 1];
  return before?.what === 'check' && before.exitCode !== 0 ? before : undefined;
}

/** What the service has cleared itself it may look at once more, and has to restart should it be ill (R12). */
function newsOf({ end }: CommittedAlarm): number {
  return end?.by === 'us' ? FOLLOW_UP_MS : NEWS_MS;
}

function isReason(
  { raisedAt, end }: CommittedAlarm,
  at: number,
  newsMs: number,
  { pauses }: Evidence,
): boolean {
  if (at < raisedAt) return false;
  if (!end || at <= end.to + newsMs) return true;
  return at <= end.to + LONGEST_PAUSE_MS && at <= end.to + newsMs + pausedBetween(pauses, end.to, at);
}

function noAlarm(processId: number, { begin }: Run): Violation {
  return {
    kind: 'restart without an alarm',
    processId,
    at: begin,
    text: 'no alarm stood, nor had one lately',
  };
}

function findOverlaps(processId: number, restarts: readonly Run[]): Violation[] {
  const found: Violation[] = [];
  restarts.forEach((restart, index) => {
    const before = restarts[index - 1];
    if (before && (before.end === undefined || before.end > restart.begin)) {
      const text = `pid ${restart.pid} began while pid ${before.pid} ran`;
      found.push({ kind: 'overlapping restarts', processId, at: restart.begin, text });
    }
  });
  return found;
}

/** Within one alarm: a restart, a check that found the process healthy, and a restart with no bad check in between. */
function findNeedless(
  member: Member,
  { raisedAt, end }: CommittedAlarm,
  runs: readonly Run[],
  evidence: Evidence,
): Violation[] {
  const found: Violation[] = [];
  let restarted: Run | undefined;
  let verified: Run | undefined;
  for (const run of runs) {
    if (run.begin < raisedAt || run.begin > (end?.from ?? Number.POSITIVE_INFINITY)) continue;
    if (run.what === 'check') {
      verified = restarted !== undefined && run.exitCode === 0 ? run : undefined;
      continue;
    }
    if (verified && !isUnknown(verified, run, member, evidence)) {
      const text = `a check had found it healthy ${Math.round(run.begin - verified.begin)} ms before`;
      found.push({ kind: 'restarted again although verified', processId: member.id, at: run.begin, text });
    }
    verified = undefined;
    restarted = run;
  }
  return found;
}

/**
 * Whether the service could not know how that check ended: its deadline had passed, it was killed before it could write it
 * down, or it stood still when the check ended and came too late for it.
 */
function isUnknown(check: Run, restart: Run, { id, name }: Member, { pauses, log }: Evidence): boolean {
  const timesOf = (message: string): number[] =>
    log.filter((line) => line.includes(` ${name}: ${message}`)).map(timeOfLine);
  // The last check of an attempt is given up at the deadline, and may run a moment longer.
  const ended = (check.end ?? check.begin) + GIVING_UP_MS;
  if (timesOf('attempt ').some((at) => at > check.begin - GIVING_UP_MS && at < ended)) return true;
  const interrupted = pauses.filter(({ from, to }) => from < restart.begin && to > check.begin);
  if (interrupted.some(({ what }) => what === 'frozen' || what === 'starved')) return true;
  const end = interrupted.find(({ what }) => what === 'killed' || what === 'stopped');
  if (!end) return false;
  const toldAt = timesOf('verified healthy').find((at) => at >= check.begin && at < end.from);
  if (toldAt === undefined) return true;
  return !end.saved?.includes(id) && end.from - toldAt < STATE_WRITE_MS;
}

function findTooMany({ runs, maxParallel }: Evidence): Violation[] {
  const restarts = runs.filter(({ what }) => what === 'restart').toSorted((a, b) => a.begin - b.begin);
  const found: Violation[] = [];
  let running: Run[] = [];
  for (const restart of restarts) {
    running = running.filter(({ end }) => end === undefined || end > restart.begin);
    running.push(restart);
    if (running.length <= maxParallel) continue;
    const text = `${running.length} restarts at once`;
    found.push({ kind: 'more at once than allowed', at: restart.begin, text });
  }
  return found;
}
