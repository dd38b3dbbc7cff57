import type { CycleRecord } from '../../../domain/cycle/cycle-record.js';
import { describePause } from '../../../domain/cycle/pause.js';
import { formatDuration } from '../../../domain/duration.js';
import { formatLocalTime } from '../../../domain/local-time.js';
import { shellWord } from '../../../lib/shell-word.js';
import type { DryRun } from '../../check/dry-run/dry-run.js';
import { type Cell, formatTable, type Paint } from '../../shared/terminal.js';
import { breakerRows, describeCycle } from '../status-rows.js';
import type { ProcessStatus } from './process-status.js';

/** Formats one process for people: a heading, and a line or more for each thing that is known. */
export function formatProcessStatus(status: ProcessStatus, now: number, paint: Paint): string[] {
  const { processId, processName, cycle, pause, lastCycle, notes, onAlarm } = status;
  const rows: Cell[][] = [
    ['alarm', describeAlarm(status, now)],
    ...(cycle ? [['cycle', describeCycle(cycle)]] : []),
    ['pause', pause ? { text: describePause(pause), colour: 'yellow' } : 'none'],
    ['breaker', describeBreaker(status, now)],
    ['restarts', describeRestarts(status)],
    ['last cycle', lastCycle ? describeLast(lastCycle) : 'none in the history'],
    ...(notes === null || notes === '' ? [] : [['notes', notes]]),
    ...(onAlarm ? describeOnAlarm(onAlarm) : []),
  ];
  const title = paint({ text: `${processName} (process_id ${processId})`, colour: 'bold' });
  return [title, ...formatTable(rows, paint).map((line) => `  ${line}`)];
}

function describeAlarm({ alarm }: ProcessStatus, now: number): Cell {
  if (!alarm.isRaised) return { text: 'not raised', colour: 'green' };
  const since = alarm.since === undefined ? '' : ` for ${formatDuration(now - alarm.since)}`;
  const answered = alarm.isAnswered ? ', handled, stays raised (acknowledge = none)' : '';
  return { text: `raised${since}${answered}`, colour: answered === '' ? 'red' : 'yellow' };
}

function describeBreaker({ breaker, processName }: ProcessStatus, now: number): Cell {
  if (!breaker) return 'closed, no failed cycle counts';
  const facts = { alarms: [], breakers: [breaker], recentRestarts: [], pauses: [] };
  const [row = []] = breakerRows(facts, now);
  const words = row.slice(1).map((cell) => (typeof cell === 'string' ? cell : cell.text));
  const remedy =
    breaker.state === 'open' ? [`monitor_service reset ${shellWord(processName)} closes it`] : [];
  return {
    text: [...words, ...remedy].filter((word) => word !== '').join('; '),
    colour: breaker.state === 'open' ? 'red' : 'yellow',
  };
}

function describeRestarts({ restarts: { count, allowed } }: ProcessStatus): string {
  return allowed === 0
    ? `${count} within restart_window`
    : `${count} of ${allowed} used within restart_window`;
}

function describeLast({
  seenAt,
  trigger,
  by,
  verdict,
  attempts,
  durationMs,
  unit,
  reason,
}: CycleRecord): string {
  const parts = [
    `${formatLocalTime(seenAt)} ${verdict.replace('-', ' ')}`,
    `after ${durationMs < 1000 ? `${durationMs} ms` : formatDuration(durationMs)}`,
    ...(attempts > 0 ? [`${attempts} attempt${attempts === 1 ? '' : 's'}`] : []),
    ...(unit === undefined ? [] : [unit]),
    `trigger ${trigger}${by === undefined ? '' : ` by ${by}`}`,
  ];
  return `${parts.join(', ')}${reason === undefined ? '' : `: ${reason}`}`;
}

/** The steps of a dry run that tell what would be done; the rest is as for every process, or said above. */
const TOLD_STEPS = ['order', 'pre-restart', 'restart', 'health check', 'followers'];

function describeOnAlarm({ name, steps }: DryRun): Cell[][] {
  const refusal = steps.find(({ step, lines }) => step === 'name' && !lines[0]?.startsWith('accepted'));
  const told = refusal
    ? [refusal]
    : steps.filter(
        ({ step, lines }) => TOLD_STEPS.includes(step) && !(step === 'pre-restart' && lines.length === 1),
      );
  const rows = told.flatMap(({ step, lines }) =>
    lines.map((line, index): Cell[] => [index === 0 ? step : '', line]),
  );
  const heading: Cell[] = [
    'an alarm',
    `would do this now; every step: monitor_service check --dry-run ${shellWord(name)}`,
  ];
  return [heading, ...rows.map(([step = '', line = '']): Cell[] => [`  ${step as string}`, line])];
}
