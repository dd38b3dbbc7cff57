import type { StatusReport } from '../../control/status-report.js';
import { describeOpening } from '../../domain/cycle/circuit-breaker.js';
import { activePauseOf, describePause } from '../../domain/cycle/pause.js';
import { formatDuration } from '../../domain/duration.js';
import { formatLocalTime } from '../../domain/local-time.js';
import { describeWait } from '../../telemetry/messages/describe-cycle-event.js';
import type { Cell } from '../shared/terminal.js';

type Cycle = StatusReport['cycles'][number];

/** Alarms, cycles, breakers and pauses, from the running service or from its state file. */
export interface AlarmFacts {
  /** How many there are in all, if a list is cut. */
  readonly counts?: Partial<NonNullable<StatusReport['counts']>>;
  readonly alarms: readonly (Omit<StatusReport['alarms'][number], 'since'> & { readonly since?: number })[];
  readonly cycles?: readonly Cycle[];
  readonly breakers: StatusReport['breakers'];
  readonly recentRestarts: StatusReport['recentRestarts'];
  readonly pauses: StatusReport['pauses'];
  readonly maintenance?: StatusReport['maintenance'];
}

/** One row for each standing alarm and each running cycle: the process, since when, and what happens to it. */
export function alarmRows(facts: AlarmFacts, now: number): Cell[][] {
  const cycles = facts.cycles ?? [];
  const rows = facts.alarms.map(({ processId, processName, since, isAnswered }) => {
    const cycle = cycles.find((running) => running.processId === processId);
    const state = cycle
      ? describeCycle(cycle)
      : isAnswered
        ? 'handled, stays raised (acknowledge = none)'
        : describeWaiting(processId, processName, facts, now);
    return [processName, since === undefined ? '' : `for ${formatDuration(now - since)}`, state];
  });
  const asked = cycles.filter(
    ({ processId }) => !facts.alarms.some((alarm) => alarm.processId === processId),
  );
  return [
    ...rows,
    ...asked.map((cycle) => [
      cycle.processName,
      `for ${formatDuration(now - cycle.since)}`,
      describeCycle(cycle),
    ]),
  ];
}

/** One row for each breaker that is not closed or has counted failures. */
export function breakerRows({ breakers }: AlarmFacts, now: number): Cell[][] {
  return breakers.map(({ processName, state, failures, retryAt, flapping }) => [
    processName,
    { text: state, colour: state === 'open' ? 'red' : 'yellow' },
    flapping
      ? describeOpening(failures, flapping)
      : `${failures} failed cycle${failures === 1 ? '' : 's'} in a row`,
    retryAt === undefined
      ? state === 'half-open'
        ? 'one cycle may run'
        : ''
      : `tried again at ${formatLocalTime(retryAt)} (in ${formatDuration(Math.max(0, retryAt - now))})`,
  ]);
}

/** A row for each process that has used half of its `max_restarts` or more; the others are in the JSON. */
export function restartRows({ recentRestarts }: AlarmFacts): Cell[][] {
  return recentRestarts
    .filter(({ restarts, allowed }) => restarts * 2 >= allowed)
    .map(({ systemName, restarts, allowed }) => [
      systemName,
      { text: `${restarts} of ${allowed} restarts used within restart_window`, colour: 'yellow' },
    ]);
}

/** One row for each pause in effect. */
export function pauseRows({ pauses }: Pick<AlarmFacts, 'pauses'>): Cell[][] {
  return pauses.map((pause) => [
    pause.processName ?? 'all processes',
    { text: describePause(pause), colour: 'yellow' },
  ]);
}

/** One row for each maintenance of the configuration: when it runs next, and what for. */
export function maintenanceRows({ maintenance = [] }: Pick<AlarmFacts, 'maintenance'>): Cell[][] {
  return maintenance.map(({ name, processes = ['all processes'], reason, running, next }) => {
    const times = [
      running === undefined ? '' : `runs until ${formatLocalTime(running.until)}`,
      next === undefined
        ? 'does not come again'
        : `next ${formatLocalTime(next.since)} for ${formatDuration(next.until - next.since)}`,
    ];
    return [
      name,
      {
        text: times.filter((time) => time !== '').join('; '),
        ...(running === undefined ? {} : { colour: 'yellow' as const }),
      },
      processes.join(', '),
      reason ?? '',
    ];
  });
}

const STEPS: Readonly<Record<Cycle['step'], string>> = {
  'looking-up': 'looking up its name',
  checking: 'checking its health',
  waiting: 'waiting for a slot',
  'pre-restart': 'pre-restart command',
  restarting: 'restarting',
  verifying: 'verifying',
  pausing: 'waiting for the next attempt',
  writing: 'writing the outcome to its row',
};

/** What a running cycle does. */
export function describeCycle({ step, attempt, maxAttempts, problem, trigger, waitsFor }: Cycle): Cell {
  if (waitsFor) return { text: describeWait(waitsFor), colour: 'yellow' };
  const which = attempt === undefined ? '' : `, attempt ${attempt}/${maxAttempts}`;
  const asked = trigger === 'manual' ? ', requested' : trigger === 'restart-with' ? ', restart_with' : '';
  const why = problem === undefined ? '' : `: ${problem}`;
  return { text: `${STEPS[step]}${which}${asked}${why}`, colour: problem === undefined ? 'green' : 'yellow' };
}

function describeWaiting(processId: number, processName: string, facts: AlarmFacts, now: number): Cell {
  const pause = activePauseOf(facts.pauses, processName, now, processId);
  if (pause) return { text: describePause(pause), colour: 'yellow' };
  const breaker = facts.breakers.find((candidate) => candidate.processId === processId);
  if (breaker?.state === 'open') return { text: 'circuit breaker open', colour: 'red' };
  return 'waiting for the next check';
}
