import type { Member } from '../scene/members.js';
import { type CommittedAlarm, findAlarms } from './alarms.js';
import type { Evidence } from './evidence.js';
import type { Excuse, Finding } from './excuse.js';
import { howAnswered } from './how-answered.js';
import { runsByProcess } from './process-runs.js';
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
  readonly excuses: readonly Excuse[];
}

/** Says of every alarm what became of it. */
export function judgeAlarms(evidence: Evidence): AlarmVerdicts {
  const alarms = findAlarms(evidence.history, evidence.commits);
  const runs = runsByProcess(evidence);
  const violations: Violation[] = [];
  const excuses: Excuse[] = [];
  let answered = 0;
  let withdrawn = 0;
  let standingWithReason = 0;
  for (const alarm of alarms) {
    const { processId, end } = alarm;
    if (end?.by === 'lab') {
      withdrawn += 1;
      continue;
    }
    const finding = end
      ? howAnswered(alarm, end.from, runs.get(processId) ?? [], evidence)
      : whyStanding(alarm, evidence);
    if (finding === 'violation') violations.push(end ? unanswered(alarm, end.from) : lost(alarm));
    else if (end) answered += 1;
    else standingWithReason += 1;
    if (finding && finding !== 'violation') {
      excuses.push({ kind: finding, processId, at: end?.from ?? alarm.raisedAt });
    }
  }
  return {
    committed: alarms.filter(({ raisedBy }) => raisedBy === 'lab').length,
    raisedAgainByUs: alarms.filter(({ raisedBy }) => raisedBy === 'us').length,
    answered,
    withdrawn,
    standingWithReason,
    violations,
    excuses,
  };
}

/** A note is written to the second. */
const SECOND_MS = 1000;

/** Only of some processes an alarm may stand, where the row or the log says why since it was raised. */
function whyStanding({ processId, notes, raisedAt }: CommittedAlarm, { members, log }: Evidence): Finding {
  const member = members.find(({ id }) => id === processId);
  if (member?.role !== 'dead' && member?.role !== 'refused') return 'violation';
  const note = /^(?:FAILED|REFUSED|OPEN) (\S+ \S+)/.exec(notes ?? '');
  if (note && new Date(note[1] ?? '').getTime() > raisedAt - SECOND_MS) return undefined;
  const isTold = log.some(
    (line) => / (ERROR|WARNING) /.test(line) && names(line, member) && timeOfLine(line) >= raisedAt,
  );
  if (isTold) return undefined;
  // What was refused is refused once, for as long as its name is the same; the dead are tried, and told of, again.
  return note && member.role === 'refused' ? 'stands, refused, with an older note' : 'violation';
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
    text: `raised by ${way} ${Math.round(clearedAt - raisedAt)} ms before, no check answers it`,
  };
}
