import { describe, expect, it } from 'vitest';
import type { Alarm, Trigger } from '../../../src/domain/alarm/alarm.js';
import type { CycleEvent, CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import { OwedRestarts } from '../../../src/state/owed-restarts.js';

const FOLLOWERS: Readonly<Record<string, readonly string[]>> = { db: ['web', 'app'], web: ['app'] };
const REPORT = { strategy: 'service', detail: 'restarted' } as const;
const VERIFIED = { type: 'verified', attempt: 1, report: REPORT, detail: 'active', tookMs: 1 } as const;
const STARTED = { type: 'attempt-started', attempt: 1, maxAttempts: 2 } as const;
const PRE_RESTART = { type: 'pre-restart-started' } as const;
const NOT_BEGUN = { type: 'exhausted', step: 'pre-restart', reason: 'no', attempts: 0 } as const;
const EXHAUSTED = { type: 'exhausted', step: 'restart', reason: 'no', attempts: 1 } as const;

describe('R35: restart_with', () => {
  it('a verified restart is followed by one of each follower', () => {
    const owed = follow();
    let added = 0;
    owed.added.subscribe(() => {
      added += 1;
    });
    expect(tell(owed, 'db', VERIFIED, 7)).toBe(true);
    expect(owed.list()).toEqual([
      { processName: 'web', with: 'db', since: 7 },
      { processName: 'app', with: 'db', since: 7 },
    ]);
    expect(added).toBe(1);
    expect(tell(owed, 'cache', VERIFIED)).toBe(false);
  });

  it('a health check is no restart, unless it is the verdict of one that had none', () => {
    const owed = follow();
    expect(tell(owed, 'db', rechecked('binlog'))).toBe(false);
    expect(owed.onEvent({ processId: 1, processName: 'db', at: 3, ...rechecked('reconnect') }, true)).toBe(
      true,
    );
    expect(owed.list()).toHaveLength(2);
  });

  it.each<[string, readonly CycleEventData[], boolean]>([
    ['a restart that began later and is verified', [STARTED, VERIFIED], true],
    ['a restart that began later and failed', [STARTED, EXHAUSTED], true],
    ['a pre-restart command that began later and failed', [PRE_RESTART, NOT_BEGUN], true],
    ['a pre-restart command that failed and began before', [NOT_BEGUN], false],
    ['a restart that began before', [VERIFIED], false],
    ['one that failed before', [EXHAUSTED], false],
    ['the second attempt of a cycle that began before', [{ ...STARTED, attempt: 2 }, VERIFIED], true],
    ['a health check of its own alarm', [rechecked('binlog')], false],
    ['the health check after a crash', [rechecked('restart-with')], true],
    ['its own alarm was taken back', [{ type: 'withdrawn' }], false],
    ['a pause', [{ type: 'paused', alarm: alarm('restart-with'), pause: { since: 0, by: 'alice' } }], true],
    ['exclude', [{ type: 'excluded', alarm: alarm('restart-with') }], true],
    ['an open breaker', [{ type: 'skipped-open', failures: 3, retryAt: 1 }], true],
    ['flapping', [{ type: 'flapping', restarts: 3, withinMs: 1, retryAt: 1 }], true],
    ['a fault of ours', [{ type: 'faulted', reason: 'x' }], true],
  ])('is done with after %s: %#', (_, events, isDone) => {
    const owed = follow();
    tell(owed, 'db', VERIFIED);
    for (const event of events) tell(owed, 'web', event);
    expect(owed.list().some(({ processName }) => processName === 'web')).toBe(!isDone);
  });

  it('a second restart of db needs another one of web', () => {
    const owed = follow();
    tell(owed, 'db', VERIFIED, 1);
    tell(owed, 'web', STARTED);
    tell(owed, 'db', VERIFIED, 2);
    tell(owed, 'web', VERIFIED);
    expect(owed.list()).toContainEqual({ processName: 'web', with: 'db', since: 2 });
  });

  it('knows what an earlier run owed, until a restart begins', () => {
    const owed = new OwedRestarts(followersOf, [{ processName: 'web', with: 'db', since: 1 }]);
    expect([owed.isFromEarlierRun('web'), owed.isFromEarlierRun('app')]).toEqual([true, false]);
    tell(owed, 'web', STARTED);
    expect(owed.isFromEarlierRun('web')).toBe(false);
    expect([owed.forget('web'), owed.forget('web')]).toEqual([true, false]);
  });
});

function followersOf(name: string): readonly string[] {
  return FOLLOWERS[name] ?? [];
}

function follow(): OwedRestarts {
  return new OwedRestarts(followersOf);
}

function tell(owed: OwedRestarts, processName: string, data: CycleEventData, at = 0): boolean {
  const event: CycleEvent = { processId: 1, processName, at, ...data };
  return owed.onEvent(event, false);
}

function alarm(trigger: Trigger): Alarm {
  return {
    processId: 1,
    notes: null,
    trigger,
    raised: false,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
  };
}

function rechecked(trigger: Trigger): Extract<CycleEventData, { type: 'rechecked' }> {
  return { type: 'rechecked', alarm: alarm(trigger), healthy: true, detail: 'active' };
}
