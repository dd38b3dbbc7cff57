import type { Pause } from '../scene/daemon-keeper.js';
import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';
import type { CommittedAlarm } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { Excuse, Finding } from './excuse.js';
import { timesInLog } from './log-lines.js';
import { isHealthy } from './process-runs.js';
import type { Violation } from './violation.js';

/** Between the end of a command and what the service knows of it, or the other way round, ms. */
const GIVING_UP_MS = 100;
/** How long a busy machine may keep the end of a command from the service, ms; its log tells when it knew. */
const HEARING_MS = 500;
/** How long what is known may take to the disk of a busy machine (R11), ms. */
const STATE_WRITE_MS = 2000;
/** A state file that was begun so long after something was known has it, ms. */
const STATE_GATHER_MS = 500;

/** Within one alarm: a restart, a check that found the process healthy, and a restart with no bad check in between. */
export function findNeedless(
  member: Member,
  { raisedAt, end }: CommittedAlarm,
  runs: readonly Run[],
  evidence: Evidence,
): { readonly violations: readonly Violation[]; readonly excuses: readonly Excuse[] } {
  const violations: Violation[] = [];
  const excuses: Excuse[] = [];
  const { id: processId } = member;
  let restarted: Run | undefined;
  let verified: Run | undefined;
  for (const run of runs) {
    if (run.begin < raisedAt || run.begin > (end?.from ?? Number.POSITIVE_INFINITY)) continue;
    if (run.what === 'check') {
      verified = restarted && isHealthy(run) ? run : undefined;
      continue;
    }
    if (restarted && verified) {
      const finding = judgeSecond({ first: restarted, check: verified, second: run }, member, evidence);
      const at = run.begin;
      const text = `a check had found it healthy ${Math.round(at - verified.begin)} ms before`;
      if (finding === 'violation')
        violations.push({ kind: 'restarted again although verified', processId, at, text });
      else if (finding) excuses.push({ kind: finding, processId, at });
    }
    verified = undefined;
    restarted = run;
  }
  return { violations, excuses };
}

interface Needless {
  readonly first: Run;
  readonly check: Run;
  readonly second: Run;
}

/** Whether the service could not know how that check had ended. */
function judgeSecond({ first, check, second }: Needless, member: Member, evidence: Evidence): Finding {
  const { pauses, verifyMs } = evidence;
  const ended = (check.end ?? check.begin) + GIVING_UP_MS;
  const told = timesInLog(evidence, member, /^verified healthy|: healthy \(/).find(
    (at) => at >= first.begin && at <= second.begin,
  );
  if (told !== undefined) {
    // It knew. Only a SIGKILL can make it forget; a stop in good order writes everything down.
    const kill = pauses.find(
      ({ what, from }) => what === 'killed' && from >= told - 1 && from < second.begin,
    );
    return kill && isUnwritten(kill, told, member) ? 'verified, killed before it was written' : 'violation';
  }
  // The last check of an attempt is given up at the deadline, and may run a moment longer.
  const isGivenUp = timesInLog(evidence, member, /^attempt \d+\/\d+ failed, health check/).some(
    (at) =>
      at > check.begin - GIVING_UP_MS &&
      at < ended &&
      at >= (first.end ?? first.begin) + verifyMs - GIVING_UP_MS,
  );
  if (isGivenUp) return 'verified at the deadline of its attempt';
  const during = (lateMs: number): readonly Pause['what'][] =>
    pauses
      .filter(({ from, to }) => from < (check.end ?? check.begin) + lateMs && to > check.begin)
      .map(({ what }) => what);
  if (during(HEARING_MS).some((what) => what === 'killed' || what === 'stopped'))
    return 'verified, the service ended before it knew';
  if (during(GIVING_UP_MS).some((what) => what === 'frozen' || what === 'starved'))
    return 'verified, stood still when the check ended';
  return 'violation';
}

/** Whether the state file that a killed service left may be from before it knew. */
function isUnwritten({ from, saved = [], savedAt = 0 }: Pause, told: number, { id }: Member): boolean {
  return !saved.includes(id) && savedAt < told + STATE_GATHER_MS && from - told < STATE_WRITE_MS;
}
