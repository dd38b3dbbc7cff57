import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../web/model/contract.js';
import { describeActivity } from '../../../web/model/describe-activity.js';

const NOW = new Date(2026, 10, 30, 13, 0, 0).getTime();
const MIN = 60_000;
const cycle = { kind: 'cycle', since: NOW, trigger: 'binlog' } as const;

const CASES: readonly (readonly [Activity, string, string])[] = [
  [{ ...cycle, step: 'waiting' }, 'wait', 'waiting for a slot'],
  [
    { ...cycle, step: 'waiting', waitsFor: [{ processName: 'db' }, { processName: 'mq', reason: 'paused' }] },
    'wait',
    'waiting for db, mq (paused)',
  ],
  [{ ...cycle, step: 'verifying', attempt: 2, maxAttempts: 3 }, 'run', 'verifying, attempt 2/3'],
  [
    { ...cycle, step: 'pausing', attempt: 1, maxAttempts: 3 },
    'wait',
    'waiting for the next attempt, attempt 1/3',
  ],
  [{ ...cycle, step: 'writing', problem: 'read only' }, 'warn', 'writing the outcome: read only'],
  [
    { kind: 'paused', until: NOW + 60 * MIN, by: 'anna', reason: 'new disks' },
    'held',
    'paused by anna until 14:00: new disks',
  ],
  [{ kind: 'paused', maintenance: 'night' }, 'held', 'paused by maintenance night until somebody resumes it'],
  [
    { kind: 'breaker-open', retryAt: NOW + 12 * MIN, failures: 1 },
    'bad',
    'breaker open after 1 failed cycle, tried again in 12 min',
  ],
  [
    { kind: 'breaker-open', retryAt: NOW, failures: 0, flapping: { restarts: 10, withinMs: 10 * MIN } },
    'bad',
    'breaker open for flapping: 10 restarts in 10 min, tried again now',
  ],
  [{ kind: 'answered' }, 'ok', 'handled, stays raised (acknowledge = none)'],
  [{ kind: 'refused' }, 'bad', 'refused: never restarted under this name'],
  [{ kind: 'refused', message: 'a target' }, 'bad', 'refused: a target'],
  [{ kind: 'excluded' }, 'held', 'left alone: excluded in config.ini'],
  [
    { kind: 'failed', at: NOW - 40_000, message: 'exit code 1' },
    'bad',
    'failed 40 s ago, tried again at the next check: exit code 1',
  ],
  [{ kind: 'pending' }, 'wait', 'raised, not begun yet'],
];

describe('what an alarm is doing', () => {
  it.each(CASES)('%j', (activity, mark, text) => {
    const { mark: shown, text: begin, more = '' } = describeActivity(activity, NOW);
    expect(`${begin}${more}`).toBe(text);
    expect(shown).toBe(mark);
  });
});
