import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../../web/model/contract.js';
import { describeBreaker, describeRestarts, describeState } from '../../../web/model/describe-row.js';
import { describeStrip, describeVerdict } from '../../../web/model/verdicts.js';

const NOW = 1_800_000_000_000;
const row = (more: Partial<ProcessRow>): ProcessRow => ({
  processId: 1,
  processName: 'httpd',
  state: 'normal',
  ...more,
});

describe('a process in words', () => {
  it('that is normal needs no more', () => {
    expect(describeState(row({}), NOW)).toEqual({ mark: 'ok', text: 'normal' });
  });

  it('that has an alarm says for how long, and what is done', () => {
    const working = row({
      state: 'working',
      alarmSince: NOW - 30_000,
      activity: {
        kind: 'cycle',
        step: 'restarting',
        since: NOW,
        trigger: 'binlog',
        attempt: 1,
        maxAttempts: 3,
      },
    });
    expect(describeState(working, NOW)).toEqual({
      mark: 'run',
      text: 'at work',
      detail: 'alarm for 30 s, restarting, attempt 1/3',
    });
  });

  it('does not say its state twice', () => {
    const paused = row({ state: 'paused', activity: { kind: 'paused', by: 'anna' } });
    expect(describeState(paused, NOW).detail).toBe('by anna until somebody resumes it');
  });

  it('whose alarm has failed looks so', () => {
    const failed = row({ state: 'alarm', alarmSince: NOW, activity: { kind: 'failed', at: NOW } });
    expect(describeState(failed, NOW).mark).toBe('bad');
  });

  it('warns from half of the restarts that are allowed on', () => {
    const restarts = (used: number, allowed: number) =>
      describeRestarts({ count: used, allowed, withinMs: 600_000 });
    expect(restarts(4, 10)).toEqual({ mark: 'none', text: '4 of 10' });
    expect(restarts(5, 10).mark).toBe('warn');
    expect(restarts(10, 10).mark).toBe('bad');
    // max_restarts = 0: as many as it takes.
    expect(restarts(99, 0)).toEqual({ mark: 'none', text: '99' });
  });

  it('has a breaker of which only trouble is told', () => {
    expect(describeBreaker(undefined, NOW)).toEqual({ mark: 'ok', text: 'closed' });
    expect(describeBreaker({ state: 'half-open', failures: 3 }, NOW).mark).toBe('warn');
    expect(describeBreaker({ state: 'closed', failures: 2 }, NOW).more).toBe(', 2 failed cycles in a row');
  });
});

describe('a strip of cycles', () => {
  const cycle = (verdict: 'restarted' | 'failed') => ({ at: NOW, verdict, durationMs: 5 });

  it('is told in words', () => {
    expect(describeStrip([])).toBe('no cycle yet');
    expect(describeStrip([cycle('failed')])).toBe('last cycle: 1 failed');
    expect(describeStrip([cycle('restarted'), cycle('failed'), cycle('restarted')])).toBe(
      'last 3 cycles: 2 restarted, 1 failed',
    );
  });

  it('shows a verdict of another version by its own word', () => {
    expect(describeVerdict('levitated')).toEqual({ mark: 'none', text: 'levitated' });
    expect(describeVerdict('constructor').text).toBe('constructor');
  });
});
