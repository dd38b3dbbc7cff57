import type { Member } from '../scene/members.js';
import type { Run } from '../scene/recorded-fleet.js';
import { type CommittedAlarm, findAlarms } from './alarms.js';
import type { Evidence } from './evidence.js';
import { groupBy } from './group-by.js';
import { pausedBetween } from './paused-between.js';
import { timeOfLine } from './time-of-line.js';
import type { Violation } from './violation.js';

export interface AlarmVerdicts {
  readonly committed: number;
  /** Verified healthy after it was raised, and cleared by the service. */
  readonly answered: number;
  /** The service raised an alarm again that its own clear had overwritten. */
  readonly raisedAgainByUs: number;
  /** Taken back by somebody before the service was done. */
  readonly withdrawn: number;
  /** Stands, and the row or the log says why. */
  readonly standingWithReason: number;
  readonly violations: readonly Violation[];
}

/**
 * How long after a clear the check may begin that answers an alarm which the clear has overwritten (R12), ms. Another alarm
 * of the process may be what it is for; it then waits for its place. Time in which the service could not run comes on top.
 */
export const FOLLOW_UP_MS = 20_000;

/** Says of every alarm what became of it. */
export function judgeAlarms(evidence: Evidence): AlarmVerdicts {
  const alarms = findAlarms(evidence.history, evidence.commits);
  const checks = checksByProcess(evidence);
  const violations: Violation[] = [];
  let answered = 0;
  let withdrawn = 0;
  let standingWithReason = 0;
  for (const alarm of alarms) {
    const { processId, end } = alarm;
    if (!end && hasReason(alarm, evidence)) standingWithReason += 1;
    else if (!end) violations.push(lost(alarm));
    else if (end.by === 'lab') withdrawn += 1;
    else if (isAnswered(alarm, end.from, checks.get(processId) ?? [], evidence)) answered += 1;
    else violations.push(unanswered(alarm, end.from));
  }
  return {
    committed: alarms.filter(({ raisedBy }) => raisedBy === 'lab').length,
    raisedAgainByUs: alarms.filter(({ raisedBy }) => raisedBy === 'us').length,
    answered,
    withdrawn,
    standingWithReason,
    violations,
  };
}

/**
 * Whether the process was found healthy by a check that began after the alarm was raised and ended before it was
 * cleared; or whether a check began soon after the clear.
 */
function isAnswered(
  { raisedAt }: CommittedAlarm,
  clearedAt: number,
  checks: readonly Run[],
  { pauses }: Evidence,
): boolean {
  return checks.some(({ begin, end, exitCode }) => {
    if (begin < raisedAt) return false;
    if (begin <= clearedAt)
      return exitCode === 0 && end !== undefined && end <= clearedAt + CLOCK_TOLERANCE_MS;
    return begin <= clearedAt + FOLLOW_UP_MS + pausedBetween(pauses, clearedAt, begin);
  });
}

/** `date` in a script and the server's clock are read one after the other. */
const CLOCK_TOLERANCE_MS = 1;

function hasReason({ processId, notes, raisedAt }: CommittedAlarm, { members, log }: Evidence): boolean {
  const member = members.find(({ id }) => id === processId);
  if (member?.role !== 'dead' && member?.role !== 'refused') return false;
  if (notes !== null && /^(FAILED|REFUSED|OPEN) /.test(notes)) return true;
  return log.some(
    (line) => / (ERROR|WARNING) /.test(line) && names(line, member) && timeOfLine(line) >= raisedAt,
  );
}

/** The log quotes a name that is none. */
function names(line: string, { name }: Member): boolean {
  return line.includes(` ${name}: `) || line.includes(` ${JSON.stringify(name)}: `);
}

function lost({ processId, raisedAt, way }: CommittedAlarm): Violation {
  return { kind: 'lost', processId, at: raisedAt, text: `still stands at the end, raised by ${way}` };
}

function unanswered({ processId, raisedAt, way }: CommittedAlarm, clearedAt: number): Violation {
  return {
    kind: 'cleared unanswered',
    processId,
    at: clearedAt,
    text: `raised by ${way} ${Math.round(clearedAt - raisedAt)} ms before, no check began since`,
  };
}

function checksByProcess({ members, runs }: Evidence): ReadonlyMap<number, readonly Run[]> {
  const byName = groupBy(
    runs.filter(({ what }) => what === 'check'),
    ({ name }) => name,
  );
  return new Map(members.map(({ id, name }) => [id, byName.get(name) ?? []]));
}
