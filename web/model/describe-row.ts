import type { Breaker, Outcome, ProcessRow } from './contract.js';
import { describeActivity, describeOpening, describeRetry } from './describe-activity.js';
import type { Mark, Told } from './mark.js';
import { formatSince } from './times.js';
import { count } from './words.js';

/** The state of a process in a word or two, and what it is doing. */
export function describeState(
  { state, activity, alarmSince }: ProcessRow,
  now: number,
): Told & { detail?: string } {
  const since = alarmSince === undefined ? undefined : `alarm for ${formatSince(alarmSince, now)}`;
  const told = activity && describeActivity(activity, now);
  const { mark, text } = STATES[state];
  // The same word twice says no more.
  const doing = told && (told.text === text ? (told.more ?? '').trim() : `${told.text}${told.more ?? ''}`);
  const detail = [since, doing].filter((part) => part !== undefined && part !== '').join(', ');
  return { mark: state === 'alarm' && told ? told.mark : mark, text, ...(detail === '' ? {} : { detail }) };
}

const STATES: Readonly<Record<ProcessRow['state'], Told>> = {
  normal: { mark: 'ok', text: 'normal' },
  alarm: { mark: 'warn', text: 'alarm' },
  working: { mark: 'run', text: 'at work' },
  paused: { mark: 'held', text: 'paused' },
  'breaker-open': { mark: 'bad', text: 'breaker open' },
};

const OUTCOMES: Readonly<Record<Outcome['outcome'], Told>> = {
  verified: { mark: 'ok', text: 'restarted' },
  healthy: { mark: 'ok', text: 'healthy' },
  failed: { mark: 'bad', text: 'failed' },
  refused: { mark: 'bad', text: 'refused' },
  withdrawn: { mark: 'none', text: 'taken back' },
};

/** How the last cycle ended, in a word. */
export function describeOutcome({ outcome }: Outcome): Told {
  return OUTCOMES[outcome];
}

/** A breaker that is closed and has counted nothing says nothing. */
export function describeBreaker(breaker: Breaker | undefined, now: number): Told {
  if (breaker?.state === 'open')
    return {
      mark: 'bad',
      text: 'open',
      more: ` ${describeOpening(breaker)}, ${describeRetry(breaker, now)}`,
    };
  if (breaker?.state === 'half-open') return { mark: 'warn', text: 'half-open', more: ': one cycle may run' };
  if (breaker && breaker.failures > 0)
    return { mark: 'warn', text: 'closed', more: `, ${count(breaker.failures, 'failed cycle')} in a row` };
  return { mark: 'ok', text: 'closed' };
}

/** The same in a word or two, where the row says the rest. */
export function shortBreaker(breaker: Breaker | undefined): Told {
  if (breaker?.state === 'open') return { mark: 'bad', text: 'open' };
  if (breaker?.state === 'half-open') return { mark: 'warn', text: 'half-open' };
  if (breaker && breaker.failures > 0) return { mark: 'warn', text: `closed, ${breaker.failures} failed` };
  return { mark: 'ok', text: 'closed' };
}

/** Restarts within the window: a warning from half of what is allowed on. */
export function describeRestarts(restarts: ProcessRow['restarts']): Told {
  if (!restarts) return { mark: 'none', text: '0' };
  const { count: used, allowed } = restarts;
  if (allowed === 0) return { mark: 'none', text: String(used) };
  const mark: Mark = used >= allowed ? 'bad' : used * 2 >= allowed ? 'warn' : 'none';
  return { mark, text: `${used} of ${allowed}` };
}
