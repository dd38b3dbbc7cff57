import type { Activity, Flapping, Pause, Step } from './contract.js';
import type { Told } from './mark.js';
import { formatClock, formatIn, formatSince } from './times.js';
import { count } from './words.js';

/** What an alarm is doing this moment, in words that change with `now`. */
export function describeActivity(activity: Activity, now: number): Told {
  switch (activity.kind) {
    case 'cycle':
      return describeCycle(activity);
    case 'paused':
      return { mark: 'held', text: 'paused', more: describePause(activity, now).slice('paused'.length) };
    case 'breaker-open':
      return {
        mark: 'bad',
        text: 'breaker open',
        more: ` ${describeOpening(activity)}, ${describeRetry(activity, now)}`,
      };
    case 'answered':
      return { mark: 'ok', text: 'handled', more: ', stays raised (acknowledge = none)' };
    case 'refused':
      return {
        mark: 'bad',
        text: 'refused',
        more: because(activity.message?.replace(/^refused, /, '') ?? 'never restarted under this name'),
      };
    case 'excluded':
      return { mark: 'held', text: 'left alone', more: ': excluded in config.ini' };
    case 'failed':
      return {
        mark: 'bad',
        text: 'failed',
        more: ` ${formatSince(activity.at, now)} ago, tried again at the next check${because(activity.message)}`,
      };
    case 'pending':
      return { mark: 'wait', text: 'raised', more: ', not begun yet' };
  }
}

/** `paused by anna until 14:00: new disks`. */
export function describePause(
  { until, by, reason, maintenance }: Partial<Pick<Pause, 'until' | 'by' | 'reason' | 'maintenance'>>,
  now: number,
): string {
  const who = maintenance === undefined ? by : `maintenance ${maintenance}`;
  const end = until === undefined ? 'until somebody resumes it' : `until ${formatClock(until, now)}`;
  return `paused${who === undefined ? '' : ` by ${who}`} ${end}${because(reason)}`;
}

/** `after 3 failed cycles`, or `for flapping: 10 restarts in 10 min`. */
export function describeOpening({
  failures,
  flapping,
}: {
  readonly failures: number;
  readonly flapping?: Flapping;
}): string {
  if (flapping === undefined) return `after ${count(failures, 'failed cycle')}`;
  return `for flapping: ${count(flapping.restarts, 'restart')} in ${formatSince(0, flapping.withinMs)}`;
}

/** `tried again in 5 min`, or that it is not. */
export function describeRetry({ retryAt }: { readonly retryAt?: number }, now: number): string {
  return retryAt === undefined ? 'not tried again' : `tried again ${formatIn(retryAt, now)}`;
}

const STEPS: Readonly<Record<Step, string>> & Readonly<Record<string, string>> = {
  'looking-up': 'looking up its name',
  checking: 'checking its health',
  waiting: 'waiting for a slot',
  'pre-restart': 'running the pre-restart command',
  restarting: 'restarting',
  verifying: 'verifying',
  pausing: 'waiting for the next attempt',
  writing: 'writing the outcome',
};

function describeCycle(cycle: Extract<Activity, { kind: 'cycle' }>): Told {
  const { step, attempt, maxAttempts, problem, waitsFor = [] } = cycle;
  if (waitsFor.length > 0) {
    const names = waitsFor.map(({ processName, reason }) =>
      reason === undefined ? processName : `${processName} (${reason})`,
    );
    return { mark: 'wait', text: 'waiting', more: ` for ${names.join(', ')}` };
  }
  const more = attempt === undefined ? '' : `, attempt ${attempt}/${maxAttempts ?? '?'}`;
  const isIdle = step === 'waiting' || step === 'pausing';
  const mark = problem !== undefined ? 'warn' : isIdle ? 'wait' : 'run';
  return { mark, text: STEPS[step] ?? step, more: `${more}${because(problem)}` };
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
